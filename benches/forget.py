"""Sends signed calls with a time 21 minutes ahead, so that each shard of nonces looks at its age. All must be let in."""
import base64, hashlib, hmac, os, sys, urllib.parse, urllib.request
from datetime import datetime, timedelta, timezone

for number in range(2000):
    time = (datetime.now(timezone.utc) + timedelta(minutes=21)).strftime("%Y-%m-%dT%H:%M:%SZ")
    params = {"Action": "GetCallerIdentity", "Version": "2015-04-01", "Format": "JSON", "AccessKeyId": os.environ["BENCH_AK"], "Timestamp": time,
              "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": f"forget-{number}"}
    encode = lambda text: urllib.parse.quote(text, safe="-_.~")
    canonical = "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(params.items()))
    key = (os.environ["BENCH_SK"] + "&").encode()
    signature = base64.b64encode(hmac.new(key, f"GET&%2F&{encode(canonical)}".encode(), hashlib.sha1).digest()).decode()
    urllib.request.urlopen(f"{sys.argv[1]}/?{canonical}&Signature={encode(signature)}").read()
