"""Calls of the control API."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any, NamedTuple


class AlimockError(Exception):
    """The emulator did not start, does not answer, or refused a call of the control API."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        #: Code of the refusal, such as `world_exists`; empty if no answer arrived.
        self.code = code


class Call(NamedTuple):
    """A recorded call of a client. As text, it is a line of a report."""

    #: Product and action, such as `Ram.CreateUser`.
    name: str
    #: Status of the answer.
    status: int
    #: Error code; empty for a call that was answered with success.
    code: str
    #: Who called: `demo/dev`, or an ARN.
    who: str
    #: Reason of the answer; empty for a call that was answered with success.
    why: str
    #: Id of the request.
    request_id: str
    #: The whole record, as docs/control-api.md describes it.
    record: dict[str, Any]

    def __str__(self) -> str:
        reason = f" {self.code}: {self.why}" if self.code else ""
        return f"{self.status} {self.name} {self.who}{reason} ({self.request_id})"


def call_of(record: dict[str, Any]) -> Call:
    """Reads a record of the journal."""
    product, action = record.get("product"), record.get("action")
    name = f"{product}.{action}" if product and action else f"{record['method']} {record['path']}"
    code, why = record.get("code") or "", record.get("why") or ""
    return Call(name, record["status"], code, record.get("who") or "-", why, record["requestId"], record)


class Control:
    """The control API at an endpoint, with its token if it needs one."""

    def __init__(self, endpoint: str, token: str | None = None, timeout: float = 60) -> None:
        """`timeout` is in seconds."""
        self.endpoint, self.token, self._timeout = endpoint.rstrip("/"), token, timeout
        # Proxies of the environment are for the tested program.
        self._direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def call(self, method: str, path: str, body: Any = None, **query: str | None) -> Any:
        """Makes a call below `/_alimock`. `body` is JSON, or a text that is sent as it is."""
        given = {name: value for name, value in query.items() if value is not None}
        url = f"{self.endpoint}/_alimock{path}" + (f"?{urllib.parse.urlencode(given)}" if given else "")
        data = body.encode() if isinstance(body, str) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, method=method)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        try:
            with self._direct.open(request, timeout=self._timeout) as answer:
                text = answer.read().decode()
                kind = answer.headers.get_content_type()
        except urllib.error.HTTPError as refused:
            raise _refusal(f"{method} {path}", refused) from None
        except OSError as error:
            raise AlimockError(f"{method} {url}: no emulator answers: {error}") from None
        return json.loads(text) if kind == "application/json" and text else text


def _refusal(call: str, refused: urllib.error.HTTPError) -> AlimockError:
    """Reads the body of a refused call."""
    text = refused.read().decode(errors="replace")
    try:
        error = json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return AlimockError(f"{call}: {refused.code} {text}")
    hint = f"; {error['hint']}" if error.get("hint") else ""
    return AlimockError(f"{call}: {error['code']}: {error['message']}{hint}", error["code"])
