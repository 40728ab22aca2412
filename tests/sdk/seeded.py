"""What both Python suites start from: the seeded accounts of the emulator, worlds of their own, and policies."""

import json
import os
import re
import urllib.request
from contextlib import contextmanager
from itertools import count
from typing import NamedTuple

ENDPOINT = os.environ["ALIMOCK_ENDPOINT"]
# SDKs take the address without a scheme.
HOST = ENDPOINT.removeprefix("http://")
# How clients get there (see `run`), and what they are told for that: by the last two ways nothing.
WAY = os.environ.get("ALIMOCK_WAY", "plain")
ADDRESS, SCHEME = {"plain": (HOST, "http"), "tls": (HOST, "https")}.get(WAY, (None, None))

REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
# Hosts that refusals name.
HOST_ID = re.compile(re.escape(HOST.split(":")[0]) if ADDRESS else r".*\.aliyuncs\.com")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Key(NamedTuple):
    """An AccessKey; a temporary one comes with a token."""

    id: str
    secret: str
    token: str | None = None


class Account(NamedTuple):
    """An account with its first root key."""

    pk: str
    key: Key


def control(method, path, body=None):
    """Calls the control API."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{ENDPOINT}/_alimock/{path}", data, method=method)
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def root_key_of(account):
    """The seeded key of an account itself, not of one of its RAM users."""
    key = next(key for key in account["keys"] if "user" not in key)
    return Key(key["accessKeyId"], key["accessKeySecret"])


class World(NamedTuple):
    """A world of its own with one account. A call finds it by the key that signs."""

    name: str
    account: Account

    def post(self, path, **body):
        """Calls the control API about this world."""
        return control("POST", f"worlds/{self.name}/{path}", body)

    def advance(self, by):
        """Moves the clock that dates things and ends sessions."""
        self.post("clock/advance", by=by)


@contextmanager
def standing_world():
    """A world whose clock stands still until a test moves it."""
    name = f"python-{next(SERIAL)}"
    accounts = [{"name": "shop", "keys": [{}]}]
    made = control("POST", f"worlds?name={name}", {"clock": {"resource": START}, "accounts": accounts})
    (shop,) = made["accounts"]
    try:
        yield World(name, Account(shop["uid"], root_key_of(shop)))
    finally:
        control("DELETE", f"worlds/{name}")


SERIAL = count(1)
# When the clock of a standing world starts.
START = "2026-01-01T00:00:00Z"
ACCOUNTS = {account["name"]: account for account in control("GET", "worlds/default")["accounts"]}
# A partner, who may call Aas and Crm, and an ordinary account.
OPERATOR, DEMO = (root_key_of(ACCOUNTS[name]) if name in ACCOUNTS else None for name in ("operator", "demo"))


def statement(effect, action, resource="*", **others):
    """A statement of a policy."""
    return {"Effect": effect, "Action": action, "Resource": resource, **others}


def policy(*statements):
    """A policy document."""
    return json.dumps({"Version": "1", "Statement": statements})


def allow(action, resource="*"):
    """A policy that allows one action."""
    return policy(statement("Allow", action, resource))


def deny(action, resource="*"):
    """A policy that denies one action."""
    return policy(statement("Deny", action, resource))


def trust(principal, **others):
    """A trust policy; a principal is written as in `{"RAM": arn}`."""
    assume = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **others}
    return json.dumps({"Version": "1", "Statement": [assume]})
