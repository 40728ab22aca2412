"""A world: its credentials, and what tests change in it."""

from __future__ import annotations

import importlib
import os
import pathlib
import re
import sys
from typing import Any, NamedTuple, Optional, Union

from alimock._control import AlimockError, Call, Control, call_of

#: A mapping, a file, YAML, or the name of a built-in scenario.
Scenario = Union[None, str, "os.PathLike[str]", "dict[str, Any]"]



def scenario_of(scenario: Scenario) -> tuple[Optional[str], Any]:
    """Returns the name of a built-in scenario, or the body with a scenario."""
    if scenario is None or isinstance(scenario, dict):
        return None, scenario
    text = os.fspath(scenario)
    if not isinstance(scenario, str) or text.endswith((".yaml", ".yml", ".json")):
        return None, pathlib.Path(text).read_text(encoding="utf-8")
    return (None, text) if ":" in text or "\n" in text else (text, None)


class Key(NamedTuple):
    """An AccessKey."""

    id: str
    secret: str


class World:
    """An isolated set of accounts with clocks, rules and a journal, and a port of its own."""

    def __init__(self, control: Control, made: dict[str, Any]) -> None:
        self._control, self.name = control, made["world"]
        #: Its address, such as `http://127.0.0.1:45123`.
        self.endpoint: str = made["endpoint"]
        #: Variables for a client: credentials, endpoint, region.
        self.env: dict[str, str] = made["env"]
        self._credentials = re.compile(made["unset"], re.ASCII)
        #: Accounts with their keys, as `GET /worlds/{w}` returns them.
        self.accounts: list[dict[str, Any]] = made["accounts"]
        self.clock = Clock(self)
        self.faults = Faults(self)
        self.key = Keys(self)

    @property
    def host(self) -> str:
        """The endpoint without a scheme, as SDKs take it."""
        return self.endpoint.split("//", 1)[1]

    def call(self, method: str, path: str, body: Any = None, **query: Optional[str]) -> Any:
        """Makes a call of the control API; `path` is below the world."""
        return self._control.call(method, f"/worlds/{self.name}{path}", body, **query)

    def caller(self, name: str) -> Key:
        """Returns the first key of an account, or of `account/user`."""
        account, _, user = name.partition("/")
        for one in self.accounts:
            if account in (one["name"], one["uid"]):
                for key in one["keys"]:
                    if (key.get("user") or "") == user and key.get("accessKeySecret"):
                        return Key(key["accessKeyId"], key["accessKeySecret"])
        known = [one["name"] + (f"/{key['user']}" if key.get("user") else "") for one in self.accounts for key in one["keys"]]
        raise AlimockError(f"`{name}` has no key in the scenario; these have one: {', '.join(dict.fromkeys(known))}")

    def do(self, command: str, **fields: Any) -> Any:
        """Runs a command of docs/commands.md: `world.do("setState", account="demo", status="ARREARS")`."""
        return self.call("POST", "/commands", {command: fields})

    def calls(self, *, refused: bool = False) -> list[Call]:
        """Returns the recorded calls, oldest first, or those that were refused."""
        found: list[Call] = []
        after = "0"
        while True:
            page = self.call("GET", "/requests", limit="1000", after=after)
            if not page["requests"]:
                return found
            found += [call for call in map(call_of, page["requests"]) if not refused or call.status >= 400]
            after = str(page["next"])

    def why(self, request_id: Optional[str] = None) -> dict[str, Any]:
        """Explains a call, by default the last refused one."""
        why: dict[str, Any] = self.call("GET", "/why", request=request_id)
        return why

    def verify(self, expect: Optional[list[dict[str, Any]]] = None) -> list[str]:
        """Checks expectations, by default those of the scenario. Returns what is not as expected."""
        said = self.call("POST", "/verify", None if expect is None else {"expect": expect})
        return [one.get("message") or one["name"] for one in said["results"] if not one["passed"]]

    def export(self) -> str:
        """Returns the world as a scenario file."""
        text: str = self.call("GET", "/export")
        return text

    def delete(self) -> None:
        """Deletes the world and frees its port."""
        self.call("DELETE", "")

    def change_environment(self, env: Any = None) -> dict[str, Optional[str]]:
        """Sets the variables of `env` (default: `os.environ`) for SDK default chains, and removes other credentials.

        Returns what `restore_environment` needs.
        """
        env = os.environ if env is None else env
        before: dict[str, Optional[str]] = {name: env[name] for name in list(env) if self._credentials.match(name)}
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


def restore_environment(before: dict[str, Optional[str]], env: Any = None) -> None:
    """Undoes `World.change_environment`."""
    env = os.environ if env is None else env
    for name, value in before.items():
        if value is None:
            env.pop(name, None)
        else:
            env[name] = value
    _read_again()


def _read_again() -> None:
    """Lets the official SDK see the environment: its default chain reads it once, when it is imported.

    Source: alibabacloud_credentials 1.0.8, `utils/auth_util.py`.
    """
    module = sys.modules.get("alibabacloud_credentials.utils.auth_util")
    if module is not None:
        importlib.reload(module)


class Clock:
    """The clocks of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def advance(self, by: str) -> list[Any]:
        """Moves the resource clock by a span such as `30m`. Returns what fell due."""
        due: list[Any] = self._world.call("POST", "/clock/advance", {"by": by})["fellDue"]
        return due

    def read(self) -> dict[str, Any]:
        """Returns both clocks."""
        clocks: dict[str, Any] = self._world.call("GET", "/clock")
        return clocks

    def set(self, **clocks: str) -> dict[str, Any]:
        """Sets `resource`, `gateway` or both to a time, or to `real`."""
        changed: dict[str, Any] = self._world.call("PUT", "/clock", clocks)
        return changed


class Faults:
    """The fault rules of a world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def add(self, *, match: dict[str, Any], do: dict[str, Any], **words: Any) -> int:
        """Adds a rule of docs/scenarios.md; `words` are `when`, `name` and others. Returns its id."""
        rule: int = self._world.call("POST", "/faults", {"match": match, "do": do, **words})["id"]
        return rule

    def list(self) -> list[dict[str, Any]]:
        """Returns the rules with their counters."""
        rules: list[dict[str, Any]] = self._world.call("GET", "/faults")["faults"]
        return rules

    def remove(self, rule: int) -> None:
        """Deletes a rule."""
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
        """Marks a key as leaked."""
        self._world.do("leakKey", key=key)
