"""The v1 packages pointed at the emulator, accounts to call them as, and what a refusal looks like through them."""

import json
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from typing import NamedTuple

import pytest
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import AccessKeyCredential, StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.request import CommonRequest
from seeded import ADDRESS, OPERATOR, REQUEST_ID, SCHEME, Key

SERIAL = count(1)


def client(key):
    credential = StsTokenCredential(*key) if key.token else AccessKeyCredential(key.id, key.secret)
    return AcsClient(region_id="cn-hangzhou", credential=credential)


def send(key, request):
    """Sends a request and gives the body of the answer."""
    return json.loads(client(key).do_action_with_exception(request))


class Package(NamedTuple):
    """The requests of a product package, a module and a class for each action."""

    path: str

    def request(self, action, **fields):
        """A request that is filled through its setters and addressed to the emulator."""
        request = getattr(import_module(f"{self.path}.{action}Request"), f"{action}Request")()
        for name, value in fields.items():
            getattr(request, f"set_{name}")(value)
        if ADDRESS:
            # Most requests of RAM and STS are HTTPS unless told otherwise.
            request.set_protocol_type(SCHEME)
            request.set_endpoint(ADDRESS)
        return request

    def __call__(self, key, action, **fields):
        """Calls `action` and gives the body of the answer."""
        return send(key, self.request(action, **fields))


class Common(NamedTuple):
    """A product without a package, called with the SDK's CommonRequest; the version alone tells the product."""

    product: str
    version: str

    def request(self, action, **query):
        """A request that is addressed to the emulator."""
        request = CommonRequest(domain=ADDRESS, product=self.product, version=self.version, action_name=action)
        if ADDRESS:
            request.set_protocol_type(SCHEME)
        else:
            # The host is looked up by this.
            request.set_location_service_code(self.product.lower())
        for name, value in query.items():
            request.add_query_param(name, value)
        return request

    __call__ = Package.__call__


AAS = Package("aliyunsdkaas.request.v20150701")
CRM = Package("aliyunsdkcrm.request.v20150408")
ECS = Package("aliyunsdkecs.request.v20140526")
RAM = Package("aliyunsdkram.request.v20150501")
STS = Package("aliyunsdksts.request.v20150401")
# The package of IMS has an older version only.
IMS = Common("Ims", "2019-08-15")


def identity(key):
    """Who STS says the key belongs to."""
    return STS(key, "GetCallerIdentity")


@contextmanager
def refused(status, code, message=None):
    """The block must end in a refusal, of which every field is checked; a message may be given by its beginning."""
    with pytest.raises(ServerException) as caught:
        yield
    error = caught.value
    assert (error.get_http_status(), error.get_error_code()) == (status, code)
    assert REQUEST_ID.fullmatch(error.get_request_id())
    assert error.get_error_msg() and error.get_error_msg().startswith(message or "")


def denied(resource, action):
    """The block must end in a refusal of permission. The SDK keeps no detail of it."""
    return refused(
        403, "NoPermission", f"You are not authorized to do this action. Resource: {resource} Action: {action}"
    )


def register():
    """Registers an account of the China site under the seeded partner."""
    return AAS(OPERATOR, "CreateAliyunAccount", AliyunId=f"walk-{next(SERIAL)}@alimock.example")


def root_key(pk):
    """Has the partner make a root key of one of its accounts."""
    return made(AAS(OPERATOR, "CreateAccessKeyForAccount", PK=pk))


def new_key(product, signer, **owner):
    """Makes a key through RAM or IMS."""
    return made(product(signer, "CreateAccessKey", **owner))


def made(body):
    """The key in an answer that made one."""
    return Key(body["AccessKey"]["AccessKeyId"], body["AccessKey"]["AccessKeySecret"])


def session(body):
    """The temporary key in an answer of STS."""
    made = body["Credentials"]
    return Key(made["AccessKeyId"], made["AccessKeySecret"], made["SecurityToken"])


def new_user(account, name):
    """Makes a user with a key, and gives the key."""
    RAM(account.key, "CreateUser", UserName=name)
    return new_key(RAM, account.key, UserName=name)


def new_policy(account, name, document):
    """Makes a custom policy, and gives the parameters that attach it."""
    RAM(account.key, "CreatePolicy", PolicyName=name, PolicyDocument=document)
    return {"PolicyName": name, "PolicyType": "Custom"}


def statuses(product, signer, **owner):
    """The keys that RAM or IMS lists, with their status, in the order of their making."""
    keys = product(signer, "ListAccessKeys", **owner)["AccessKeys"]["AccessKey"]
    return [(key["AccessKeyId"], key["Status"]) for key in keys]


def last_use(product, signer, key_id, **owner):
    """When a key last signed, and in IMS for which service."""
    return product(signer, "GetAccessKeyLastUsed", UserAccessKeyId=key_id, **owner)["AccessKeyLastUsed"]
