"""Fixtures of the suite."""

import pathlib
import sys

import pytest

# The clients of the suite for the newer SDK are used here, too.
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "python_v2"))
# Before the import: a check that fails in there shall show its values too.
pytest.register_assert_rewrite("clients", "stage")

import socket

from darabonba.core import DaraCore
from seeded import HOST
from stage import Stage


def pytest_configure(config):
    config.addinivalue_line("markers", "shows(name): the scenario that a test shows")


def pytest_runtest_makereport(item, call):
    if call.when == "call":
        item.passed = call.excinfo is None


@pytest.fixture
def stage(request):
    """The world of the scenario that the test is marked with."""
    (name,) = request.node.get_closest_marker("shows").args
    made = Stage(name)
    yield made
    made.drop()
    if request.node.passed:
        made.check()


@pytest.fixture
def pauses(monkeypatch):
    """The pauses that the SDK makes between its attempts, in milliseconds; nobody waits for them."""
    made = []
    monkeypatch.setattr(DaraCore, "sleep", made.append)
    return made


@pytest.fixture
def names(monkeypatch):
    """Every host name leads to the emulator; a client adds its port."""
    address, port = HOST.split(":")
    resolve = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **others: resolve(address, *rest, **others))
    return port


@pytest.fixture
def on_instance(stage, monkeypatch):
    """The address of the metadata service leads to the world of the test."""
    address, port = stage.made["listen"].rsplit(":", 1)
    resolve = socket.getaddrinfo

    def lead(host, wanted, *rest, **others):
        is_metadata = host == "100.100.100.200"
        return resolve(address if is_metadata else host, int(port) if is_metadata else wanted, *rest, **others)

    monkeypatch.setattr(socket, "getaddrinfo", lead)
