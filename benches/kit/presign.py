#!/usr/bin/env python3
"""Sign N distinct valid requests and write them as raw HTTP/1.1 messages for replay.lua.

File format: records of a decimal length with 8 digits, then that many bytes of request.
Needs the standard library only. Every request has its own nonce. A server that remembers
nonces accepts each record once: sign again for another run.
"""
import argparse, base64, hashlib, hmac, json, multiprocessing, os, time
from urllib.parse import quote, urlsplit

VERSIONS = {"sts": "2015-04-01", "ram": "2015-05-01", "ims": "2019-08-15"}
E = lambda s: quote(str(s), safe="~")
EMPTY = hashlib.sha256(b"").hexdigest()


def subst(v, i):
    return v.replace("{i}", str(i)) if isinstance(v, str) else str(v)


def sign_v1(o, i, nonce, ts):
    """RPC style, SignatureVersion 1.0, HMAC-SHA1; parameters in the query (GET) or form body (POST)."""
    p = {"Action": o["action"], "Version": o["version"], "Format": "JSON", "AccessKeyId": o["ak"],
         "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": nonce, "Timestamp": ts}
    if o.get("sts_token"):
        p["SecurityToken"] = o["sts_token"]
    for k, v in o["params"].items():
        p[k] = subst(v, i)
    canon = "&".join(f"{E(k)}={E(p[k])}" for k in sorted(p))
    m = o["method"]
    sig = base64.b64encode(hmac.new((o["sk"] + "&").encode(), f"{m}&%2F&{E(canon)}".encode(), hashlib.sha1).digest()).decode()
    q = f"{canon}&Signature={E(sig)}"
    if m == "GET":
        return f"GET /?{q} HTTP/1.1\r\nhost: {o['host']}\r\naccept: application/json\r\n\r\n".encode()
    return (f"POST / HTTP/1.1\r\nhost: {o['host']}\r\naccept: application/json\r\n"
            f"content-type: application/x-www-form-urlencoded\r\ncontent-length: {len(q)}\r\n\r\n{q}").encode()


def sign_v3(o, i, nonce, ts):
    """ACS3-HMAC-SHA256; parameters in the query, or with --form in the body."""
    q = "&".join(f"{E(k)}={E(subst(v, i))}" for k, v in sorted(o["params"].items()))
    body = ""
    h = {"host": o["host"], "x-acs-action": o["action"], "x-acs-version": o["version"], "x-acs-date": ts,
         "x-acs-signature-nonce": nonce, "accept": "application/json", "user-agent": "bench"}
    if o["form"]:
        body, q = q, ""
        h["content-type"] = "application/x-www-form-urlencoded"
    if o.get("sts_token"):
        h["x-acs-accesskey-id"], h["x-acs-security-token"] = o["ak"], o["sts_token"]
    digest = hashlib.sha256(body.encode()).hexdigest() if body else EMPTY
    h["x-acs-content-sha256"] = digest
    # like the official SDKs, sign every header set so far
    names = sorted(h)
    signed = ";".join(names)
    m = o["method"]
    creq = f"{m}\n/\n{q}\n" + "".join(f"{k}:{h[k]}\n" for k in names) + f"\n{signed}\n{digest}"
    sts = "ACS3-HMAC-SHA256\n" + hashlib.sha256(creq.encode()).hexdigest()
    sig = hmac.new(o["sk"].encode(), sts.encode(), hashlib.sha256).hexdigest()
    head = "".join(f"{k}: {h[k]}\r\n" for k in names)
    path = "/?" + q if q else "/"
    cl = f"content-length: {len(body)}\r\n" if m == "POST" else ""
    return (f"{m} {path} HTTP/1.1\r\n{head}authorization: ACS3-HMAC-SHA256 Credential={o['ak']},SignedHeaders={signed},"
            f"Signature={sig}\r\n{cl}\r\n{body}").encode()


def sign_none(o, i, nonce, ts):
    """A request to any fixed path, unsigned: for the reference server."""
    extra = "".join(f"{k}: {v}\r\n" for k, v in o.get("headers", {}).items())
    q = "&".join(f"{E(k)}={E(subst(v, i))}" for k, v in o["params"].items())
    if o["method"] == "GET":
        return f"GET {o['path']} HTTP/1.1\r\nhost: {o['host']}\r\n{extra}\r\n".encode()
    return (f"POST {o['path']} HTTP/1.1\r\nhost: {o['host']}\r\n{extra}content-type: application/x-www-form-urlencoded\r\n"
            f"content-length: {len(q)}\r\n\r\n{q}").encode()


SIGN = {"v1": sign_v1, "v3": sign_v3, "none": sign_none}


def options(endpoint, scheme, product="sts", action="GetCallerIdentity", params=None, ak="LTAIbench", sk="benchsecret",
            sts_token="", version="", method="", host="", form=False, path="/", headers=None):
    host = host or urlsplit(endpoint).netloc
    method = method or {"v1": "GET", "v3": "POST", "none": "GET"}[scheme]
    return dict(scheme=scheme, action=action, version=version or VERSIONS.get(product, ""), params=params or {}, ak=ak, sk=sk,
                sts_token=sts_token, method=method, host=host, form=form, path=path, headers=headers or {})


def _chunk(a):
    o, lo, hi, ts, run = a
    f = SIGN[o["scheme"]]
    out = bytearray()
    for i in range(lo, hi):
        r = f(o, i, f"{run}{i:016x}", ts)
        out += b"%08d" % len(r)
        out += r
    return bytes(out)


def presign(o, n, out, start=0, procs=2):
    """Write n signed records; index i runs from start (it fills {i} in parameter values)."""
    ts = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    run = os.urandom(8).hex()
    jobs = [(o, lo, min(lo + 5000, start + n), ts, run) for lo in range(start, start + n, 5000)]
    with open(out, "wb") as f:
        if len(jobs) == 1 or procs == 1:
            for j in jobs:
                f.write(_chunk(j))
        else:
            with multiprocessing.Pool(procs) as p:
                for b in p.imap(_chunk, jobs):
                    f.write(b)


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--endpoint", default="http://127.0.0.1:8390")
    a.add_argument("--host", default="", help="Host header, e.g. ram.aliyuncs.com (default: the endpoint's)")
    a.add_argument("--scheme", choices=SIGN, default="v1")
    a.add_argument("--product", default="sts")
    a.add_argument("--action", default="GetCallerIdentity")
    a.add_argument("--version", default="")
    a.add_argument("--param", action="append", default=[], help="K=V, {i} in V is the request's index")
    a.add_argument("--ak", default=os.environ.get("BENCH_AK", "LTAIbench"))
    a.add_argument("--sk", default=os.environ.get("BENCH_SK", "benchsecret"))
    a.add_argument("--sts-token", default="")
    a.add_argument("--method", default="")
    a.add_argument("--form", action="store_true")
    a.add_argument("--start", type=int, default=0)
    a.add_argument("-n", type=int, default=200000)
    a.add_argument("--out", required=True)
    x = a.parse_args()
    o = options(x.endpoint, x.scheme, x.product, x.action, dict(p.split("=", 1) for p in x.param), x.ak, x.sk, x.sts_token,
                x.version, x.method, x.host, x.form)
    t = time.time()
    presign(o, x.n, x.out, x.start)
    print(json.dumps({"signed": x.n, "seconds": round(time.time() - t, 2), "bytes": os.path.getsize(x.out)}))


if __name__ == "__main__":
    main()
