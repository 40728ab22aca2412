"""Worlds for tests, each under the name of its test."""

from __future__ import annotations

from alimock._control import AlimockError
from alimock._server import Server
from alimock._world import Scenario, World


class Seeds:
    """A world for each scenario, which tests fork: that takes the same time for a scenario of any size."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: dict[str, World] = {}

    def world(self, scenario: Scenario, *, name: str, as_: str | None) -> World:
        """Makes a world under the name of a test, which gives it the same ids in every run."""
        try:
            return self._new(scenario, name, as_)
        except AlimockError as error:
            # Another run uses the same emulator, or the test runs twice at a time.
            if error.code != "world_exists":
                raise
            return self._new(scenario, None, as_)

    def _new(self, scenario: Scenario, name: str | None, as_: str | None) -> World:
        if self._server.shares_port:
            # Keys select the world there, and a fork has those of its parent.
            return self._server.world(scenario, name=name, as_=as_)
        seed = repr(scenario)
        if seed not in self._made:
            self._made[seed] = self._server.world(scenario)
        return self._server.fork(self._made[seed], name=name, as_=as_)

    def delete(self) -> None:
        """Deletes the worlds that tests forked."""
        while self._made:
            self._made.popitem()[1].delete()
