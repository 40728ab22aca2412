"""Makes a signed call with the credentials of the environment, and checks whose they are."""
import base64
import hmac
import json
import os
import time
import urllib.request
import uuid
from urllib.parse import quote

env = os.environ
query = "&".join(f"{name}={quote(value, safe='')}" for name, value in sorted({
    "Action": "GetCallerIdentity", "Version": "2015-04-01", "Format": "JSON",
    "AccessKeyId": env["ALIBABA_CLOUD_ACCESS_KEY_ID"],
    "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": str(uuid.uuid4()),
    "Timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
}.items()))
key = env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"] + "&"
digest = hmac.digest(key.encode(), f"GET&%2F&{quote(query, safe='')}".encode(), "sha1")
signature = quote(base64.b64encode(digest), safe="")
answer = json.load(urllib.request.urlopen(f"{env['ALIMOCK_ENDPOINT']}/?{query}&Signature={signature}"))
assert answer["AccountId"] == env["ALICLOUD_ACCOUNT_ID"], answer
