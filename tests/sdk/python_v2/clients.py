"""The v2 packages pointed at the emulator, accounts to call them as, and what a refusal looks like through them."""

import os
import re
from contextlib import contextmanager
from itertools import count
from types import ModuleType
from typing import NamedTuple

import pytest
from alibabacloud_account_crm20160606 import client as account_crm_client, models as account_crm_models
from alibabacloud_ims20190815 import client as ims_client, models as ims_models
from alibabacloud_ram20150501 import client as ram_client, models as ram_models
from alibabacloud_sts20150401 import client as sts_client, models as sts_models
from alibabacloud_tea_openapi.client import Client as GenericClient
from alibabacloud_tea_openapi.exceptions import ClientException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from alibabacloud_tea_openapi.utils import Utils
from darabonba.runtime import RuntimeOptions
from seeded import ADDRESS, HOST_ID, OPERATOR, REQUEST_ID, SCHEME, WAY, Key

SERIAL = count(1)


# Through a proxy the SDK trusts no variable.
CA = os.environ["ALIMOCK_CA"] if WAY == "proxy" else None


def config(key, algorithm=None, host=None):
    """Settings of a client. Without an algorithm the SDK signs with ACS3-HMAC-SHA256; its `v2` is RPC signature 1.0. Packages know
    their host by themselves."""
    return Config(
        access_key_id=key.id,
        access_key_secret=key.secret,
        security_token=key.token,
        region_id="cn-hangzhou",
        endpoint=ADDRESS or host,
        protocol=SCHEME,
        ca=CA,
        signature_algorithm=algorithm,
    )


class Package(NamedTuple):
    """A product package. RAM and IMS name their operations on keys alike."""

    client: type
    models: ModuleType

    def __call__(self, key, action, algorithm=None, **fields):
        """Calls `action`, given by its wire name, and gives the body of the answer."""
        return self.call(config(key, algorithm), action, **fields)

    def fields(self, action):
        """The names of the parameters of an action."""
        return vars(getattr(self.models, f"{action}Request")()).keys()

    def method(self, settings, action):
        """The method of a client with these settings that calls `action`."""
        return getattr(self.client(settings), re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action).lower())

    def call(self, settings, action, **fields):
        """Calls `action` through a client with these settings."""
        method = self.method(settings, action)
        request = getattr(self.models, f"{action}Request", None)
        if request is None:
            # The SDK has no request for what takes no parameters.
            return method().body
        return method(request(**fields)).body


class Generic(NamedTuple):
    """A product without a package, called with the SDK's own generic call; the version alone tells the product."""

    version: str
    host: str

    def __call__(self, key, action, algorithm=None, **query):
        """Calls `action` and gives the body of the answer."""
        params = Params(
            action=action,
            version=self.version,
            style="RPC",
            pathname="/",
            method="POST",
            protocol=SCHEME or "https",
            auth_type="AK",
            req_body_type="formData",
            body_type="json",
        )
        request = OpenApiRequest(query=Utils.query(query))
        return GenericClient(config(key, algorithm, self.host)).call_api(params, request, RuntimeOptions())["body"]


AAS = Generic("2015-07-01", "aas.aliyuncs.com")
CRM = Generic("2015-04-08", "crm.aliyuncs.com")
ECS = Generic("2014-05-26", "ecs.cn-hangzhou.aliyuncs.com")
ACCOUNT_CRM = Package(account_crm_client.Client, account_crm_models)
RAM = Package(ram_client.Client, ram_models)
IMS = Package(ims_client.Client, ims_models)
STS = Package(sts_client.Client, sts_models)


def identity(key, algorithm=None):
    """Who STS says the key belongs to."""
    return STS(key, "GetCallerIdentity", algorithm)


@contextmanager
def refused(status, code, message=None):
    """The block must end in a refusal, of which every field is checked; a message may be given by its beginning."""
    with pytest.raises(ClientException) as caught:
        yield caught
    error = caught.value
    assert type(error) is ClientException
    assert (error.status_code, error.code) == (status, code)
    assert REQUEST_ID.fullmatch(error.request_id)
    assert error.message == f"code: {status}, {error.data['Message']} request id: {error.request_id}"
    assert error.data["Message"].startswith(message or "")
    assert HOST_ID.fullmatch(error.data["HostId"])


@contextmanager
def denied(resource, action, kind="ImplicitDeny", layer="AccountLevelIdentityBasedPolicy"):
    """The block must end in a refusal of permission that says what was asked and which kind of policy decided."""
    with refused(403, "NoPermission") as caught:
        yield caught
    error = caught.value
    assert error.data["Message"] == f"You are not authorized to do this action. Resource: {resource} Action: {action}"
    detail = error.access_denied_detail
    assert (detail["AuthAction"], detail["NoPermissionType"], detail["PolicyType"]) == (action, kind, layer)
    assert detail["EncodedDiagnosticMessage"]


def register():
    """Registers an account of the China site under the seeded partner."""
    return AAS(OPERATOR, "CreateAliyunAccount", AliyunId=f"walk-{next(SERIAL)}@alimock.example")


def root_key(pk):
    """Has the partner make a root key of one of its accounts."""
    key = AAS(OPERATOR, "CreateAccessKeyForAccount", PK=pk)["AccessKey"]
    return Key(key["AccessKeyId"], key["AccessKeySecret"])


def new_key(package, signer, **owner):
    """Makes a key through RAM or IMS."""
    key = package(signer, "CreateAccessKey", **owner).access_key
    return Key(key.access_key_id, key.access_key_secret)


def session(body):
    """The temporary key in an answer of STS."""
    made = body.credentials
    return Key(made.access_key_id, made.access_key_secret, made.security_token)


def new_user(account, name, **fields):
    """Makes a user with a key, and gives the key."""
    RAM(account.key, "CreateUser", user_name=name, **fields)
    return new_key(RAM, account.key, user_name=name)


def new_policy(account, name, document, **fields):
    """Makes a custom policy, and gives the parameters that attach it."""
    RAM(account.key, "CreatePolicy", policy_name=name, policy_document=document, **fields)
    return {"policy_name": name, "policy_type": "Custom"}


def statuses(package, signer, **owner):
    """The keys that RAM or IMS lists, with their status, in the order of their making."""
    keys = package(signer, "ListAccessKeys", **owner).access_keys.access_key
    return [(key.access_key_id, key.status) for key in keys]


def last_use(package, signer, key_id, **owner):
    """When a key last signed, and in IMS for which service."""
    return package(signer, "GetAccessKeyLastUsed", user_access_key_id=key_id, **owner).access_key_last_used
