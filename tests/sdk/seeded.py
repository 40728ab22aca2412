"""What both Python suites start from: the address of the emulator and the accounts it is seeded with."""

import json
import os
import re
import urllib.request
from typing import NamedTuple

ENDPOINT = os.environ["ALIMOCK_ENDPOINT"]
# SDKs take the address without a scheme.
HOST = ENDPOINT.removeprefix("http://")

REQUEST_ID = re.compile(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Key(NamedTuple):
    """An AccessKey."""

    id: str
    secret: str


with urllib.request.urlopen(f"{ENDPOINT}/_alimock/worlds/default") as answer:
    ACCOUNTS = {account["name"]: account for account in json.load(answer)["accounts"]}


def root_key_of(name):
    """The seeded key of an account itself, not of one of its RAM users."""
    key = next(key for key in ACCOUNTS[name]["keys"] if "user" not in key)
    return Key(key["accessKeyId"], key["accessKeySecret"])


# A partner, who may call Aas and Crm, and an ordinary account.
OPERATOR, DEMO = root_key_of("operator"), root_key_of("demo")
