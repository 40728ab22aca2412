"""The stage of a test: the world of one scenario, clients for everybody in it, and what a test has to show of it.

A test has two halves. `naive` is what a client meets that takes no care: afterwards the expectations of the file do not
hold. `good` starts the world again and is what a client does that takes care: afterwards they hold. What both halves have
provoked is compared with what the file says: each of its rules struck, its timeline was carried out, and every answer that
its head names by status and code was given.
"""

import json
import pathlib
import re
import urllib.request
from contextlib import contextmanager
from importlib.util import module_from_spec, spec_from_file_location

import clients
import yaml
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils_models import GlobalParameters
from seeded import ENDPOINT, HOST, Key, control

HERE = pathlib.Path(__file__).resolve().parent
SCENARIOS = HERE.parents[2] / "scenarios"

# The clients of the suite for the older SDK, whose module has the same name.
spec = spec_from_file_location("clients_v1", HERE.parent / "python_v1" / "clients.py")
v1 = module_from_spec(spec)
spec.loader.exec_module(v1)

# `404 `InvalidAccessKeyId``: an answer that the head of a scenario names.
NAMED = re.compile(r"\b(\d{3}) `([^`]+)`")


class Stage:
    """The world of a scenario."""

    def __init__(self, name):
        self.name = name
        text = (SCENARIOS / f"{name}.yaml").read_text()
        self.file = yaml.safe_load(text)
        head = " ".join(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))
        self.named = {(int(status), code) for status, code in NAMED.findall(head)}
        self.struck, self.done, self.answered, self.halves = set(), 0, set(), []
        # Nothing in a request for metadata tells the world but the port.
        query = f"name={name}" + ("&listen=127.0.0.1:0" if "instance" in self.file else "")
        request = urllib.request.Request(f"{ENDPOINT}/_alimock/worlds?{query}", text.encode(), method="POST")
        with urllib.request.urlopen(request) as answer:
            self.made = json.load(answer)

    # ---- who is there

    def account(self, name=None):
        """An account, the first that is no partner without a name."""
        fits = (lambda one: one["name"] == name) if name else (lambda one: not one["isPartner"])
        return next(account for account in self.made["accounts"] if fits(account))

    def key(self, user=None, account=None, index=0):
        """A key of the file: of a user, or of the account itself."""
        keys = [key for key in self.account(account)["keys"] if key.get("user") == user]
        return Key(keys[index]["accessKeyId"], keys[index]["accessKeySecret"])

    def session(self, name):
        """A temporary key of the file."""
        roles = [role for account in self.file["accounts"] for role in account.get("roles", [])]
        session = next(one for role in roles for one in role.get("sessions", []) if one["name"] == name)
        return Key(session["id"], session["secret"], session["token"])

    def arn(self, path):
        """`role/deploy` of the account in full."""
        return f"acs:ram::{self.account()['uid']}:{path}"

    # ---- calls

    def config(self, key, algorithm=None, **others):
        """Settings of a client. The world is named, so that it is found by keys that nobody has, too."""
        made = Config(
            access_key_id=key.id,
            access_key_secret=key.secret,
            security_token=key.token,
            region_id="cn-hangzhou",
            endpoint=HOST,
            protocol="HTTP",
            signature_algorithm=algorithm,
            global_parameters=GlobalParameters(headers={"x-alimock-world": self.name}),
        )
        for name, value in others.items():
            setattr(made, name, value)
        return made

    def ram(self, key, action, **fields):
        return clients.RAM.call(self.config(key), action, **fields)

    def ims(self, key, action, **fields):
        return clients.IMS.call(self.config(key), action, **fields)

    def sts(self, key, action, **fields):
        return clients.STS.call(self.config(key), action, **fields)

    def identity(self, key, **settings):
        """Who STS says the key belongs to."""
        return clients.STS.call(self.config(key, **settings), "GetCallerIdentity")

    def assume(self, key, role="deploy"):
        """A new temporary key."""
        body = self.sts(key, "AssumeRole", role_arn=self.arn(f"role/{role}"), role_session_name="job")
        return clients.session(body)

    def new_key(self, signer, user):
        """A new key of a user."""
        made = self.ram(signer, "CreateAccessKey", user_name=user).access_key
        return Key(made.access_key_id, made.access_key_secret)

    def users(self, key, **settings):
        """The names of all users."""
        listed = clients.RAM.call(self.config(key, **settings), "ListUsers").users.user
        return [user.user_name for user in listed]

    def statuses(self, signer, user):
        """The keys of a user and their status."""
        keys = self.ram(signer, "ListAccessKeys", user_name=user).access_keys.access_key
        return {key.access_key_id: key.status for key in keys}

    # ---- the world

    def control(self, method, path, /, **body):
        """Calls the control API about this world."""
        return control(method, f"worlds/{self.name}/{path}", body or None)

    def advance(self, by):
        """Moves the clock that dates things; gives what fell due."""
        due = self.control("POST", "clock/advance", by=by)["fellDue"]
        self.done += len(due)
        return [one["what"] for one in due]

    def state(self, account=None):
        """The account as its console shows it."""
        return self.control("GET", f"accounts/{self.account(account)['uid']}")

    def real_name(self):
        return self.control("GET", f"accounts/{self.account()['uid']}/real-name")

    def journal(self, **wanted):
        """The calls of this half."""
        calls = self.control("GET", "requests?limit=1000")["requests"]
        return [call for call in calls if all(call.get(name) == value for name, value in wanted.items())]

    # ---- the halves

    @contextmanager
    def naive(self):
        """What a client meets that takes no care; the expectations of the file tell it from a good one."""
        yield
        assert not self.verdict()["passed"], "the expectations hold for the naive client, too"
        self.again()
        self.halves.append("naive")

    @contextmanager
    def good(self):
        """What a client does that takes care."""
        yield
        verdict = self.verdict()
        assert verdict["passed"], [one for one in verdict["results"] if not one["passed"]]
        self.bank()
        self.halves.append("good")

    def again(self):
        """Starts the world again."""
        self.bank()
        self.control("POST", "reset")

    def verdict(self):
        return self.control("POST", "verify", expect=self.file["expect"])

    def bank(self):
        """Keeps what has been shown so far."""
        self.struck |= {rule["name"] for rule in self.control("GET", "faults")["faults"] if rule["struck"]}
        self.answered |= {(call["status"], call.get("code")) for call in self.journal()}

    def drop(self):
        """The world goes, and its keys with it."""
        control("DELETE", f"worlds/{self.name}")

    def check(self):
        """What the two halves should have shown."""
        rules = {rule["name"] for rule in self.file.get("faults", [])}
        assert self.halves == ["naive", "good"], f"{self.name} was not shown in two halves"
        assert self.struck == rules, f"rules of {self.name} that never struck: {rules - self.struck}"
        assert self.done >= len(self.file.get("timeline", [])), f"the timeline of {self.name} was not carried out"
        missing = self.named - self.answered
        assert not missing, f"{self.name} names answers that were not given: {missing}"
