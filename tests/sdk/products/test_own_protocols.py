"""MNS, FunctionCompute 2.0 and Table Store through their own packages: aliyun-mns-sdk, aliyun-fc2 and tablestore."""

import pytest
import tablestore
from fc2 import Client as FcClient
from fc2.fc_exceptions import FcError
from mns.account import Account
from mns.mns_exception import MNSServerException
from seeded import ENDPOINT, Key

NOT_RUN = "alimock does not run this request"
JOBS = "my-jobs"


class Mns:
    """Message Service."""

    code = {"unknown": "InvalidAccessKeyId", "wrong": "SignatureDoesNotMatch", "denied": "AccessDenied"}

    def __init__(self, key):
        self.client = Account(ENDPOINT, key.id, key.secret, key.token or "")

    def call(self):
        self.client.get_queue(JOBS).get_attributes()

    @staticmethod
    def refusal(error):
        assert isinstance(error, MNSServerException)
        return error.type, error.message


class Fc:
    """FunctionCompute 2.0."""

    code = {"unknown": "InvalidAccessKeyID", "wrong": "SignatureNotMatch", "denied": "AccessDenied"}

    def __init__(self, key):
        token = {"securityToken": key.token} if key.token else {}
        self.client = FcClient(endpoint=ENDPOINT, accessKeyID=key.id, accessKeySecret=key.secret, **token)

    def call(self):
        self.client.get_function("shop", "pay")

    @staticmethod
    def refusal(error):
        assert isinstance(error, FcError) and error.request_id != "unknown"
        return error.err_code, error.message


class Ots:
    """Table Store."""

    code = {"unknown": "OTSAuthFailed", "wrong": "OTSAuthFailed", "denied": "OTSNoPermissionAccess"}

    def __init__(self, key, **settings):
        self.client = tablestore.OTSClient(ENDPOINT, key.id, key.secret, "my-instance", sts_token=key.token, **settings)

    def call(self):
        self.client.describe_table("orders")

    @staticmethod
    def refusal(error):
        assert isinstance(error, tablestore.OTSServiceError) and error.get_request_id()
        return error.get_error_code(), error.get_error_message()


class OtsV4(Ots):
    """Table Store with the newer signature."""

    def __init__(self, key):
        super().__init__(key, region="cn-hangzhou")


PACKAGES = pytest.mark.parametrize("package", [Mns, Fc, Ots, OtsV4])


def refusal(package, key):
    """Code and text of the refusal of a call."""
    client = package(key)
    with pytest.raises((MNSServerException, FcError, tablestore.OTSServiceError)) as caught:
        client.call()
    return package.refusal(caught.value)


@PACKAGES
def test_a_good_key_and_permission_get_in(stage, package):
    for key in [stage.key(), stage.key("ci"), stage.session("night")]:
        assert NOT_RUN in refusal(package, key)[1]


@PACKAGES
def test_a_bad_key_and_a_missing_permission_are_refused(stage, package):
    good = stage.key()
    assert refusal(package, Key(f"{good.id[:-1]}x", good.secret))[0] == package.code["unknown"]
    assert refusal(package, Key(good.id, "wrong"))[0] == package.code["wrong"]
    assert refusal(package, stage.key("guest"))[0] == package.code["denied"]
    assert "disabled" in refusal(package, stage.key(status="Inactive"))[1]


@PACKAGES
def test_a_session_is_good_until_it_ends(stage, package):
    session = stage.session("night")
    assert "invalid" in refusal(package, session._replace(token="nonsense"))[1]
    stage.advance("1h")
    assert "expired" in refusal(package, session)[1]
