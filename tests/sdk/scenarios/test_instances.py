"""The RAM role of an instance, by way of its metadata at 100.100.100.200."""

import time
from collections import Counter
from urllib.error import HTTPError

import pytest
from alibabacloud_credentials.provider import EcsRamRoleCredentialsProvider
from aliyunsdkcore.auth.credentials import EcsRamRoleCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdksts.request.v20150401.GetCallerIdentityRequest import GetCallerIdentityRequest
from clients import refused
from seeded import Key

EXPIRED, NOT_FOUND = "InvalidSecurityToken.Expired", "InvalidAccessKeyId.NotFound"


@pytest.fixture
def later(stage, monkeypatch):
    """Moves the clock of the world and, as much, that of the libraries; each half starts with the right time."""
    moved, localtime = Counter(), time.localtime

    def here(at=None):
        return localtime(time.time() + moved[len(stage.halves)] if at is None else at)

    def advance(hours):
        moved[len(stage.halves)] += hours * 3600
        stage.advance(f"{hours * 60:.0f}m")

    monkeypatch.setattr(time, "localtime", here)
    return advance


def library():
    """The official library, without its thread that asks every minute."""
    return EcsRamRoleCredentialsProvider(async_update_enabled=False)


def key(provider):
    made = provider.get_credentials()
    return Key(made.get_access_key_id(), made.get_access_key_secret(), made.get_security_token())


@pytest.mark.shows("instance-role-rotates")
def test_credentials_of_an_instance_are_asked_for_before_each_call(stage, on_instance, later):
    with stage.naive():
        held = key(library())
        stage.users(held)
        later(6)
        with refused(400, EXPIRED, "Specified SecurityToken is expired."):
            stage.users(held)

    with stage.good():
        provider = library()
        first = key(provider)
        stage.users(first)
        later(5)
        # The library asks now and then; the instance has nothing new yet.
        assert key(provider) == first
        later(0.75)
        second = key(provider)
        assert second.id != first.id
        stage.users(second)
        # Both are good for a quarter of an hour.
        stage.users(first)


@pytest.mark.shows("instance-role-revoked")
def test_revoked_credentials_of_an_instance_are_forgotten_and_asked_for_again(stage, on_instance):
    with stage.naive():
        provider = library()
        for _ in range(2):
            stage.users(key(provider))
        for _ in range(2):
            # The library keeps what its own clock says is good.
            with refused(404, NOT_FOUND, "Specified access key is not found."):
                stage.users(key(provider))

    with stage.good():
        provider = library()
        for _ in range(2):
            stage.users(key(provider))
        with refused(404, NOT_FOUND):
            stage.users(key(provider))
        stage.users(key(library()))


@pytest.mark.shows("imds-v2-required")
def test_metadata_that_requires_tokens_is_read_with_one(stage, on_instance):
    with stage.naive():
        # The older SDK knows no tokens.
        client = AcsClient(region_id="cn-hangzhou", credential=EcsRamRoleCredential("EcsRole"))
        request = GetCallerIdentityRequest()
        request.set_endpoint("127.0.0.1")
        with pytest.raises(HTTPError) as caught:
            client.do_action_with_exception(request)
        assert caught.value.code == 403

    with stage.good():
        assert stage.identity(key(library())).arn.startswith(stage.arn("assumed-role/ecsrole/vm-ram-i-"))
