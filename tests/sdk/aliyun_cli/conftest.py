"""Fixtures of the suite."""

import os

import pytest

# Before the import: a check that fails in there shall show its values too.
pytest.register_assert_rewrite("cli")

from cli import Aliyun, Listener, endpoint_variables, register, root_key
from seeded import Account, standing_world


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
