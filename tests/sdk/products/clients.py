"""Official clients of MaxCompute, OSS and others pointed at the emulator, a world to call them in, and what refusals look like."""

import re
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import NamedTuple

import alibabacloud_oss_v2 as oss_v2
import oss2
import pytest
from odps import ODPS, errors
from odps.accounts import StsAccount
from seeded import ENDPOINT, REQUEST_ID, Key, control

SERIAL = count(1)
OSS_REQUEST_ID = re.compile(r"[0-9A-F]{24}")
BUCKETS = {
    "name": "Buckets",
    "document": {
        "Version": "1",
        "Statement": [
            {"Effect": "Allow", "Action": "oss:ListBuckets", "Resource": "*"},
            {"Effect": "Allow", "Action": "oss:*", "Resource": "acs:oss:*:*:ci-*"},
        ],
    },
}
LOGS = {
    "name": "Logs",
    "document": {
        "Version": "1",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["log:Get*", "log:PostLogStoreLogs"],
                "Resource": "acs:log:cn-hangzhou:*:project/my-*/logstore/app",
            },
            {
                "Effect": "Allow",
                "Action": ["mns:GetQueueAttributes", "fc:GetFunction", "ots:DescribeTable"],
                "Resource": [
                    "acs:mns:*:*:/queues/my-*",
                    "acs:fc:*:*:services/shop/functions/*",
                    "acs:ots:*:*:instance/my-*/table/orders",
                ],
            },
        ],
    },
}
STUBS = [
    {
        "product": "Sls",
        "action": "ListProject",
        "body": {"count": 1, "total": 1, "projects": [{"projectName": "my-logs", "status": "Normal"}]},
    },
    {"product": "Sls", "action": "ListLogStores", "body": {"count": 2, "total": 2, "logstores": ["app", "web"]}},
]
DEMO = {
    "name": "demo",
    "loginName": "demo@example.com",
    "realName": {"status": "VERIFIED", "subject": "enterprise", "name": "Demo Ltd"},
    "keys": [{}, {"status": "Inactive"}],
    "policies": [BUCKETS, LOGS],
    "users": [{"name": "ci", "policies": ["Buckets", "Logs"], "keys": [{}]}, {"name": "guest", "keys": [{}]}],
    "roles": [
        {
            "name": "etl",
            "policies": ["Buckets", "Logs"],
            "sessions": [{"name": "night", "expires": "1h"}, {"name": "day", "expires": "12h"}],
        }
    ],
    "projects": [{"name": "demo_project", "members": ["ci", "role/etl"]}, {"name": "demo_private"}],
    "buckets": [{"name": "demo-data"}],
}


def statement(effect, action, resource, **condition):
    """A policy of one statement."""
    body = {"Effect": effect, "Action": action, "Resource": f"acs:oss:*:*:{resource}"}
    return {"Version": "1", "Statement": [body | ({"Condition": condition} if condition else {})]}


class Stage(NamedTuple):
    """A world with an account that has projects and buckets. A call finds it by the key that signs."""

    name: str
    made: dict

    def account(self, name="demo"):
        """An account as it was made."""
        return next(account for account in self.made["accounts"] if account["name"] == name)

    def key(self, user=None, status="Active", account="demo"):
        """A key of the account itself, or of a user."""
        keys = self.account(account)["keys"]
        return next(
            Key(key["accessKeyId"], key["accessKeySecret"])
            for key in keys
            if (key.get("user"), key["status"]) == (user, status)
        )

    def session(self, name):
        """A temporary key."""
        accounts = control("GET", f"worlds/{self.name}/export?format=json")["accounts"]
        (role,) = next(account["roles"] for account in accounts if account["name"] == "demo")
        session = next(session for session in role["sessions"] if session["name"] == name)
        return Key(session["id"], session["secret"], session["token"])

    def advance(self, by):
        """Moves the clock that ends sessions."""
        control("POST", f"worlds/{self.name}/clock/advance", {"by": by})

    def state(self, **state):
        """Moves the account to another state."""
        control("POST", f"worlds/{self.name}/accounts/{self.account()['uid']}/state", state)

    def disable(self, uid, key):
        """Disables a key."""
        control("PATCH", f"worlds/{self.name}/accounts/{uid}/access-keys/{key.id}", {"status": "Inactive"})

    def fault(self, **rule):
        """Adds a rule that spoils calls."""
        control("POST", f"worlds/{self.name}/faults", rule)

    def styles(self):
        """The forms of all calls."""
        return [one["style"] for one in control("GET", f"worlds/{self.name}/requests")["requests"]]


@contextmanager
def new_world(scenario=None, gateway="real"):
    name = f"products-{next(SERIAL)}"
    # Nobody has verified the other one. Names of projects and buckets are those of the world, so tests do not meet.
    other = {"name": "other", "keys": [{}], "buckets": [{"name": "others-data"}]}
    scenario = scenario or {"accounts": [DEMO, other], "stubs": STUBS}
    made = control("POST", f"worlds?name={name}", {"clock": {"gateway": gateway}} | scenario)
    try:
        yield name, made
    finally:
        control("DELETE", f"worlds/{name}")


# ---- MaxCompute


def odps(key, region=None, **others):
    """A client of MaxCompute, which signs with V4 when it knows a region."""
    account = StsAccount(key.id, key.secret, key.token) if key.token else None
    credentials = {"account": account} if account else {"access_id": key.id, "secret_access_key": key.secret}
    return ODPS(**credentials, endpoint=f"{ENDPOINT}/api", region_name=region, **others)


@contextmanager
def odps_refuses(kind, status, text):
    """The block must end in a refusal of MaxCompute; `text` is how its message goes on after the code."""
    with pytest.raises(kind) as caught:
        yield caught
    error = caught.value
    # The service misspells one class, for which the package has a second name.
    assert (type(error), error.status_code, getattr(errors, error.code)) == (kind, status, kind)
    assert REQUEST_ID.fullmatch(error.request_id)
    assert error.args[0].startswith(text)


# ---- OSS


class Oss2:
    """Package oss2."""

    def __init__(self, version):
        self.version = version

    def auth(self, key):
        if key.token:
            return oss2.StsAuth(key.id, key.secret, key.token, self.version)
        return oss2.make_auth(key.id, key.secret, self.version)

    def bucket(self, key, name):
        return oss2.Bucket(self.auth(key), ENDPOINT, name, region="cn-hangzhou", is_path_style=True)

    def names(self, key):
        service = oss2.Service(self.auth(key), ENDPOINT, region="cn-hangzhou")
        return [bucket.name for bucket in oss2.BucketIterator(service, max_keys=1)]

    def make(self, key, name):
        self.bucket(key, name).create_bucket(oss2.BUCKET_ACL_PUBLIC_READ, oss2.models.BucketCreateConfig("IA"))

    def shown(self, key, name):
        info = self.bucket(key, name).get_bucket_info()
        assert self.bucket(key, name).get_bucket_acl().acl == info.acl.grant
        assert self.bucket(key, name).get_bucket_location().location == info.location
        return info.name, info.location, info.acl.grant, info.storage_class

    def remove(self, key, name):
        self.bucket(key, name).delete_bucket()

    def write(self, key, name, path="a b/c.txt"):
        self.bucket(key, name).put_object(path, "text")

    def list(self, key, name, prefix):
        return [one.key for one in self.bucket(key, name).list_objects_v2(prefix).object_list]

    def acl_at(self, key, name, endpoint, region):
        """Asks through the emulator as a proxy, so that the host is a real one."""
        proxies = {"http": ENDPOINT}
        bucket = oss2.Bucket(self.auth(key), f"http://{endpoint}", name, region=region, proxies=proxies)
        return bucket.get_bucket_acl().acl

    def upload(self, key, name, between):
        """Uploads two parts, and calls `between` between them; gives the ETags."""
        bucket = self.bucket(key, name)
        upload = bucket.init_multipart_upload("a.mkv").upload_id
        first = bucket.upload_part("a.mkv", upload, 1, b"one")
        between()
        second = bucket.upload_part("a.mkv", upload, 2, b"two")
        parts = [oss2.models.PartInfo(1, first.etag), oss2.models.PartInfo(2, second.etag)]
        return [first.etag, second.etag, bucket.complete_multipart_upload("a.mkv", upload, parts).etag]

    def url(self, key, name, seconds):
        return self.bucket(key, name).sign_url("GET", "a b/c.txt", seconds, slash_safe=True)

    @staticmethod
    def refusal(error):
        return error.status, error.code, error.message, error.ec, error.request_id

    @staticmethod
    def element(error, name):
        return error.details[name]


class OssV2:
    """Package alibabacloud-oss-v2."""

    def __init__(self, version):
        self.version = version

    def client(self, key, **changes):
        config = oss_v2.config.load_default()
        config.credentials_provider = oss_v2.credentials.StaticCredentialsProvider(key.id, key.secret, key.token)
        config.endpoint, config.region, config.use_path_style = ENDPOINT, "cn-hangzhou", True
        config.signature_version, config.retry_max_attempts = self.version, 1
        for name, value in changes.items():
            setattr(config, name, value)
        return oss_v2.Client(config)

    def names(self, key):
        pages = self.client(key).list_buckets_paginator().iter_page(oss_v2.ListBucketsRequest(max_keys=1))
        return [bucket.name for page in pages for bucket in page.buckets or []]

    def make(self, key, name):
        settings = oss_v2.CreateBucketConfiguration(storage_class="IA")
        request = oss_v2.PutBucketRequest(bucket=name, acl="public-read", create_bucket_configuration=settings)
        self.client(key).put_bucket(request)

    def shown(self, key, name):
        client = self.client(key)
        info = client.get_bucket_info(oss_v2.GetBucketInfoRequest(bucket=name)).bucket_info
        assert client.get_bucket_acl(oss_v2.GetBucketAclRequest(bucket=name)).acl == info.acl
        assert client.get_bucket_location(oss_v2.GetBucketLocationRequest(bucket=name)).location == info.location
        return info.name, info.location, info.acl, info.storage_class

    def remove(self, key, name):
        self.client(key).delete_bucket(oss_v2.DeleteBucketRequest(bucket=name))

    def write(self, key, name, path="a b/c.txt"):
        self.client(key).put_object(oss_v2.PutObjectRequest(bucket=name, key=path, body=b"text"))

    def list(self, key, name, prefix):
        listed = self.client(key).list_objects_v2(oss_v2.ListObjectsV2Request(bucket=name, prefix=prefix))
        return [one.key for one in listed.contents]

    def acl_at(self, key, name, endpoint, region):
        """Asks through the emulator as a proxy, so that the host is a real one."""
        changes = {"endpoint": f"http://{endpoint}", "region": region, "use_path_style": False, "proxy_host": {"http": ENDPOINT}}
        return self.client(key, **changes).get_bucket_acl(oss_v2.GetBucketAclRequest(bucket=name)).acl

    def upload(self, key, name, between):
        """Uploads two parts, and calls `between` between them; gives the ETags."""
        client, of = self.client(key), {"bucket": name, "key": "a.mkv"}
        upload = client.initiate_multipart_upload(oss_v2.InitiateMultipartUploadRequest(**of)).upload_id
        etags = []
        for number, content in [(1, b"one"), (2, b"two")]:
            part = oss_v2.UploadPartRequest(**of, upload_id=upload, part_number=number, body=content)
            etags.append(client.upload_part(part).etag.strip('"'))
            if number == 1:
                between()
        parts = [oss_v2.UploadPart(part_number=number + 1, etag=etag) for number, etag in enumerate(etags)]
        whole = oss_v2.CompleteMultipartUpload(parts=parts)
        request = oss_v2.CompleteMultipartUploadRequest(**of, upload_id=upload, complete_multipart_upload=whole)
        return [*etags, client.complete_multipart_upload(request).etag.strip('"')]

    def url(self, key, name, seconds):
        request = oss_v2.GetObjectRequest(bucket=name, key="a b/c.txt")
        return self.client(key).presign(request, expires=timedelta(seconds=seconds)).url

    @staticmethod
    def element(error, name):
        return error.unwrap().error_fileds[name]

    @staticmethod
    def refusal(error):
        error = error.unwrap()
        return error.status_code, error.code, error.message, error.ec, error.request_id


PACKAGES = [
    pytest.param(package(version), id=f"{name}-{version}")
    for name, package in [("oss2", Oss2), ("oss-v2", OssV2)]
    for version in ["v1", "v4"]
]


@contextmanager
def oss_refuses(package, status, code, message="", ec=""):
    """The block must end in a refusal of OSS."""
    with pytest.raises((oss2.exceptions.ServerError, oss_v2.exceptions.OperationError)) as caught:
        yield caught
    found = package.refusal(caught.value)
    assert found[:2] == (status, code) and found[2].startswith(message) and found[3] == ec
    assert OSS_REQUEST_ID.fullmatch(found[4])
