"""Signs the requests of probes: RPC v1 and v3, OSS V1 and V4, MaxCompute; codes of MFA devices. Standard library only."""
import base64
import hashlib
import hmac
import urllib.parse


def escaped(text):
    return urllib.parse.quote(str(text), safe="-_.~")


def query(pairs):
    return "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs)


def base64_hmac(secret, text, digest=hashlib.sha1):
    return base64.b64encode(hmac.new(secret.encode(), text.encode(), digest).digest()).decode()


def hex_sha256(data):
    return hashlib.sha256(data).hexdigest()


def rpc_v1(method, params, secret):
    """The signature of an RPC request, version 1."""
    digest = hashlib.sha256 if params.get("SignatureMethod") == "HMAC-SHA256" else hashlib.sha1
    text = f"{method}&%2F&{escaped(query(sorted(params.items())))}"
    return base64_hmac(secret + "&", text, digest)


def rpc_v3(method, params, headers, body, key, secret, unsigned=()):
    """The headers of an RPC request, version 3. Headers in `unsigned` are sent and not signed."""
    hashed = hex_sha256(body)
    headers = {**headers, "x-acs-content-sha256": hashed}
    names = sorted(name for name in headers if name not in unsigned)
    lines = "".join(f"{name}:{headers[name]}\n" for name in names)
    canonical = f"{method}\n/\n{query(sorted(params.items()))}\n{lines}\n{';'.join(names)}\n{hashed}"
    text = f"ACS3-HMAC-SHA256\n{hex_sha256(canonical.encode())}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    credential = f"Credential={key},SignedHeaders={';'.join(names)},Signature={signature}"
    return {**headers, "authorization": f"ACS3-HMAC-SHA256 {credential}"}


def own_headers(headers, prefix):
    lines = sorted((name.lower(), value) for name, value in headers.items() if name.lower().startswith(prefix))
    return "".join(f"{name}:{value}\n" for name, value in lines)


def oss_v1(method, bucket, key, sub, headers, credential):
    resource = (f"/{bucket}/{key}" if bucket else "/") + (f"?{sub}" if sub else "")
    content = f"{headers.get('Content-MD5', '')}\n{headers.get('Content-Type', '')}\n{headers['Date']}\n"
    text = f"{method}\n{content}{own_headers(headers, 'x-oss-')}{resource}"
    return f"OSS {credential[0]}:{base64_hmac(credential[1], text)}"


def oss_v4(method, bucket, key, sub, headers, credential, scope, stamp):
    """`scope` is day, region and product."""
    path = f"/{bucket}/{key}" if bucket else "/"
    pairs = "&".join(sorted(f"{escaped(name)}" for name in sub.split("&"))) if sub else ""
    hashed = headers["x-oss-content-sha256"]
    canonical = f"{method}\n{urllib.parse.quote(path, safe='/-_.~')}\n{pairs}\n{own_headers(headers, 'x-oss-')}\n\n{hashed}"
    scope = "/".join([*scope, "aliyun_v4_request"])
    text = f"OSS4-HMAC-SHA256\n{stamp}\n{scope}\n{hex_sha256(canonical.encode())}"
    step = ("aliyun_v4" + credential[1]).encode()
    for part in scope.split("/"):
        step = hmac.new(step, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(step, text.encode(), hashlib.sha256).hexdigest()
    return f"OSS4-HMAC-SHA256 Credential={credential[0]}/{scope},Signature={signature}"


def odps(method, resource, params, headers, credential):
    pairs = "?" + "&".join(f"{name}={value}" if value else name for name, value in sorted(params.items())) if params else ""
    content = f"{headers.get('Content-MD5', '')}\n{headers.get('Content-Type', '')}\n{headers['Date']}\n"
    text = f"{method}\n{content}{own_headers(headers, 'x-odps-')}{resource}{pairs}"
    return f"ODPS {credential[0]}:{base64_hmac(credential[1], text)}"


def totp(seed, at):
    """The code of a virtual MFA device at a time."""
    key = base64.b32decode(seed + "=" * (-len(seed) % 8))
    digest = hmac.new(key, int(at // 30).to_bytes(8), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start:start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"
