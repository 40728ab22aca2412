"""The program: found, started, stopped."""

from __future__ import annotations

import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from typing import Any, Optional, Union

from alimock._control import AlimockError, Control
from alimock._world import Scenario, World, scenario_of

_LISTENS = re.compile(r"listens on (http://\S+)")
#: Seconds that a start may take on a busy machine.
_PATIENCE = 30.0


def program() -> str:
    """Returns the path of the program: `ALIMOCK_BIN`, the one that was installed with this package, or the one on the PATH."""
    named = os.environ.get("ALIMOCK_BIN")
    if named:
        found = shutil.which(named)
        if not found:
            raise AlimockError(f"ALIMOCK_BIN: there is no program `{named}`")
        return found
    name = "alimock.exe" if sys.platform == "win32" else "alimock"
    # Beside this interpreter, also without an activated environment.
    places = [pathlib.Path(sysconfig.get_path("scripts")), pathlib.Path(sys.executable).parent]
    for place in places:
        if (place / name).is_file():
            return str(place / name)
    found = shutil.which("alimock")
    if not found:
        raise AlimockError("there is no program `alimock`: install the package again, or name it with ALIMOCK_BIN")
    return found


class Server:
    """A running emulator."""

    def __init__(self, endpoint: str, token: Optional[str] = None, process: Optional[subprocess.Popen[Any]] = None) -> None:
        self._control, self._process = Control(endpoint, token), process

    @property
    def endpoint(self) -> str:
        """Its address, such as `http://127.0.0.1:4588`."""
        return self._control.endpoint

    def call(self, method: str, path: str, body: Any = None, **query: Optional[str]) -> Any:
        """Makes a call of the control API; `path` is below `/_alimock`."""
        return self._control.call(method, path, body, **query)

    def world(self, scenario: Scenario = None, *, name: Optional[str] = None, as_: Optional[str] = None) -> World:
        """Makes a world with a port of its own.

        `scenario` is a mapping, a file, YAML, or the name of a built-in scenario; without it, the world starts as the server did.
        `as_` is the caller whose credentials `world.env` has: an account, or `account/user`.
        """
        named, body = scenario_of(scenario)
        query = {"name": name, "slug": "true" if name else None, "scenario": named, "as": as_}
        return World(self._control, self.call("POST", "/worlds", body, listen=self._port(), **query))

    def fork(self, world: World, *, name: Optional[str] = None, as_: Optional[str] = None) -> World:
        """Makes a world that starts as `world` is now."""
        query = {"name": name, "slug": "true" if name else None, "as": as_}
        return World(self._control, world.call("POST", "/fork", listen=self._port(), **query))

    def _port(self) -> str:
        host = self.endpoint.split("//", 1)[1].rsplit(":", 1)[0]
        return f"{host}:0" if host[0].isdigit() else "127.0.0.1:0"

    def stop(self) -> None:
        """Stops the program, if this object started it."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def running_or_started() -> Server:
    """Returns the emulator at `ALIMOCK_ENDPOINT`, or starts one."""
    endpoint = os.environ.get("ALIMOCK_ENDPOINT")
    return Server(endpoint, os.environ.get("ALIMOCK_CONTROL_TOKEN")) if endpoint else start()


def start(scenario: Union[None, str, os.PathLike[str]] = None, *options: str) -> Server:
    """Starts the program on a free port of 127.0.0.1. `options` are those of `alimock serve`."""
    command = [program(), "serve", "--listen", "127.0.0.1:0", "--color", "never", *options]
    if scenario is not None:
        command += ["--scenario", os.fspath(scenario)]
    # Settings for a program that runs already are not for this one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ALIMOCK_")}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=kept, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            said.seek(0)
            text = said.read()
            listens = _LISTENS.search(text)
            if listens:
                return Server(listens.group(1), None, process)
            if process.poll() is not None:
                raise AlimockError(f"alimock did not start: {text.strip()}")
            time.sleep(0.005)
        process.kill()
        raise AlimockError(f"alimock did not start in {_PATIENCE:.0f} seconds: {text.strip()}")
