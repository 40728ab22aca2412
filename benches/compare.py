#!/usr/bin/env python3
"""Compares two builds of alimock: signed GetCallerIdentity over 16 connections, in alternate short runs.

  benches/compare.py BEFORE AFTER [ROUNDS]

Prints medians, and the median ratio of the pairs of runs. Needs wrk, as the load kit does.
"""
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
KEY = {"BENCH_AK": "LTAI5tBenchBenchBench001", "BENCH_SK": "benchSecretbenchSecretbenchSec"}
COLUMNS = {"requests a second": 3, "server CPU in us": 8}


def run(port, pid, scheme):
    kit = [f"{HERE}/kit/bench.py", "load", "--endpoint", f"http://127.0.0.1:{port}", "--pid", str(pid)]
    load = ["-n", "30000", "--duration", "2", "--conns", "16", "--ops", "GetCallerIdentity", "--schemes", scheme, "--rounds", "1"]
    out = subprocess.run(kit + load, env={**os.environ, **KEY}, capture_output=True, text=True, check=True).stdout
    row = [line for line in out.splitlines() if line.startswith("| GetCallerIdentity")][-1]
    return [cell.strip().replace(",", "") for cell in row.strip("| ").split("|")]


def main():
    builds, rounds = sys.argv[1:3], int(sys.argv[3]) if len(sys.argv) > 3 else 40
    servers = []
    for port, build in enumerate(builds, 8490):
        scenario = ["--listen", f"127.0.0.1:{port}", "--scenario", f"{HERE}/scenario.yaml", "--log", "warn"]
        servers.append((port, subprocess.Popen([build, "serve", *scenario], stderr=subprocess.DEVNULL)))
    time.sleep(1)
    try:
        for scheme in ("v1", "v3"):
            pairs = []
            for number in range(rounds):
                # Each build comes first in every second pair.
                order = servers if number % 2 else servers[::-1]
                rows = [run(port, server.pid, scheme) for port, server in order]
                pairs.append(rows if number % 2 else rows[::-1])
            for name, column in COLUMNS.items():
                before, after = ([float(pair[side][column]) for pair in pairs] for side in (0, 1))
                ratio = statistics.median(new / old for old, new in zip(before, after))
                print(f"{scheme} {name}: {statistics.median(before):.1f} {statistics.median(after):.1f}, ratio {ratio:.3f}", flush=True)
    finally:
        for _, server in servers:
            server.terminate()


main()
