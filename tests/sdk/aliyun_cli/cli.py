"""The aliyun CLI pointed at the emulator, accounts to call it as, and what a refusal looks like through it."""

import json
import re
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import NamedTuple

from seeded import HOST, OPERATOR, REQUEST_ID, Key

SERIAL = count(1)
# How the program prints what the service refused.
REFUSED = re.compile(
    r"ERROR: SDK\.ServerError\nErrorCode: (.*)\nRecommend: (.*)\nRequestId: (.*)\nMessage: (.*)\nRespHeaders: map\[(.*)\]\n"
    r"(?:AccessDeniedDetail: map\[(.*)\]\n)?"
)


class Refusal(NamedTuple):
    """What the program prints of a refusal."""

    code: str
    recommend: str
    request_id: str
    message: str
    headers: str
    denied: str | None


class Aliyun(NamedTuple):
    """The program with a home of its own. All it knows of this machine is what `variables` holds."""

    variables: dict

    def with_variables(self, **variables):
        """The same with more variables; None takes one away."""
        merged = {**self.variables, **variables}
        return Aliyun({name: value for name, value in merged.items() if value is not None})

    def as_(self, key):
        """The same signing with a key, which is told in variables."""
        return self.with_variables(
            ALIBABA_CLOUD_ACCESS_KEY_ID=key.id,
            ALIBABA_CLOUD_ACCESS_KEY_SECRET=key.secret,
            ALIBABA_CLOUD_SECURITY_TOKEN=key.token,
        )

    def key(self):
        """The key of its variables."""
        return Key(self.variables["ALIBABA_CLOUD_ACCESS_KEY_ID"], self.variables["ALIBABA_CLOUD_ACCESS_KEY_SECRET"])

    def run(self, *words):
        """Runs the program with these words and nothing else."""
        return subprocess.run(
            ["aliyun", *words], env=self.variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )

    def call(self, product, action, *flags, **parameters):
        """Calls an action: over TLS when the program has an authority to trust, else over plain HTTP."""
        given = [word for name, value in parameters.items() for word in (f"--{name}", value)]
        scheme = ["--secure" if "SSL_CERT_FILE" in self.variables else "--insecure"]
        return self.run(product, action, *scheme, *given, *flags)

    def text(self, product, action, *flags, **parameters):
        """What a call prints; it must be answered with success."""
        done = self.call(product, action, *flags, **parameters)
        assert (done.returncode, done.stderr) == (0, ""), done
        return done.stdout

    def ok(self, product, action, *flags, **parameters):
        """The answer of a call that succeeds."""
        return json.loads(self.text(product, action, *flags, **parameters))

    def refused(self, code, product, action, *flags, **parameters):
        """What is printed of a call that the service must refuse with this code."""
        done = self.call(product, action, *flags, **parameters)
        return refusal(done, code)

    def arn(self, *flags):
        """Who the program is."""
        return self.ok("sts", "GetCallerIdentity", *flags)["Arn"]

    def nobody(self):
        """The same with no credentials in its variables."""
        return self.as_(Key(None, None))

    def configure(self, profile, mode, *flags):
        """Writes a profile as `aliyun configure set` does."""
        words = ["configure", "set", "--profile", profile, "--mode", mode, "--region", "cn-hangzhou", "--language", "en"]
        done = self.run(*words, *flags)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", ""), done


def refusal(done, code):
    """What a run prints that ends in a refusal of the service."""
    assert (done.returncode, done.stdout) == (1, ""), done
    match = REFUSED.fullmatch(done.stderr)
    assert match, done.stderr
    seen = Refusal(*match.groups())
    assert seen.code == code
    assert REQUEST_ID.fullmatch(seen.request_id) and f"X-Acs-Request-Id:[{seen.request_id}]" in seen.headers
    return seen


def flags_of(key):
    """A key as flags."""
    token = ["--sts-token", key.token] if key.token else []
    return ["--access-key-id", key.id, "--access-key-secret", key.secret, *token]


# Products and actions that the program does not list are called by version and --force.
AAS, CRM = ("--version", "2015-07-01", "--force"), ("--version", "2015-04-08", "--force")


def register(aliyun):
    """Registers an account under the seeded partner: its PK."""
    name = f"cli-{next(SERIAL)}@alimock.example"
    return aliyun.as_(OPERATOR).ok("aas", "CreateAliyunAccount", *AAS, AliyunId=name)["PK"]


def root_key(aliyun, pk):
    """Has the partner make a root key of one of its accounts."""
    return key_of(aliyun.as_(OPERATOR).ok("aas", "CreateAccessKeyForAccount", *AAS, PK=pk))


def key_of(answer):
    """The key that a call made."""
    made = answer["AccessKey"]
    return Key(made["AccessKeyId"], made["AccessKeySecret"])


def session_of(answer):
    """The temporary key in an answer of STS."""
    made = answer["Credentials"]
    return Key(made["AccessKeyId"], made["AccessKeySecret"], made["SecurityToken"])


class Listener:
    """A server on this machine that keeps what it was asked, and answers as `answer` says: a status and a body."""

    def __init__(self, answer):
        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def answer_all(self):
                asked.append(f"{self.command} {self.path}")
                status, body = answer()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_CONNECT = do_GET = do_POST = do_PUT = answer_all

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def endpoint_variables():
    """What leads the program to the emulator, and keeps it from what the machine has configured."""
    return {"ALIBABA_CLOUD_ENDPOINT": HOST, "ALIBABA_CLOUD_REGION_ID": "cn-hangzhou", "NO_COLOR": "1"}
