"""Fixtures of the suite."""

import os
import urllib.request

import pytest

# Before the import: a check that fails in there shall show its values too.
pytest.register_assert_rewrite("cli")

from cli import Aliyun, Listener, endpoint_variables, key_of, register, root_key
from seeded import ENDPOINT, HOST, Account, standing_world, trust


@pytest.fixture
def outside():
    """Where the program goes for whatever is not on this machine: a proxy that notes who was asked for and refuses."""
    listener = Listener(lambda: (403, b""))
    yield listener
    listener.stop()


@pytest.fixture
def lonely(tmp_path, outside):
    """The program with an empty home and no key. What it asks of the world outside ends at `outside`."""
    proxies = dict.fromkeys(["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"], outside.url)
    known = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_PROXY": "127.0.0.1", **endpoint_variables()}
    return Aliyun({**known, **proxies})


@pytest.fixture
def aliyun(lonely, outside):
    """The same, and a test with it has failed when anything outside was asked for."""
    yield lonely
    assert outside.asked == []


@pytest.fixture
def account(aliyun):
    """A new account of this test alone."""
    pk = register(aliyun)
    return Account(pk, root_key(aliyun, pk))


@pytest.fixture
def shop(aliyun, account):
    """The program signing as that account."""
    return aliyun.as_(account.key)


@pytest.fixture
def world():
    """A new world of this test alone, whose clock stands still."""
    with standing_world() as made:
        yield made


@pytest.fixture
def robot(aliyun, world):
    """A user of a world whose clock stands still, and a role that it may have."""
    root, pk = aliyun.as_(world.account.key), world.account.pk
    root.ok("ram", "CreateUser", UserName="robot")
    root.ok("ram", "AttachPolicyToUser", UserName="robot", PolicyName="AliyunSTSAssumeRoleAccess", PolicyType="System")
    root.ok("ram", "CreateRole", RoleName="deploy", AssumeRolePolicyDocument=trust({"RAM": f"acs:ram::{pk}:root"}))
    return aliyun.as_(key_of(root.ok("ram", "CreateAccessKey", UserName="robot")))


@pytest.fixture
def authority(tmp_path):
    """The certificate of the emulator's authority, in a file."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(f"{ENDPOINT}/_alimock/ca.pem") as answer:
        (tmp_path / "ca.pem").write_bytes(answer.read())
    return str(tmp_path / "ca.pem")


@pytest.fixture
def secure(authority):
    """Has the program speak TLS and trust the emulator, with STS and all products there.

    There is no proxy for TLS then: what asks STS takes no notice of NO_PROXY.
    """
    told = {"SSL_CERT_FILE": authority, "ALIBABA_CLOUD_STS_ENDPOINT": HOST}
    told |= dict.fromkeys(["HTTPS_PROXY", "https_proxy"])
    return lambda aliyun: aliyun.with_variables(**told)
