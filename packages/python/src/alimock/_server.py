"""The program: found, started, stopped; and the worlds in it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from typing import Any

from alimock._control import AlimockError, Control
from alimock._world import Scenario, World, scenario_of

_LISTENS = re.compile(r"listens on (http://\S+)")
#: Seconds that a start may take on a busy machine.
_PATIENCE = 30.0
#: Seconds until a server is asked to stop no longer.
_STOPPING = 10.0
#: Seconds in which a port that can be reached has answered.
_REACHED = 2.0


def program() -> str:
    """Returns the path of the program: `ALIMOCK_BIN`, the one that was installed with this package, or the one on the PATH."""
    named = os.environ.get("ALIMOCK_BIN")
    if named:
        found = shutil.which(named)
        if not found:
            raise AlimockError(f"ALIMOCK_BIN: there is no program `{named}`")
        return found
    name = "alimock.exe" if sys.platform == "win32" else "alimock"
    # Beside this interpreter, also without an activated environment; then where `pip install --user` puts it.
    user = sysconfig.get_path("scripts", sysconfig.get_preferred_scheme("user"))
    for place in (sysconfig.get_path("scripts"), os.path.dirname(sys.executable or os.curdir), user):
        if os.path.isfile(os.path.join(place, name)):
            return os.path.join(place, name)
    found = shutil.which("alimock")
    if not found:
        raise AlimockError("there is no program `alimock`: install the package again, or name it with ALIMOCK_BIN")
    return found


class Server:
    """A running emulator. `with` stops it at the end, if `start` started it."""

    def __init__(
        self,
        endpoint: str,
        token: str | None = None,
        *,
        shares_port: bool | None = None,
        process: _Process | None = None,
    ) -> None:
        """Names an emulator that runs already. `token` is that of its control API, if it has one."""
        self._control, self._process, self._shares_port = Control(endpoint, token), process, shares_port

    @property
    def endpoint(self) -> str:
        """Its address, such as `http://127.0.0.1:4588`."""
        return self._control.endpoint

    @property
    def token(self) -> str | None:
        """The token of its control API, if it has one."""
        return self._control.token

    @property
    def shares_port(self) -> bool:
        """If its worlds are reached at its own port and have none. That is so in a container that publishes one port."""
        if self._shares_port is None:
            self._shares_port = not self._reaches_worlds()
        return self._shares_port

    def call(self, method: str, path: str, body: Any = None, **query: str | None) -> Any:
        """Makes a call of the control API; `path` is below `/_alimock`. Raises `AlimockError` if it is refused."""
        return self._control.call(method, path, body, **query)

    def world(self, scenario: Scenario = None, *, name: str | None = None, as_: str | None = None) -> World:
        """Makes a world with a port of its own.

        `scenario` is a mapping, a file, YAML, or the name of a built-in scenario; without it, the world starts as the server did.
        `name` is any text, from which the server makes the name of the world.
        `as_` is the caller whose credentials `world.env` has: an account, or `account/user`.

        If `shares_port`, the AccessKey of a call selects the world. A scenario that pins ids of keys can then be in one world at a time.
        """
        named, body = scenario_of(scenario)
        return self._made("/worlds", body, {"name": name, "scenario": named, "as": as_})

    def fork(self, world: World, *, name: str | None = None, as_: str | None = None) -> World:
        """Makes a world that starts as `world` is now.

        If `shares_port`, it has the keys of `world`, and its host name `NAME.localhost` selects it. Not every machine finds such names.
        """
        return self._made(f"/worlds/{world.name}/fork", None, {"name": name, "as": as_})

    def _made(self, path: str, body: Any, query: dict[str, str | None]) -> World:
        slug = "true" if query["name"] else None
        listen = None if self.shares_port else self._port()
        return World(self._control, self.call("POST", path, body, slug=slug, listen=listen, **query))

    def _port(self) -> str:
        """A free port, at the address where the server is reached."""
        host = self.endpoint.split("//", 1)[1].rsplit(":", 1)[0]
        if host == "localhost":
            return "127.0.0.1:0"
        # Another name leads to an address that only the server knows.
        return f"{host}:0" if host[0].isdigit() or host[0] == "[" else "0.0.0.0:0"

    def _reaches_worlds(self) -> bool:
        """Tries if the port of a world can be reached: that of a container is often not published."""
        try:
            world = World(self._control, self.call("POST", "/worlds", listen=self._port()))
        except AlimockError as refused:
            if refused.code not in ("invalid_listen", "listen_too_wide", "address_in_use"):
                raise
            return False
        try:
            # Another program may have the same port on this side.
            Control(world.endpoint, self.token, _REACHED).call("GET", f"/worlds/{world.name}")
        except (AlimockError, ValueError):
            return False
        finally:
            world.delete()
        return True

    def stop(self) -> None:
        """Stops the program and waits for its end, if this object started it."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Process:
    """The program, and what ends it when this process is killed."""

    def __init__(self, command: list[str], said: Any) -> None:
        # Settings for a program that runs already are not for this one.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIMOCK_")}
        # Ctrl-C reaches the tests alone: they still delete their worlds.
        self.program = subprocess.Popen(
            command, env=kept, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
        )
        self._guard = _guard(self.program.pid)

    def stop(self) -> None:
        self.program.terminate()
        try:
            self.program.wait(_STOPPING)
        except subprocess.TimeoutExpired:
            self.program.kill()
            self.program.wait()
        if self._guard is not None:
            self._guard.communicate(b"stopped\n")


def _guard(pid: int) -> subprocess.Popen[bytes] | None:
    """A shell whose input ends when this process does, even if it is killed; then it ends the program.

    Without a shell, as on Windows, a program outlives a killed process.
    """
    command = ["/bin/sh", "-c", 'read -r _ || kill "$0"', str(pid)]
    try:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except OSError:
        return None


def running_or_started() -> Server:
    """Returns the emulator at `ALIMOCK_ENDPOINT`, or starts one."""
    endpoint = os.environ.get("ALIMOCK_ENDPOINT")
    return Server(endpoint, os.environ.get("ALIMOCK_CONTROL_TOKEN")) if endpoint else start()


def start(scenario: str | os.PathLike[str] | None = None, *options: str) -> Server:
    """Starts the program on a free port of 127.0.0.1, and returns when it listens.

    `scenario` is a file or the name of a built-in one, for worlds that name none. `options` are those of `alimock serve`.
    The program ends with `Server.stop`, or with this process.
    Raises `AlimockError` if there is no program, or with what the program said if it does not start.
    """
    command = [program(), "serve", "--listen", "127.0.0.1:0", "--color", "never", *options]
    if scenario is not None:
        command += ["--scenario", os.fspath(scenario)]
    # A file never blocks the program, as a pipe does that nobody reads.
    with tempfile.TemporaryFile("w+") as said:
        process = _Process(command, said)
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            ended = process.program.poll() is not None
            said.seek(0)
            text = said.read()
            listens = _LISTENS.search(text)
            if listens:
                return Server(listens.group(1), shares_port=False, process=process)
            if ended:
                process.stop()
                raise AlimockError(f"alimock did not start: {text.strip()}")
            time.sleep(0.005)
        process.stop()
        raise AlimockError(f"alimock did not start in {_PATIENCE:.0f} seconds: {text.strip()}")
