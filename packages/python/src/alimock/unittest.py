"""For unittest: `class Tests(AlimockTestCase)` has a world for each test in `self.alimock`."""

from __future__ import annotations

import atexit
import unittest
from typing import ClassVar, Optional

from alimock._server import Server, running_or_started
from alimock._world import Scenario, World, restore_environment


class AlimockTestCase(unittest.TestCase):
    """A world for each test, in one emulator for the process. The environment has its endpoint and credentials."""

    #: Scenario of the worlds: a name, a file, YAML or a mapping.
    scenario: ClassVar[Scenario] = None
    #: Caller whose credentials the environment has: an account, or `account/user`.
    alimock_as: ClassVar[Optional[str]] = None
    alimock: World
    _server: ClassVar[Optional[Server]] = None

    @classmethod
    def alimock_server(cls) -> Server:
        """The emulator: the one at `ALIMOCK_ENDPOINT`, or one that is started on first use."""
        if AlimockTestCase._server is None:
            server = running_or_started()
            atexit.register(server.stop)
            AlimockTestCase._server = server
        return AlimockTestCase._server

    def setUp(self) -> None:
        super().setUp()
        self.alimock = self.alimock_server().world(self.scenario, name=self.id(), as_=self.alimock_as)
        self.addCleanup(self.alimock.delete)
        self.addCleanup(restore_environment, self.alimock.change_environment())

    def assert_as_expected(self) -> None:
        """Fails if something is not as the scenario expects."""
        wrong = self.alimock.verify()
        if wrong:
            self.fail("alimock: not as the scenario expects: " + "; ".join(wrong))
