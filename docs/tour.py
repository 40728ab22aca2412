"""Sends requests to a running alimock, signed in the same way as by the official SDKs.

    python3 docs/tour.py [http://127.0.0.1:4588]

Uses only the standard library. It creates a new world, which it keeps, so it can be repeated. Exit code 1 if a response is not as expected.
"""
import base64, hashlib, hmac, json, os, sys, urllib.error, urllib.parse, urllib.request, uuid
from datetime import datetime, timezone

ENDPOINT = (sys.argv[1:] or ["http://127.0.0.1:4588"])[0]
VERSIONS = {"Aas": "2015-07-01", "Crm": "2015-04-08", "Ram": "2015-05-01", "Sts": "2015-04-01", "Ecs": "2014-05-26"}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(request):
    try:
        with OPENER.open(request) as answer:
            return answer.status, json.loads(answer.read() or b"{}")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def control(method, path, body=""):
    token = os.environ.get("ALIMOCK_CONTROL_TOKEN", "none")
    headers = {} if token == "none" else {"Authorization": f"Bearer {token}"}
    return send(urllib.request.Request(f"{ENDPOINT}/_alimock{path}", body.encode(), headers, method=method))


def encode(text):
    return urllib.parse.quote(text, safe="-_.~")


def call(key, product, action, **params):
    """An RPC call with signature version 1.0 (HMAC-SHA1)."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    params |= {"Action": action, "Version": VERSIONS[product], "Format": "JSON", "AccessKeyId": key[0], "Timestamp": now,
               "SignatureMethod": "HMAC-SHA1", "SignatureVersion": "1.0", "SignatureNonce": str(uuid.uuid4())}
    canonical = "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(params.items()))
    digest = hmac.new((key[1] + "&").encode(), f"GET&%2F&{encode(canonical)}".encode(), hashlib.sha1).digest()
    signature = encode(base64.b64encode(digest).decode())
    return send(urllib.request.Request(f"{ENDPOINT}/?{canonical}&Signature={signature}"))


def show(what, answer, status, text):
    """Prints one step; stops the tour if the response is not as expected."""
    code, body = answer
    shown = f"{code} {body.get('Code', '')}".strip()
    good = code == status and text in json.dumps(body)
    print(f"  {what:<58} {shown}" if good else f"  {what}: expected {status} with {text!r}, got {code} {body}")
    if not good:
        sys.exit(1)
    return body


def main():
    world = control("POST", "/worlds")[1]
    print(f"In world {world['world']} of {ENDPOINT}:")
    env = control("GET", f"/worlds/{world['world']}?as=operator")[1]["env"]
    operator = env["ALIBABA_CLOUD_ACCESS_KEY_ID"], env["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]

    body = show("the operator registers an account", call(operator, "Aas", "CreateAliyunAccount", AliyunId="tour@example.com"), 200, "PK")
    pk = body["PK"]
    show("the account is not verified yet", call(operator, "Crm", "QueryBidUserCertifiedInfo", PK=pk, BidType="NORMAL"), 200, '\\"0\\"')
    identity = dict(BidType="NORMAL", Name="Tour Ltd", LicenseType="9", LicenseNumber="91330000MA27TOURLT", IsEnterprise="true")
    show("the operator submits its real-name information", call(operator, "Crm", "AddIdentityCertifiedForBidUser", PK=pk, **identity), 200, "")
    made = show("the operator creates its root AccessKey", call(operator, "Aas", "CreateAccessKeyForAccount", PK=pk), 200, "AccessKeyId")
    root = made["AccessKey"]["AccessKeyId"], made["AccessKey"]["AccessKeySecret"]

    show("the new key identifies its account", call(root, "Sts", "GetCallerIdentity"), 200, f"acs:ram::{pk}:root")
    attribute = {"RegionId": "cn-hangzhou", "AttributeName.1": "real-name-authentication"}
    show("the account is verified", call(root, "Ecs", "DescribeAccountAttributes", **attribute), 200, '"yes"')
    show("the account adds a RAM user", call(root, "Ram", "CreateUser", UserName="alice"), 200, "UserId")
    made = show("and creates a key for the user", call(root, "Ram", "CreateAccessKey", UserName="alice"), 200, "AccessKeyId")
    alice = made["AccessKey"]["AccessKeyId"], made["AccessKey"]["AccessKeySecret"]
    show("the user's key works", call(alice, "Sts", "GetCallerIdentity"), 200, "user/alice")
    show("but the user has no permission to add users", call(alice, "Ram", "CreateUser", UserName="bob"), 403, "NoPermission")
    of_alice = dict(UserName="alice", UserAccessKeyId=alice[0])
    show("the key is disabled", call(root, "Ram", "UpdateAccessKey", Status="Inactive", **of_alice), 200, "")
    show("the disabled key is rejected", call(alice, "Sts", "GetCallerIdentity"), 400, "InvalidAccessKeyId.Inactive")
    show("the key is enabled again and works", call(root, "Ram", "UpdateAccessKey", Status="Active", **of_alice), 200, "")
    show("", call(alice, "Sts", "GetCallerIdentity"), 200, "user/alice")
    show("the key is deleted and then unknown", call(root, "Ram", "DeleteAccessKey", **of_alice), 200, "")
    show("", call(alice, "Sts", "GetCallerIdentity"), 404, "InvalidAccessKeyId.NotFound")
    show("a wrong secret gives a wrong signature", call((root[0], "wrong"), "Sts", "GetCallerIdentity"), 400, "SignatureDoesNotMatch")

    requests = control("GET", f"/worlds/{world['world']}/requests")[1]["requests"]
    print(f"The journal holds all {len(requests)} requests: GET {ENDPOINT}/_alimock/worlds/{world['world']}/requests")


main()
