"""Makes worlds one after another on one connection: time and memory of each."""
import http.client, statistics, sys, time
from urllib.parse import urlsplit

endpoint, pid = urlsplit(sys.argv[1]), sys.argv[2]
WORLDS = 2000


def rss():
    return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))


connection = http.client.HTTPConnection(endpoint.hostname, endpoint.port)
for name, path, body in [
    ("the default seed", "", ""),
    ("the same as the body", "", open("scenarios/default.yaml").read()),
    ("a fork of it", "/default/fork", ""),
]:
    before, times = rss(), []
    for _ in range(WORLDS):
        start = time.perf_counter()
        connection.request("POST", f"/_alimock/worlds{path}", body)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - start)
        assert answer.status == 201, answer.status
    print(f"{name}: median {statistics.median(times) * 1e6:.0f} us, {(rss() - before) / WORLDS:.1f} KiB each, {WORLDS} worlds")
