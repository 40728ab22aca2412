#!/usr/bin/env python3
"""Load kit for the emulator: signed load, start, memory, growth of lists, reset. See README.md.

The exit status is 0 only when every response was 200 and every figure could be measured.
"""
import argparse, http.client, json, os, shlex, signal, socket, statistics, subprocess, sys, tempfile, time
from urllib.parse import urlsplit
import presign as P

HERE = os.path.dirname(os.path.abspath(__file__))
# name: product, action, parameters ({i} is the request's index), a text every good answer contains
OPS = {
    "GetCallerIdentity": ("sts", "GetCallerIdentity", {}, '"RequestId"'),
    "CreateUser": ("ram", "CreateUser", {"UserName": "{prefix}{i}", "DisplayName": "bench {i}"}, '"UserId"'),
    "CreateAccessKey": ("ram", "CreateAccessKey", {"UserName": "{prefix}{i}"}, '"AccessKeySecret"'),
    "ListAccessKeys": ("ram", "ListAccessKeys", {"UserName": "{prefix}{i}"}, '"AccessKeys"'),
    "ListUsers": ("ram", "ListUsers", {"MaxItems": "100"}, '"Users"'),
}
failures = []


def cpu(pid):
    """user + system seconds the process has used"""
    f = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(f[11]) + int(f[12])) / os.sysconf("SC_CLK_TCK")


def wrk(endpoint, file, conns, duration, threads=1, strict=True, must="", loop=False, pid=0):
    threads = min(threads, conns)
    c0 = cpu(pid) if pid else 0
    cmd = ["wrk", "-t", str(threads), "-c", str(conns), "-d", f"{duration}s", "--latency", "--timeout", "10s", "-s",
           os.path.join(HERE, "replay.lua"), endpoint, "--", file, str(threads), str(conns), "1" if strict else "0", must,
           "1" if loop else "0"]
    p = subprocess.run(cmd, capture_output=True, text=True)
    for line in p.stdout.splitlines():
        if line.startswith("RESULT "):
            r = json.loads(line[7:])
            r["conns"] = conns
            if pid:
                r["cpu_us"] = round((cpu(pid) - c0) * 1e6 / max(1, r["ok"] + r["bad"]), 1)
            if r["bad"] or r["socket_errors"] or not r["ok"]:
                failures.append(f"{os.path.basename(file)} c={conns}: bad={r['bad']} socket_errors={r['socket_errors']} sample={r['sample']!r}")
            return r
    failures.append("wrk gave no result: " + (p.stderr or p.stdout)[-400:])
    return None


def op(a, name, scheme, prefix=""):
    product, action, params, must = OPS[name]
    params = {k: v.replace("{prefix}", prefix) for k, v in params.items()}
    host = {"sts": a.host_sts, "ram": a.host_ram}.get(product, "")
    return P.options(a.endpoint, scheme, product, action, params, a.ak, a.sk, a.sts_token, host=host), must


def row(*c):
    print("| " + " | ".join(str(x) for x in c) + " |", flush=True)


def hello(a, conns):
    """requests/s of the reference server, measured beside the emulator"""
    f = os.path.join(a.tmp, "hello")
    if not os.path.exists(f):
        P.presign(P.options(a.ref, "none", path="/hello"), 64 * 4, f)
    return wrk(a.ref, f, conns, min(a.duration, 4), a.wrk_threads, not a.fast, '"AccountId"', loop=True, pid=a.ref_pid)


def cmd_load(a):
    """throughput and latency of signed calls; with --rounds, medians of rounds that alternate with the reference server"""
    row("op", "scheme", "conns", "rps", "p50 us", "p99 us", "ok", "errors", "server CPU us/req", "fraction of bare HTTP rps", "bare CPU us/req", "CPU over bare")
    row(*["---"] * 12)
    out, k = [], 0
    med = lambda v: statistics.median(v) if v else None
    for name in a.ops.split(","):
        for scheme in a.schemes.split(","):
            for conns in map(int, a.conns.split(",")):
                n = a.n if conns > 1 else max(2000, a.n // 4)
                rs, bs = [], []
                for _ in range(a.rounds):
                    k += 1
                    prefix = f"b{os.getpid()}x{k}-"
                    if name in ("CreateAccessKey", "ListAccessKeys"):
                        o, _m = op(a, "CreateUser", scheme, prefix)
                        P.presign(o, n + 4, os.path.join(a.tmp, "fill"))
                        fill(a, os.path.join(a.tmp, "fill"))
                    base = hello(a, conns) if a.ref else None
                    o, must = op(a, name, scheme, prefix)
                    f = os.path.join(a.tmp, f"{name}-{scheme}")
                    P.presign(o, n, f)
                    r = wrk(a.endpoint, f, conns, a.duration, a.wrk_threads, not a.fast, must, pid=a.pid)
                    if r:
                        rs.append(r)
                        out.append(dict(op=name, scheme=scheme, **r, bare_rps=base and base["rps"], bare_cpu_us=base and base.get("cpu_us")))
                    if r and base:
                        bs.append((base["rps"], base.get("cpu_us"), r["rps"] / base["rps"],
                                   r["cpu_us"] / base["cpu_us"] if r.get("cpu_us") and base.get("cpu_us") else None))
                if not rs:
                    row(name, scheme, conns, *["-"] * 9)
                    continue
                span = lambda v, fm: fm.format(med(v)) + (f" ({fm.format(min(v))}-{fm.format(max(v))})" if len(v) > 1 else "")
                c = [r["cpu_us"] for r in rs if "cpu_us" in r]
                x = [b[3] for b in bs if b[3]]
                row(name, scheme, conns, span([r["rps"] for r in rs], "{:,.0f}"), f"{med([r['p50_us'] for r in rs]):.0f}", f"{med([r['p99_us'] for r in rs]):.0f}",
                    sum(r["ok"] for r in rs), sum(r["bad"] + r["socket_errors"] for r in rs), span(c, "{:.1f}") if c else "",
                    span([b[2] for b in bs], "{:.2f}") if bs else "", f"{med([b[1] for b in bs if b[1]]):.1f}" if x else "", span(x, "{:.2f}") if x else "")
    if a.json:
        json.dump(out, open(a.json, "w"), indent=1)


def records(file):
    d = open(file, "rb").read()
    i = 0
    while i < len(d):
        l = int(d[i:i + 8])
        yield d[i + 8:i + 8 + l]
        i += 8 + l


def connect(endpoint):
    u = urlsplit(endpoint)
    s = socket.create_connection((u.hostname, u.port), timeout=600)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return s, s.makefile("rb")


def answer(f, closing=None):
    """read one HTTP answer: status, body; appends to `closing` if the server is about to close the connection"""
    line = f.readline()
    if not line:
        raise ConnectionError("closed")
    status, length, chunked, close = int(line.split()[1]), 0, False, line.startswith(b"HTTP/1.0")
    while True:
        h = f.readline()
        if h in (b"\r\n", b""):
            break
        k, _, v = h.partition(b":")
        k = k.lower()
        if k == b"content-length":
            length = int(v)
        elif k == b"transfer-encoding" and b"chunked" in v.lower():
            chunked = True
        elif k == b"connection":
            close = v.strip().lower() == b"close"
    if close and closing is not None:
        closing.append(True)
    if not chunked:
        return status, f.read(length)
    body = b""
    while True:
        n = int(f.readline().split(b";")[0], 16)
        body += f.read(n)
        f.readline()
        if n == 0:
            return status, body


def fill(a, file, conns=8):
    """send every record of the file, one at a time on each of a few connections; require 200 for each; return seconds

    Without pipelining: with Nagle's algorithm on the server it would measure delayed ACKs, 40 ms a window."""
    cs = [None] * conns
    t = time.perf_counter()
    busy = []

    def drain():
        for k in busy:
            closing = []
            st, b = answer(cs[k][1], closing)
            if closing:
                cs[k][0].close()
                cs[k] = None
            if st != 200:
                raise ValueError(f"fill: {st} {b[:200]!r}")
        busy.clear()

    try:
        for i, r in enumerate(records(file)):
            k = i % conns
            if cs[k] is None:
                cs[k] = connect(a.endpoint)
            cs[k][0].sendall(r)
            busy.append(k)
            if len(busy) == conns:
                drain()
        drain()
    except (ValueError, OSError) as e:
        failures.append(str(e))
        return None
    finally:
        for c in cs:
            if c:
                c[0].close()
    return time.perf_counter() - t


def one(a, o, endpoint=None):
    s, f = connect(endpoint or a.endpoint)
    r = os.path.join(a.tmp, "one")
    P.presign(o, 1, r, procs=1)
    t = time.perf_counter()
    s.sendall(next(records(r)))
    st, b = answer(f)
    dt = time.perf_counter() - t
    s.close()
    return st, b, dt


def mem(pid, field="VmRSS"):
    for line in open(f"/proc/{pid}/status"):
        if line.startswith(field):
            return int(line.split()[1])


def cmd_cold(a):
    """time from process start (fork and exec) to the first 200 of a signed request; then idle memory"""
    times, rss = [], []
    u = urlsplit(a.endpoint)
    for i in range(a.runs):
        o, _ = op(a, "GetCallerIdentity", a.schemes.split(",")[0])
        f = os.path.join(a.tmp, f"cold{i}")
        P.presign(o, 1, f, procs=1)
        req = next(records(f))
        t = time.perf_counter()
        p = subprocess.Popen(shlex.split(a.cmd), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            while True:
                if p.poll() is not None or time.perf_counter() - t > a.limit:
                    failures.append(f"cold start {i}: no answer (exit status {p.poll()})")
                    return
                try:
                    s = socket.create_connection((u.hostname, u.port), timeout=30)
                    s.sendall(req)
                    st, b = answer(s.makefile("rb"))
                    dt = time.perf_counter() - t
                    s.close()
                    if st == 200:
                        break
                    failures.append(f"cold start {i}: {st} {b[:200]!r}")
                    return
                except (OSError, ConnectionError):
                    time.sleep(0.0005)
            times.append(dt * 1000)
            time.sleep(a.settle)
            rss.append(mem(p.pid))
        finally:
            os.killpg(p.pid, signal.SIGTERM if a.term else signal.SIGKILL)
            p.wait()
    print(json.dumps({"cold_ms_median": round(statistics.median(times), 2), "cold_ms_min": round(min(times), 2),
                      "cold_ms_max": round(max(times), 2), "idle_rss_kib": statistics.median(rss), "runs": len(times)}))


def cmd_grow(a):
    """fill with users and keys step by step: memory per user, cost of one list page and of a full scan"""
    scheme = a.schemes.split(",")[0]
    row("users", "RSS KiB", "bytes/user since idle", "CreateUser rps", "CreateAccessKey rps", "ListUsers page: rps c=1", "p50 us", "p99 us", "full scan ms", "pages")
    row(*["---"] * 10)
    have, idle, prefix = 0, mem(a.pid), f"g{os.getpid()}-"
    for target in map(int, a.steps.split(",")):
        t1 = t2 = None
        if target > have:
            f = os.path.join(a.tmp, "grow")
            o, _ = op(a, "CreateUser", scheme, prefix)
            P.presign(o, target - have, f, start=have)
            t1 = fill(a, f)
            o, _ = op(a, "CreateAccessKey", scheme, prefix)
            P.presign(o, target - have, f, start=have)
            t2 = fill(a, f)
            if failures:
                return
        new, have = target - have, target
        rss = mem(a.pid)
        o, must = op(a, "ListUsers", scheme)
        f = os.path.join(a.tmp, "list")
        P.presign(o, a.list_n, f)
        r = wrk(a.endpoint, f, 1, 8, 1, True, must)
        # full scan by Marker
        marker, pages, t = "", 0, 0.0
        while True:
            o, _ = op(a, "ListUsers", scheme)
            o["params"] = {"MaxItems": "100", **({"Marker": marker} if marker else {})}
            st, b, dt = one(a, o)
            t += dt
            pages += 1
            if st != 200:
                failures.append(f"scan: {st} {b[:200]!r}")
                return
            j = json.loads(b)
            if not j.get("IsTruncated"):
                break
            marker = j["Marker"]
        row(have, rss, f"{(rss - idle) * 1024 / have:,.0f}" if have else "", f"{new / t1:,.0f}" if t1 else "", f"{new / t2:,.0f}" if t2 else "",
            f"{r['rps']:,.0f}" if r else "-", r["p50_us"] if r else "-", r["p99_us"] if r else "-", f"{t * 1000:,.0f}", pages)
    if a.reset:
        m, path = a.reset.split(" ", 1)
        u = urlsplit(a.endpoint)
        c = http.client.HTTPConnection(u.hostname, u.port, timeout=600)
        t = time.perf_counter()
        c.request(m, path)
        r = c.getresponse()
        b = r.read()
        dt = time.perf_counter() - t
        time.sleep(1)
        print(json.dumps({"reset_ms": round(dt * 1000, 2), "status": r.status, "rss_kib_after": mem(a.pid)}))
        if r.status // 100 != 2:
            failures.append(f"reset: {r.status} {b[:200]!r}")


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    c = argparse.ArgumentParser(add_help=False)
    c.add_argument("--endpoint", default="http://127.0.0.1:8390")
    c.add_argument("--host-sts", default="", help="Host header for STS calls, e.g. sts.aliyuncs.com")
    c.add_argument("--host-ram", default="", help="Host header for RAM calls, e.g. ram.aliyuncs.com")
    c.add_argument("--ak", default=os.environ.get("BENCH_AK", "LTAIbench"))
    c.add_argument("--sk", default=os.environ.get("BENCH_SK", "benchsecret"))
    c.add_argument("--sts-token", default="")
    c.add_argument("--schemes", default="v1,v3")
    s = a.add_subparsers(dest="sub", required=True)
    l = s.add_parser("load", parents=[c], help=cmd_load.__doc__)
    l.add_argument("--ops", default=",".join(x for x in OPS if x != "ListUsers"))
    l.add_argument("--conns", default="1,16,64")
    l.add_argument("-n", type=int, default=50000, help="records signed for each run (a quarter of it at one connection)")
    l.add_argument("--duration", type=int, default=10, help="a run ends after this many seconds, or when its records are used up")
    l.add_argument("--rounds", type=int, default=1, help="repeat each measurement (reference, then emulator) and print medians with ranges; use 7 for a decision")
    l.add_argument("--wrk-threads", type=int, default=1)
    l.add_argument("--fast", action="store_true", help="no per-response check: only statuses above 399 fail the run")
    l.add_argument("--ref", default="", help="endpoint of a running benchref: each result is set against its /hello")
    l.add_argument("--ref-pid", type=int, default=0, help="its process id: adds its CPU time per request")
    l.add_argument("--pid", type=int, default=0, help="the emulator's process id: adds its CPU time per request, the figure that changes least on a busy machine")
    l.add_argument("--json", default="")
    k = s.add_parser("cold", parents=[c], help=cmd_cold.__doc__)
    k.add_argument("--cmd", required=True)
    k.add_argument("--runs", type=int, default=10)
    k.add_argument("--limit", type=float, default=120)
    k.add_argument("--settle", type=float, default=1.0)
    k.add_argument("--term", action="store_true")
    g = s.add_parser("grow", parents=[c], help=cmd_grow.__doc__)
    g.add_argument("--pid", type=int, required=True)
    g.add_argument("--steps", default="0,1000,10000,100000")
    g.add_argument("--list-n", type=int, default=3000)
    g.add_argument("--reset", default="", help="e.g. 'POST /_reset'")
    x = a.parse_args()
    host = urlsplit(x.endpoint).hostname
    if host not in ("127.0.0.1", "localhost", "::1"):
        sys.exit("loopback only")
    with tempfile.TemporaryDirectory() as x.tmp:
        {"load": cmd_load, "cold": cmd_cold, "grow": cmd_grow}[x.sub](x)
    for f in failures[:10]:
        print("FAIL", f, file=sys.stderr)
    print("FAILED" if failures else "PASSED: every response was 200")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
