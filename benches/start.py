#!/usr/bin/env python3
"""Compares the cold start and the idle memory of two builds of alimock, in alternate starts.

  benches/start.py BEFORE AFTER [ROUNDS]

Cold start: from the start of the process to its first response. Idle memory: resident pages a second later. Prints medians with ranges.
"""
import http.client
import os
import statistics
import subprocess
import sys
import time

PORT = 8590


def start(build, port):
    """Returns milliseconds to the first response, and KiB of idle memory."""
    begun = time.perf_counter()
    server = subprocess.Popen([build, "serve", "--listen", f"127.0.0.1:{port}", "--log", "off"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", "/_alimock/health")
                connection.getresponse().read()
                break
            except ConnectionError:
                if time.perf_counter() - begun > 10:
                    sys.exit(f"error: {build} does not respond")
                time.sleep(0.0002)
        took = (time.perf_counter() - begun) * 1000
        connection.close()
        time.sleep(1)
        with open(f"/proc/{server.pid}/status") as status:
            memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    finally:
        server.terminate()
        server.wait()
    return took, memory


def main():
    builds, rounds = sys.argv[1:3], int(sys.argv[3]) if len(sys.argv) > 3 else 20
    results = {build: [] for build in builds}
    for number in range(rounds):
        # Each build comes first in every second round.
        for build in builds if number % 2 else builds[::-1]:
            results[build].append(start(build, PORT))
    for build in builds:
        for name, values in zip(("start in ms", "idle memory in KiB"), zip(*results[build])):
            print(f"{build} {name}: {statistics.median(values):.1f} ({min(values):.1f}-{max(values):.1f})")
        print(f"{build} bytes: {os.path.getsize(build)}")


main()
