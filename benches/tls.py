"""TLS: what a handshake costs the server, full and resumed, and what idle connections cost it in memory, plain and over TLS."""
import http.client, os, socket, ssl, sys, time
from urllib.parse import urlsplit

endpoint, pid = urlsplit(sys.argv[1]), sys.argv[2]
HANDSHAKES = 2000
IDLE = {"TLS": 5000, "plain": 2000}
TICKS = os.sysconf("SC_CLK_TCK")


def fetched(path):
    connection = http.client.HTTPConnection(endpoint.hostname, endpoint.port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    return answer.read()


context = ssl.create_default_context(cadata=fetched("/_alimock/ca.pem").decode())
context.set_alpn_protocols(["http/1.1"])


def plain():
    return socket.create_connection((endpoint.hostname, endpoint.port))


def tls(session=None):
    return context.wrap_socket(plain(), server_hostname="sts.aliyuncs.com", session=session)


def ask(stream):
    """One call; the tickets of TLS 1.3 come with its answer."""
    stream.sendall(b"GET /_alimock/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert stream.recv(4096).startswith(b"HTTP/1.1 200")
    return stream


def cpu():
    """Seconds that the server has used."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def rss():
    return next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))


def cost(what, connect):
    before, start = cpu(), time.perf_counter()
    for _ in range(HANDSHAKES):
        ask(connect()).close()
    seconds, used = time.perf_counter() - start, cpu() - before
    print(f"{what}: {HANDSHAKES / seconds:.0f} a second by one client, {used / HANDSHAKES * 1e6:.0f} us of the server's CPU each")


start = time.perf_counter()
first = ask(tls())
print(f"the first handshake, with the making of the certificate: {(time.perf_counter() - start) * 1e3:.2f} ms")
assert ask(tls(first.session)).session_reused
cost("connection and a call, plain", plain)
cost("connection and a call, full handshake", tls)
cost("connection and a call, resumed", lambda: tls(first.session))
idle = []
for what, connect in [("TLS", tls), ("plain", plain)]:
    count, before = IDLE[what], rss()
    # None is closed before the end: memory that is free again would hide what the next need.
    idle += [ask(connect()) for _ in range(count)]
    grown = rss() - before
    start = time.perf_counter()
    ask(tls()).close()
    late = (time.perf_counter() - start) * 1e3
    print(f"{count} idle connections, {what}: {grown / count:.1f} KiB each; one more over TLS is answered in {late:.1f} ms")
