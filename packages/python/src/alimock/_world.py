"""A world: its credentials, and what tests change in it."""

from __future__ import annotations

import importlib
import os
import pathlib
import re
import sys
from collections.abc import MutableMapping
from typing import Any, NamedTuple

from alimock._control import AlimockError, Call, Control, call_of

#: A mapping, a file, YAML, or the name of a built-in scenario. A text is a file if it ends with `.yaml`, `.yml` or `.json`.
Scenario = str | os.PathLike[str] | dict[str, Any] | None
#: Calls that the report of a failed test shows.
_SHOWN = 20


def scenario_of(scenario: Scenario) -> tuple[str | None, Any]:
    """Returns the name of a built-in scenario, or the body with a scenario."""
    if scenario is None or isinstance(scenario, dict):
        return None, scenario
    text = os.fspath(scenario)
    if not isinstance(scenario, str) or is_file(text):
        return None, pathlib.Path(text).read_text(encoding="utf-8")
    return (None, text) if ":" in text or "\n" in text else (text, None)


def is_file(text: str) -> bool:
    """Tells if a scenario that is a text is the name of a file."""
    return text.endswith((".yaml", ".yml", ".json")) and "\n" not in text


class Key(NamedTuple):
    """An AccessKey."""

    #: AccessKeyId, such as `LTAI5t...`.
    id: str
    #: AccessKeySecret, which signs.
    secret: str


class World:
    """An isolated set of accounts with clocks, rules and a journal. `with` deletes it at the end.

    `Server.world` and the fixture `alimock` make worlds.
    Each method is a call of the control API. If that is refused, it raises `AlimockError`.
    """

    def __init__(self, control: Control, made: dict[str, Any]) -> None:
        self._control = control
        #: Its name, unique in the server.
        self.name: str = made["world"]
        #: Variables for a client: credentials, endpoint, region.
        self.env: dict[str, str] = made["env"]
        #: Regular expression (ASCII): variables that match choose credentials, so a client should not see them beside `env`.
        self.unset: str = made["unset"]
        #: Its address as it is reached from here, such as `http://127.0.0.1:45123`.
        self.endpoint: str = self.env["ALIMOCK_ENDPOINT"]
        #: Accounts with their keys, in the order of the scenario, as `GET /worlds/{w}` returned them.
        self.accounts: list[dict[str, Any]] = made["accounts"]
        #: Its clocks.
        self.clock = Clock(self)
        #: Its fault rules.
        self.faults = Faults(self)
        #: Changes of its AccessKeys.
        self.key = Keys(self)

    @property
    def host(self) -> str:
        """The endpoint without a scheme, such as `127.0.0.1:45123`: SDKs take it so."""
        return self.endpoint.split("//", 1)[1]

    def call(self, method: str, path: str, body: Any = None, **query: str | None) -> Any:
        """Makes a call of the control API; `path` is below the world: `world.call("GET", "/accounts/demo")`.

        `body` is JSON, or a text that is sent as it is. Returns the JSON of the answer, or its text.
        """
        return self._control.call(method, f"/worlds/{self.name}{path}", body, **query)

    def caller(self, name: str) -> Key:
        """Returns the first key of an account, or of `account/user`. Raises `AlimockError` if the scenario gave it none."""
        account, _, user = name.partition("/")
        for one in self.accounts:
            if account in (one["name"], one["uid"]):
                for key in one["keys"]:
                    if (key.get("user") or "") == user and key.get("accessKeySecret"):
                        return Key(key["accessKeyId"], key["accessKeySecret"])
        known = [one["name"] + (f"/{key['user']}" if key.get("user") else "") for one in self.accounts for key in one["keys"]]
        raise AlimockError(f"`{name}` has no key in the scenario; these have one: {', '.join(dict.fromkeys(known))}")

    def do(self, command: str, **fields: Any) -> Any:
        """Runs a command of docs/commands.md: `world.do("setState", account="demo", status="ARREARS")`. Returns what was done."""
        return self.call("POST", "/commands", {command: fields})

    def calls(self, *, refused: bool = False) -> list[Call]:
        """Returns the recorded calls, oldest first; with `refused`, only those that were refused."""
        found: list[Call] = []
        after = "0"
        while True:
            page = self.call("GET", "/requests", limit="1000", after=after, refused="true" if refused else None)
            if not page["requests"]:
                return found
            found += map(call_of, page["requests"])
            after = str(page["next"])

    def why(self, request_id: str | None = None) -> dict[str, Any]:
        """Explains a call, by default the last refused one. The keys are those of `why` in docs/control-api.md."""
        why: dict[str, Any] = self.call("GET", "/why", request=request_id)
        return why

    def verify(self, expect: list[dict[str, Any]] | None = None) -> list[str]:
        """Checks expectations, by default those of the scenario. Returns a message for each that is not met."""
        said = self.call("POST", "/verify", None if expect is None else {"expect": expect})
        return [one.get("message") or one["name"] for one in said["results"] if not one["passed"]]

    def export(self) -> str:
        """Returns the world as a scenario file (YAML), with ids and secrets."""
        text: str = self.call("GET", "/export")
        return text

    def delete(self) -> None:
        """Deletes the world and frees its port. A world that is deleted already is no error."""
        try:
            self.call("DELETE", "")
        except AlimockError as error:
            if error.code != "world_not_found":
                raise

    def change_environment(self, env: MutableMapping[str, str] | None = None) -> dict[str, str | None]:
        """Sets the variables of `env` (default: `os.environ`) for SDK default chains, and removes other credentials.

        Returns what `restore_environment` needs. The fixture and `AlimockTestCase` call both.
        """
        env = os.environ if env is None else env
        other = re.compile(self.unset, re.ASCII)
        before: dict[str, str | None] = {name: env[name] for name in list(env) if other.match(name)}
        for name in before:
            del env[name]
        for name, value in self.env.items():
            before.setdefault(name, env.get(name))
            env[name] = value
        _read_again()
        return before

    def __enter__(self) -> World:
        return self

    def __exit__(self, *_: object) -> None:
        self.delete()


def restore_environment(before: dict[str, str | None], env: MutableMapping[str, str] | None = None) -> None:
    """Undoes `World.change_environment`, which returned `before`."""
    env = os.environ if env is None else env
    for name, value in before.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    _read_again()


def report_of(world: World) -> list[str]:
    """Returns the lines about the calls of a world that the report of a failed test shows."""
    try:
        calls = world.calls()
    except AlimockError as error:
        # The failure of the test is the one to report.
        return [str(error)]
    lines = [str(call) for call in calls[-_SHOWN:]]
    if len(calls) > _SHOWN:
        lines.insert(0, f"({len(calls) - _SHOWN} earlier calls)")
    return lines or ["no call arrived"]


def _read_again() -> None:
    """Lets the official SDK see the environment: its default chain reads it once, when it is imported.

    Source: alibabacloud_credentials 1.0.8, `utils/auth_util.py`.
    """
    module = sys.modules.get("alibabacloud_credentials.utils.auth_util")
    if module is not None:
        importlib.reload(module)


class Clock:
    """The clocks of a world: `resource` is the time of the services, `gateway` that of signatures."""

    def __init__(self, world: World) -> None:
        self._world = world

    def advance(self, by: str) -> list[Any]:
        """Moves the resource clock by a span such as `90s`, `30m`, `2h` or `1d`. Returns what fell due on the way."""
        due: list[Any] = self._world.call("POST", "/clock/advance", {"by": by})["fellDue"]
        return due

    def read(self) -> dict[str, Any]:
        """Returns both clocks, each with its time as `now`."""
        clocks: dict[str, Any] = self._world.call("GET", "/clock")
        return clocks

    def set(self, **clocks: str | float) -> dict[str, Any]:
        """Sets `resource`, `gateway` or both. Returns both clocks.

        A value is `real`, a time at which the clock stands still, a span that it is ahead (`-20m`: behind), or its speed.
        """
        changed: dict[str, Any] = self._world.call("PUT", "/clock", clocks)
        return changed


class Faults:
    """The fault rules of a world, which docs/scenarios.md describes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add(self, *, match: dict[str, Any], do: dict[str, Any], **words: Any) -> int:
        """Adds a rule, and returns its id: `add(match={"action": "ListUsers"}, do={"error": {"code": "Throttling.User"}})`.

        `words` are the other words of a rule, such as `when={"times": 2}`.
        """
        rule: int = self._world.call("POST", "/faults", {"match": match, "do": do, **words})["id"]
        return rule

    def list(self) -> list[dict[str, Any]]:
        """Returns the rules; `matched` and `struck` are their counters."""
        rules: list[dict[str, Any]] = self._world.call("GET", "/faults")["faults"]
        return rules

    def remove(self, rule: int) -> None:
        """Deletes a rule by its id."""
        self._world.call("DELETE", f"/faults/{rule}")


class Keys:
    """Changes of AccessKeys. A key is an AccessKeyId, or an account or `account/user`: then its newest key that can be changed."""

    def __init__(self, world: World) -> None:
        self._world = world

    def disable(self, key: str) -> None:
        """Disables a key."""
        self._world.do("disableKey", key=key)

    def enable(self, key: str) -> None:
        """Enables a key."""
        self._world.do("enableKey", key=key)

    def delete(self, key: str) -> None:
        """Deletes a key."""
        self._world.do("deleteKey", key=key)

    def leak(self, key: str) -> None:
        """Marks a key as leaked: its signatures are valid, but many operations refuse it."""
        self._world.do("leakKey", key=key)
