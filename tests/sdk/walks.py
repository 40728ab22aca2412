"""Takes the walks of `tests/it/walks` through a client: a call for every operation of a product, written as data.

`tests/it/support/steps.rs` describes the steps. A walk has a world of its own.
"""

import json
import pathlib
import re
import struct
import urllib.parse
import urllib.request
from base64 import b32decode
from datetime import datetime
from hashlib import sha1
from hmac import digest
from itertools import count

import yaml
from seeded import ENDPOINT, Key, control, root_key_of

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "it" / "walks"
HOME = "demo"
SERIAL = count(1)


def of(*products):
    """The names of the walks that take operations of these products."""
    files = {path.stem: yaml.safe_load(path.read_text()) for path in sorted(FOLDER.glob("*.yaml"))}
    return [name for name, walk in files.items() if set(walk["products"]) & set(products)]


def is_proof(value):
    """Whether a value stands for a token or SAML response."""
    return isinstance(value, dict) and any(word.startswith("$") for word in value)


class Walk:
    """A walk in its world. `call(key, operation, params)` sends a call, and gives status and body."""

    def __init__(self, name, call):
        self.call = call
        self.file = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
        made = control("POST", f"worlds?name=walk-{next(SERIAL)}", self.file["world"])
        self.world = made["world"]
        self.accounts = {account["name"]: account for account in made["accounts"]}
        seeded = [key for account in made["accounts"] for key in account["keys"]]
        self.secrets = {key["accessKeyId"]: key["accessKeySecret"] for key in seeded}
        self.answers, self.keys = {}, {}

    def take(self):
        """Takes every step, and gives the operations that succeeded."""
        reached = []
        for step in self.file["steps"]:
            if isinstance(step, list):
                reached.append(self.send(*step))
                continue
            ((word, value),) = step.items()
            if word == "wait":
                control("POST", f"worlds/{self.world}/clock/advance", {"by": value})
            elif word == "refused":
                self.send(*value, refused=True)
            else:
                raise ValueError(f"a client cannot take the step `{word}`")
        control("DELETE", f"worlds/{self.world}")
        return reached

    def send(self, name, params=None, by="root", refused=False):
        """Sends a call, which must have the outcome that the walk says, and gives its operation."""
        operation = name if "." in name else f"Ram.{name}"
        sent = {}
        for param, value in (params or {}).items():
            sent[param] = self.proof(value, sent) if is_proof(value) else self.text(value)
        status, body = self.call(self.key(by), operation, sent)
        assert (status != 200) == refused, f"{operation} {sent}: {status} {body}"
        self.answers[name] = body
        if name.endswith("CreateAccessKey") and not refused:
            self.secrets[body["AccessKey"]["AccessKeyId"]] = body["AccessKey"]["AccessKeySecret"]
        return operation

    def key(self, who):
        """The key of `root`, `user/NAME` or `role/NAME`, in another account as `ACCOUNT:WHO`."""
        if who not in self.keys:
            account, _, name = who.rpartition(":")
            self.keys[who] = self.new_key(account or HOME, *name.split("/"))
        return self.keys[who]

    def new_key(self, account, kind, name=None):
        # Actions that nobody signs are sent unsigned by the SDKs, whatever key they have.
        if kind in ("root", "nobody"):
            return root_key_of(self.accounts[account])
        if kind == "user":
            path = f"worlds/{self.world}/accounts/{self.uid(account)}/access-keys"
            for key in control("GET", f"{path}?user={name}")["accessKeys"]:
                if key["accessKeyId"] in self.secrets:
                    return Key(key["accessKeyId"], self.secrets[key["accessKeyId"]])
            made = control("POST", path, {"user": name})
            return Key(made["accessKeyId"], made["accessKeySecret"])
        uri = control("POST", f"worlds/{self.world}/credentials", {"role": f"{account}/{name}"})["uri"]
        with urllib.request.urlopen(urllib.parse.urljoin(ENDPOINT, uri)) as answer:
            made = json.load(answer)
        return Key(made["AccessKeyId"], made["AccessKeySecret"], made["SecurityToken"])

    def text(self, value):
        """A value as it is sent."""
        if isinstance(value, bool):
            return json.dumps(value)
        if isinstance(value, (list, dict)):
            value = json.dumps(value)
        return re.sub(r"\$\{([^}]*)\}", lambda found: self.word(found[1]), str(value))

    def proof(self, value, sent):
        """A token or SAML response of the built-in identity provider."""
        ((kind, fields),) = value.items()
        if kind == "$token":
            wanted = {"audience": "sts.aliyuncs.com", "subject": "repo:shop", "claims": fields}
            return control("POST", f"worlds/{self.world}/issuer/token", wanted)["token"]
        usual = {"roleArn": sent["RoleArn"], "providerArn": sent["SAMLProviderArn"], "sessionName": "walker"}
        return control("POST", f"worlds/{self.world}/issuer/saml-response", {**usual, **fields})["response"]

    def word(self, word):
        """What `${word}` stands for."""
        kind, *rest = word.split(":")
        if kind == "uid":
            return self.uid(*rest or [HOME])
        if kind == "letters":
            return "x" * int(rest[0])
        if kind == "totp":
            return self.code(self.field(rest[0]), int(rest[1]) if rest[1:] else 0)
        return self.field(word)

    def uid(self, account):
        if account not in self.accounts:
            known = control("GET", f"worlds/{self.world}")["accounts"]
            self.accounts.update({one["name"]: one for one in known})
        return self.accounts[account]["uid"]

    def field(self, path):
        """A field of an earlier answer."""
        name = max((name for name in self.answers if path.startswith(f"{name}.")), key=len)
        value = self.answers[name]
        for field in path.removeprefix(f"{name}.").split("."):
            value = value[int(field) if field.isdigit() else field]
        assert isinstance(value, str), path
        return value

    def code(self, seed, steps):
        """What a device of that seed shows now on the resource clock (RFC 6238)."""
        now = control("GET", f"worlds/{self.world}/clock")["resource"]["now"]
        second = int(datetime.fromisoformat(now).timestamp()) + 30 * steps
        made = digest(b32decode(seed), struct.pack(">q", second // 30), sha1)
        at = made[19] & 15
        return f"{(struct.unpack('>I', made[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
