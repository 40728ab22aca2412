"""Fixtures of the suite, which runs where real hosts are the emulator: its clients can be told no endpoint, or are told none."""

from itertools import count

import pytest
from footmark.ram.connection import RAMConnection
from footmark.sts.connection import STSConnection
from seeded import ADDRESS, DEMO

SERIAL = count(1)


def pytest_sessionstart():
    # Anywhere else the calls would leave the machine.
    if ADDRESS is not None:
        raise pytest.UsageError("this suite has clients without endpoints; run it as `tests/sdk/run tools@hosts`")


@pytest.fixture
def ram():
    """RAM of the seeded account, through footmark."""
    return RAMConnection(DEMO.id, DEMO.secret, region="cn-hangzhou")


@pytest.fixture
def sts():
    """STS as a key, through footmark."""
    return lambda key: STSConnection(key.id, key.secret, region="cn-hangzhou", security_token=key.token)


@pytest.fixture
def user(ram):
    """The name of a new user of this test alone."""
    name = f"tools-{next(SERIAL)}"
    ram.create_user(user_name=name, display_name="Tools")
    return name
