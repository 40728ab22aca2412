#!/usr/bin/env python3
"""Time to the first byte of the heaviest pages of the console, in a world with 10,000 users and a full journal.

  benches/console.py ENDPOINT [ROUNDS]

Prints median, 95th percentile and size of each page.
"""
import http.client
import json
import re
import statistics
import sys
import time
import urllib.parse

WORLD = "console"
USERS = 10_000
REQUESTS = 10_000
PAGES = {
    "start": "/_alimock/",
    "requests": "/_alimock/requests",
    "requests, filtered": "/_alimock/requests?q=MissingAccessKeyId",
    "one request": None,
    "overview": "/_alimock/console/",
    "AccessKeys": "/_alimock/console/keys",
    "RAM users": "/_alimock/console/ram/users",
    "one RAM user": "/_alimock/console/ram/users/user9999",
    "RAM policies": "/_alimock/console/ram/policies",
}


class Browser:
    """One connection with its cookies."""

    def __init__(self, endpoint):
        self.host = endpoint.removeprefix("http://")
        self.connection = http.client.HTTPConnection(self.host)
        self.cookies = {}

    def send(self, method, path, body=None, **headers):
        """Sends a request; returns the response, its body, and the milliseconds to its first byte."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Accept": "text/html", "Accept-Encoding": "identity", "Cookie": cookies, **headers}
        begun = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        took = (time.perf_counter() - begun) * 1000
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer, answer.read(), took

    def control(self, method, path, body):
        answer, text, _ = self.send(method, f"/_alimock/{path}", json.dumps(body), Accept="application/json")
        if answer.status >= 300:
            sys.exit(f"error: {method} {path}: {answer.status} {text[:500]}")
        return json.loads(text) if text else None


def main():
    endpoint, rounds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100
    browser = Browser(endpoint)
    users = [{"name": f"user{number}", "keys": [{}]} for number in range(USERS)]
    account = {"name": "big", "email": "big@example.com", "security": {"password": "Passw0rd!"}, "keys": [{}], "users": users}
    browser.control("POST", f"worlds?name={WORLD}", {"quotas": {"users": USERS}, "accounts": [account]})
    for number in range(REQUESTS):
        browser.send("GET", f"/?Action=GetUser&Version=2015-05-01&UserName=user{number}", Accept="*/*", **{"x-alimock-world": WORLD})
    _, page, _ = browser.send("GET", f"/_alimock/console/login?world={WORLD}")
    csrf = re.search(rb'name="csrf" value="([^"]+)"', page)[1].decode()
    form = urllib.parse.urlencode({"csrf": csrf, "login": "big@example.com", "password": "Passw0rd!"})
    answer, _, _ = browser.send("POST", f"/_alimock/console/login?world={WORLD}", form, **{"Content-Type": "application/x-www-form-urlencoded"})
    if answer.status != 303:
        sys.exit(f"error: the log-in was answered {answer.status}")
    newest = browser.control("GET", f"worlds/{WORLD}/requests?last=1", None)["requests"][0]["requestId"]
    print("| page | median (ms) | p95 (ms) | bytes |\n| --- | --- | --- | --- |")
    for name, path in PAGES.items():
        path = path or f"/_alimock/requests/{newest}"
        path += ("&" if "?" in path else "?") + f"world={WORLD}"
        times = []
        for _ in range(rounds):
            answer, body, took = browser.send("GET", path)
            if answer.status != 200:
                sys.exit(f"error: {path}: {answer.status}")
            times.append(took)
        times.sort()
        print(f"| {name} | {statistics.median(times):.2f} | {times[len(times) * 95 // 100]:.2f} | {len(body)} |")
    browser.send("DELETE", f"/_alimock/worlds/{WORLD}", Accept="*/*")


main()
