"""Reads the probes and asks their questions. README.md describes the language of the steps."""
import datetime
import http.client
import json
import pathlib
import re
import shlex
import ssl
import tomllib
import urllib.parse
import uuid
import xml.etree.ElementTree as xml

import signing

HERE = pathlib.Path(__file__).parent
PRODUCTS = {
    "Ram": ("2015-05-01", "ram.aliyuncs.com"),
    "Ims": ("2019-08-15", "ims.aliyuncs.com"),
    "ResourceManager": ("2020-03-31", "resourcemanager.aliyuncs.com"),
    "Sts": ("2015-04-01", "sts.cn-hangzhou.aliyuncs.com"),
    "Ecs": ("2014-05-26", "ecs-cn-hangzhou.aliyuncs.com"),
    "Location": ("2015-06-12", "location-readonly.aliyuncs.com"),
    "Bss": ("2017-12-14", "business.aliyuncs.com"),
    "Aas": ("2015-07-01", "aas.aliyuncs.com"),
    "Crm": ("2015-04-08", "crm-cn-hangzhou.aliyuncs.com"),
    "Account-crm": ("2016-06-06", "account-crm.aliyuncs.com"),
    "AccountCenter": ("2024-12-09", "accountcenter.aliyuncs.com"),
    "Agency": ("2022-12-16", "agency.aliyuncs.com"),
    "Ubsms": ("2015-06-23", "ubsms.aliyuncs.com"),
    "DataWorks": ("2020-05-18", "dataworks.cn-hangzhou.aliyuncs.com"),
}
# Long texts that steps name.
FILLERS = {
    "long": "x" * 600_000,
    "pad": " " * 2048,
}
# Actions that create and change nothing.
READS = re.compile(r"[\w-]+\.(Get|List|Describe|Query|BatchQuery|Check|Verify|Load|Find|AssumeRole|Enterprise\w*Query)")
METADATA = "100.100.100.200"
GRADES = {"T": "a test of a client expects it", "P": "a page suggests it", "I": "inferred from what is near", "O": "our own choice"}
FIELDS = {"id", "point", "alimock", "grade", "setting", "falsified", "needs", "writes", "steps", "cleanup", "by_hand"}


class Mistake(Exception):
    """A probe that is wrong in itself."""


def subjects():
    """All subjects in order: their title and their rows. Checks the form."""
    found, ids = [], set()
    for path in HERE.glob("*.toml"):
        subject = tomllib.loads(path.read_text())
        for row in subject["row"]:
            where = f"{path.name}: {row.get('id')}"
            if unknown := set(row) - FIELDS:
                raise Mistake(f"{where}: unknown fields {sorted(unknown)}")
            if missing := {"id", "point", "alimock", "grade", "falsified"} - set(row):
                raise Mistake(f"{where}: no {sorted(missing)}")
            if row["grade"] not in GRADES:
                raise Mistake(f"{where}: the grade is one of {sorted(GRADES)}")
            if ("steps" in row) == ("by_hand" in row):
                raise Mistake(f"{where}: give either `steps` or `by_hand`")
            if not row.get("writes") and (writing := [text for text in row.get("steps", []) if not Step(text).only_reads()]):
                raise Mistake(f"{where}: `writes` is missing, because of: {writing[0]}")
            if row["id"] in ids:
                raise Mistake(f"{where}: the id is taken")
            ids.add(row["id"])
        found.append({"file": path.name, **subject})
    return sorted(found, key=lambda subject: subject["place"])


class Unknown(Mistake):
    """A step names what no earlier step has kept."""


class Step:
    """A request and what alimock answers: `Ram.GetUser UserName=x !v3 -> 404 EntityNotExist.User`."""

    def __init__(self, text):
        self.text = text
        asked, _, answer = text.partition(" -> ")
        words, expected = shlex.split(asked), shlex.split(answer)
        self.target = words[:1] if "." in words[0] else words[:3]
        rest = words[len(self.target):]
        self.options = dict((word[1:].split("=", 1) + [""])[:2] for word in rest if word.startswith("!"))
        self.params = [(word.split("=", 1) + [""])[:2] for word in rest if not word.startswith("!")]
        self.status = int(expected.pop(0)) if expected else None
        self.code = expected.pop(0) if expected and not re.search("=|~", expected[0]) else None
        self.kept = [word.split(":=", 1) for word in expected if ":=" in word]
        self.texts = [word[1:] for word in expected if word.startswith("~")]
        checks = [word for word in expected if ":=" not in word and not word.startswith("~")]
        self.values = [word.split("=", 1) for word in checks]


    def only_reads(self):
        """Whether the request can create or change nothing."""
        if self.target[0] in ("oss", "odps"):
            return self.target[1] in ("GET", "PATCH")
        return self.target[0] == "meta" or bool(READS.match(self.target[0])) or ["DryRun", "true"] in self.params


class Answer:
    """A response: status, headers, and the body as JSON, XML or text."""

    def __init__(self, status, headers, text):
        self.status, self.headers, self.text = status, headers, text
        self.body = read(text)

    @property
    def code(self):
        body = self.body if isinstance(self.body, dict) else {}
        return body.get("Code") or body.get("code") or self.headers.get("x-oss-err-code")

    @property
    def message(self):
        return (self.body.get("Message") or self.body.get("message") or "") if isinstance(self.body, dict) else ""

    def at(self, path):
        """The value at `Users.User.0.UserName`; `header.x-y` is a header, `.#` the length of a list."""
        if path.startswith("header."):
            return self.headers.get(path[7:].lower())
        value = self.body
        for part in path.split("."):
            if part == "#":
                value = len(value or [])
            elif isinstance(value, list):
                value = value[int(part)] if part.isdigit() and int(part) < len(value) else None
            else:
                value = value.get(part) if isinstance(value, dict) else None
        return value


def read(text):
    try:
        return json.loads(text)
    except ValueError:
        pass
    try:
        return tree(xml.fromstring(text))
    except xml.ParseError:
        return text


def tree(element):
    """An element as a value; names that repeat become lists."""
    if not len(element):
        return element.text or ""
    found = {}
    for child in element:
        found.setdefault(child.tag, []).append(tree(child))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def shown(value):
    """A value as a step writes it: `-` for a missing one."""
    if value is None:
        return "-"
    return value if isinstance(value, str) else json.dumps(value)


SPANS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(span):
    sign = -1 if span.startswith("-") else 1
    return sign * int(span.strip("+-")[:-1]) * SPANS[span[-1]]


class Door:
    """Where requests go: an emulator, or the real service."""

    def __init__(self, emulator=None, world=None):
        self.emulator, self.world = emulator, world

    def send(self, method, host, path, headers, body):
        if self.emulator:
            place = urllib.parse.urlsplit(self.emulator)
            connection = http.client.HTTPConnection(place.hostname, place.port, timeout=20)
        elif host == METADATA:
            connection = http.client.HTTPConnection(host, timeout=5)
        else:
            connection = http.client.HTTPSConnection(host, timeout=20, context=ssl.create_default_context())
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        sent = [("Host", host), *headers]
        if self.emulator:
            sent.append(("x-alimock-world", self.world))
        if body or method in ("POST", "PUT"):
            sent.append(("Content-Length", str(len(body))))
        for name, value in sent:
            connection.putheader(name, value)
        connection.endheaders(body or None)
        answer = connection.getresponse()
        head = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, head, answer.read().decode("utf-8", "replace"))


class Probe:
    """The steps of one row, with what they keep."""

    def __init__(self, door, credentials, names):
        self.door, self.credentials, self.names = door, dict(credentials), dict(names)
        self.nonces = {}
        self.now = datetime.datetime.now(datetime.timezone.utc)

    def filled(self, text):
        def value(found):
            name, shift = re.fullmatch(r"(\w+?)([+-]\d+[smhd])?", found.group(1)).groups()
            at = self.now + datetime.timedelta(seconds=seconds(shift or "0s"))
            if name == "now":
                return at.strftime("%Y-%m-%dT%H:%M:%SZ")
            if name.startswith("totp_"):
                return signing.totp(self.names[name.removeprefix("totp_")], at.timestamp())
            if name in FILLERS:
                return FILLERS[name]
            if name in self.names:
                return self.names[name]
            raise Unknown(f"nothing is named `{name}`")

        return re.sub(r"\{([a-z_]\w*(?:[+-]\d+[smhd])?)\}", value, text)

    def ask(self, step):
        self.now = datetime.datetime.now(datetime.timezone.utc)
        options = {name: self.filled(value) for name, value in step.options.items()}
        params = [(name, self.filled(value)) for name, value in step.params]
        credential = self.credential(options)
        now = self.now - datetime.timedelta(seconds=seconds(options.get("age", "0s")))
        kind = step.target[0].lower()
        target = [self.filled(word) for word in step.target]
        if kind == "oss":
            answer = self.oss(target, dict(params), options, credential, now)
        elif kind == "odps":
            answer = self.odps(target, dict(params), options, credential, now)
        elif kind == "meta":
            answer = self.door.send(target[1], METADATA, target[2], params, b"")
        else:
            answer = self.rpc(target[0], params, options, credential, now)
        for name, path in step.kept:
            value = answer.at(path) if path else answer.body
            if isinstance(value, dict):
                self.credentials[name] = value
            else:
                self.names[name] = shown(value)
        return answer

    def credential(self, options):
        who = options.get("as", "root")
        if who == "nobody":
            return None
        if who not in self.credentials:
            raise Unknown(f"no credentials of `{who}`")
        found = self.credentials[who]
        key, secret = found["AccessKeyId"], found["AccessKeySecret"]
        key = {"unknown": "LTAI5tUnknownKeyOfAProbe", "": key}.get(options.get("key", ""), options.get("key"))
        secret = "wrong" if options.get("secret") == "wrong" else secret
        token = options.get("token", found.get("SecurityToken"))
        return key, secret, token if token != "none" else None

    def nonce(self, options):
        wanted = options.get("nonce")
        return self.nonces.setdefault(wanted, uuid.uuid4().hex) if wanted else uuid.uuid4().hex

    def rpc(self, target, params, options, credential, now):
        product, action = target.split(".", 1)
        version, host = PRODUCTS[product]
        host, version = options.get("host", host), options.get("version", version)
        stamp = now.strftime("%Y-%m-%dT%H:%M:%SZ").replace("Z", options.get("fraction", "") + "Z")
        if "v3" in options:
            return self.rpc_v3(host, version, action, dict(params), options, credential, stamp)
        common = {"Action": action, "Version": version, "Format": options.get("format", "JSON")}
        if common["Format"] == "none":
            del common["Format"]
        if credential:
            common |= {"AccessKeyId": credential[0], "SignatureMethod": options.get("method", "HMAC-SHA1"), "SignatureVersion": "1.0",
                       "SignatureNonce": self.nonce(options), "Timestamp": stamp}
            if credential[2]:
                common["SecurityToken"] = credential[2]
        verb = "POST" if "post" in options else "GET"
        signed = common | dict(params)
        if options.get("nonce") == "none":
            del signed["SignatureNonce"]
        if credential:
            signed["Signature"] = signing.rpc_v1(verb, signed, credential[1])
        text = signing.query(signed.items())
        more = options.get("append", "")
        if verb == "GET":
            return self.door.send("GET", host, f"/?{text}{'&' + more if more else ''}", self.more_headers(options), b"")
        form = [("Content-Type", "application/x-www-form-urlencoded"), *self.more_headers(options)]
        return self.door.send("POST", host, f"/?{more}" if more else "/", form, text.encode())

    def rpc_v3(self, host, version, action, params, options, credential, stamp):
        headers = {"host": host, "x-acs-action": action, "x-acs-version": version, "x-acs-date": stamp,
                   "x-acs-signature-nonce": self.nonce(options)}
        if options.get("nonce") == "none":
            del headers["x-acs-signature-nonce"]
        if credential[2]:
            headers["x-acs-security-token"] = credential[2]
        body = options.get("body", "").encode()
        unsigned = options.get("unsigned", "").split(",")
        headers = signing.rpc_v3("POST", params, headers, body, credential[0], credential[1], unsigned)
        if "hash" in options:
            headers["x-acs-content-sha256"] = options["hash"]
        del headers["host"]
        headers = [("accept", "application/json"), *headers.items(), *self.more_headers(options)]
        return self.door.send("POST", host, f"/?{signing.query(sorted(params.items()))}", headers, body)

    @staticmethod
    def more_headers(options):
        return [tuple(options["header"].split(":", 1))] if "header" in options else []

    def oss(self, target, headers, options, credential, now):
        _, method, path = target
        bucket, _, rest = path.lstrip("/").partition("/")
        key, _, sub = rest.partition("?")
        if "?" in bucket:
            bucket, _, sub = bucket.partition("?")
        region = options.get("region", "cn-hangzhou")
        host = options.get("host", f"oss-{region}.aliyuncs.com")
        host = f"{bucket}.{host}" if bucket else host
        body = options.get("body", "").encode()
        if credential and credential[2]:
            headers["x-oss-security-token"] = credential[2]
        if "v4" in options:
            stamp = now.strftime("%Y%m%dT%H%M%SZ")
            headers |= {"x-oss-date": stamp, "x-oss-content-sha256": options.get("hash", "UNSIGNED-PAYLOAD")}
            scope = (options.get("day", stamp[:8]), options.get("scope", region), "oss")
            headers["Authorization"] = signing.oss_v4(method, bucket, key, sub, headers, credential, scope, stamp)
        elif credential:
            headers["Date"] = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
            headers["Authorization"] = signing.oss_v1(method, bucket, key, sub, headers, credential)
        return self.door.send(method, host, f"/{key}" + (f"?{sub}" if sub else ""), list(headers.items()), body)

    def odps(self, target, headers, options, credential, now):
        _, method, path = target
        resource, _, text = path.partition("?")
        params = dict((pair.split("=", 1) + [""])[:2] for pair in text.split("&") if pair)
        headers["Date"] = now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        if credential[2]:
            headers["authorization-sts-token"] = credential[2]
        signed = signing.odps(method, resource, params, headers, credential)
        headers["Authorization"] = options.get("auth", signed)
        if headers["Authorization"] == "none":
            del headers["Authorization"]
        host = options.get("host", "service.cn-hangzhou.maxcompute.aliyun.com")
        return self.door.send(method, host, f"/api{path}", list(headers.items()), options.get("body", "").encode())

    def differences(self, step, answer):
        """How an answer differs from what alimock answers."""
        found = []
        if step.status is not None and answer.status != step.status:
            found.append(f"status {answer.status}, not {step.status}")
        if step.code is not None and answer.code != self.filled(step.code):
            found.append(f"code {shown(answer.code)}, not {step.code}")
        for path, wanted in step.values:
            is_there = answer.at(path) is not None
            wanted = self.filled(wanted)
            if not (is_there if wanted == "*" else shown(answer.at(path)) == wanted):
                found.append(f"{path} is {shown(answer.at(path))}, not {wanted}")
        for text in step.texts:
            if self.filled(text) not in answer.text:
                found.append(f"no `{text}`")
        return found
