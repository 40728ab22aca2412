"""The plugin of pytest: a world for each test, in one emulator for the whole run."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

import pytest

from alimock._control import AlimockError
from alimock._seeds import Seeds
from alimock._server import Server, running_or_started
from alimock._world import Scenario, World, is_file, report_of, restore_environment

_SERVER = pytest.StashKey[Server]()
_WORLD = pytest.StashKey[World]()
_EXPECT = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds the setting `alimock_scenario`."""
    parser.addini("alimock_scenario", "scenario of worlds whose test names none: a file or the name of a built-in one")


def pytest_configure(config: pytest.Config) -> None:
    """Explains the marker `alimock`."""
    config.addinivalue_line(
        "markers",
        "alimock(scenario, as_=None, expect=True): the scenario of the fixture `alimock` (a name, a file, YAML or a mapping), the "
        "caller whose credentials it gives, and if the expectations of the scenario are checked after the test",
    )


def _server(config: pytest.Config) -> Server:
    """The emulator of this run: one that runs already, or one that is started on first use and stopped at the end."""
    if _SERVER not in config.stash:
        endpoint = getattr(config, "workerinput", {}).get("alimock")
        # A worker of xdist uses the emulator of the run.
        server = Server(endpoint, os.environ.get("ALIMOCK_CONTROL_TOKEN")) if endpoint else running_or_started()
        config.add_cleanup(server.stop)
        config.stash[_SERVER] = server
    return config.stash[_SERVER]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tells workers of xdist where the one emulator is."""
    # Only a test that uses the emulator fails without it; its worker says why.
    with contextlib.suppress(AlimockError):
        node.workerinput["alimock"] = _server(node.config).endpoint


@pytest.fixture(scope="session")
def alimock_server(pytestconfig: pytest.Config) -> Server:
    """The emulator. If `ALIMOCK_ENDPOINT` is set, it is the one there; else one is started for this run.

    A fixture of the same name in `conftest.py` replaces it, for instance by that of a container.
    """
    return _server(pytestconfig)


@pytest.fixture(scope="session")
def _alimock_seeds(alimock_server: Server) -> Iterator[Seeds]:
    """Worlds that tests fork."""
    seeds = Seeds(alimock_server)
    yield seeds
    seeds.delete()


@pytest.fixture
def alimock(request: pytest.FixtureRequest, _alimock_seeds: Seeds) -> Iterator[World]:
    """A world for this test. The environment has its endpoint and credentials, and no others."""
    marker = request.node.get_closest_marker("alimock")
    scenario, as_, expect = _wanted(request, *(marker.args if marker else ()), **(marker.kwargs if marker else {}))
    world = _alimock_seeds.world(scenario, name=request.node.nodeid, as_=as_)
    request.node.stash[_WORLD] = world
    request.node.stash[_EXPECT] = expect
    before = world.change_environment()
    try:
        yield world
    finally:
        restore_environment(before)
        world.delete()


def _wanted(
    request: pytest.FixtureRequest, scenario: Scenario = None, *, as_: str | None = None, expect: bool = True
) -> tuple[Scenario, str | None, bool]:
    """Reads the arguments of the marker. A file is beside the test, or in the folder of the configuration of pytest."""
    config = request.config
    if scenario is None:
        scenario = config.getini("alimock_scenario") or None
    if isinstance(scenario, str) and is_file(scenario):
        beside = request.path.parent / scenario
        configured = (config.inipath or config.rootpath / "x").parent / scenario
        scenario = str(beside if beside.exists() else configured)
    return scenario, as_, expect


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """Checks the expectations after a test that passed."""
    result = yield
    if item.stash.get(_EXPECT, False):
        wrong = item.stash[_WORLD].verify()
        if wrong:
            pytest.fail("alimock: not as the scenario expects: " + "; ".join(wrong), pytrace=False)
    return result


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Adds the calls to the report of a failure."""
    report = yield
    world = item.stash.get(_WORLD, None)
    if call.when == "call" and report.failed and world is not None:
        report.sections.append((f"alimock calls in world {world.name}", "\n".join(report_of(world))))
    return report
