"""For unittest: `class Tests(AlimockTestCase)` has a world for each test in `self.alimock`."""

from __future__ import annotations

import atexit
import contextlib
import functools
import inspect
import os
import sys
import unittest
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

from alimock._seeds import Seeds
from alimock._server import Server, running_or_started
from alimock._world import Scenario, World, is_file, report_of, restore_environment

#: Reports of unittest omit the frames of a module that has this name.
__unittest = True


class AlimockTestCase(unittest.TestCase):
    """A world for each test, in one emulator for the process. The environment has its endpoint and credentials.

    A test that passed fails if the expectations of its scenario are not met. A failure shows the calls of its world.
    """

    #: Scenario of the worlds: a name, a file, YAML or a mapping. A file is named from the folder of the test module.
    scenario: ClassVar[Scenario] = None
    #: Caller whose credentials the environment has: an account, or `account/user`.
    alimock_as: ClassVar[str | None] = None
    #: If the expectations of the scenario are checked after a test that passed.
    alimock_expect: ClassVar[bool] = True
    #: The world of the running test.
    alimock: World
    _server: ClassVar[Server | None] = None
    _seeds: ClassVar[Seeds]
    _subtest_failed = False

    @classmethod
    def alimock_server(cls) -> Server:
        """The emulator: the one at `ALIMOCK_ENDPOINT`, or one that is started on first use and stopped with the process."""
        if AlimockTestCase._server is None:
            AlimockTestCase._server = server = running_or_started()
            AlimockTestCase._seeds = Seeds(server)
            atexit.register(server.stop)
            atexit.register(AlimockTestCase._seeds.delete)
        return AlimockTestCase._server

    def setUp(self) -> None:
        """Makes the world, and changes the environment until the end of the test."""
        super().setUp()
        self.alimock_server()
        scenario = self.scenario
        if isinstance(scenario, str) and is_file(scenario):
            scenario = os.path.join(os.path.dirname(inspect.getfile(type(self))), scenario)
        self.alimock = self._seeds.world(scenario, name=self.id(), as_=self.alimock_as)
        self.addCleanup(self.alimock.delete)
        self.addCleanup(restore_environment, self.alimock.change_environment())

    def assert_as_expected(self) -> None:
        """Fails if something is not as the scenario expects. It is called after each test, unless `alimock_expect` is false."""
        wrong = self.alimock.verify()
        if wrong:
            self.fail("alimock: not as the scenario expects: " + "; ".join(wrong))

    def run(self, result: unittest.TestResult | None = None) -> unittest.TestResult | None:
        """Runs the test, then checks the expectations; a failure gets the calls of the world."""
        name, own = self._testMethodName, dict(vars(self))
        self._subtest_failed = False
        setattr(self, name, self._checked(getattr(self, name)))
        try:
            return super().run(result)
        finally:
            # pytest sets the method, too.
            if name in own:
                setattr(self, name, own[name])
            else:
                delattr(self, name)

    @contextlib.contextmanager
    def subTest(self, *args: Any, **params: Any) -> Iterator[None]:
        """Runs a part of a test, as unittest does; a failure gets the calls of the world."""
        with super().subTest(*args, **params):
            try:
                yield
            except Exception as error:
                self._subtest_failed = True
                self._add_calls(error)
                raise

    def _checked(self, method: Callable[[], Any]) -> Callable[[], Any]:
        """Wraps the method of a test. Its marks, such as those of `skip`, stay."""

        @contextlib.contextmanager
        def checked() -> Iterator[None]:
            try:
                yield
                if self.alimock_expect and not self._subtest_failed:
                    self.assert_as_expected()
            except unittest.SkipTest:
                raise
            except Exception as error:
                self._add_calls(error)
                raise

        @functools.wraps(method)
        def run() -> Any:
            with checked():
                return method()

        @functools.wraps(method)
        async def run_async() -> Any:
            with checked():
                return await method()

        return run_async if inspect.iscoroutinefunction(method) else run

    def _add_calls(self, error: Exception) -> None:
        text = "\n".join((f"alimock calls in world {self.alimock.name}:", *report_of(self.alimock)))
        if sys.version_info >= (3, 11):
            error.add_note(text)
        else:
            print(text, file=sys.stderr)
