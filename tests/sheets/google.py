"""A stand-in for Google on this machine: OAuth, Drive v3 and Sheets v4, as far as we call them, over real HTTPS.

The real client reaches it as a proxy (HTTPS_PROXY) whose certificate it trusts (REQUESTS_CA_BUNDLE). So not a line of
the app knows about it, and the app is the one that is deployed.
"""

import json
import re
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from google.auth import jwt

from tests.sheets.google_account import EMAIL, account, write_certificate
from tests.sheets.https_server import Hangup, Server
from tests.sheets.workbook import ApiError, Spreadsheet, Worksheet

QUOTA_PER_MINUTE = 60
FAULTS = (
    "429",
    "500",
    "500 after commit",
    "expired",
    "silent",
    "silent after commit",
    "dropped",
    "dropped after commit",
    "worksheet lost",
)
"""What can become of a request; "expired" means its token. "Silent" is an answer that does not come."""
HTTP_FAULTS = {
    "429": "Quota exceeded for quota metric 'Write requests'",
    "500": "Internal error encountered.",
}


@dataclass
class Call:
    """One request that was made, for the tests to count."""

    at: float
    what: str


@dataclass
class Google:
    """What is stored at Google, what went on there, and what is going to fail."""

    folder: Path
    spreadsheets: dict[str, Spreadsheet] = field(default_factory=dict)
    faults: deque[str] = field(default_factory=deque)
    """For the next appends, one after the other; "" is none. `any_faults` are for the next requests of any kind."""
    any_faults: deque[str] = field(default_factory=deque)
    clock: Callable[[], float] = time.monotonic
    """By which the minutes of the quota are measured, in seconds."""
    calls: list[Call] = field(default_factory=list)
    num_tokens: int = 0
    quota: int = QUOTA_PER_MINUTE
    knows_us: bool = True
    on_request: Callable[[str], None] = lambda _when: None
    """Called "before" and "after" a request is done; the answer waits for it."""
    lost: list[Worksheet] = field(default_factory=list)
    """Worksheets that somebody deleted."""

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._tokens: set[str] = set()
        self._closing = threading.Event()
        self.certificate = self.folder / "google.pem"
        write_certificate(self.certificate)
        self._server = Server(self.certificate, self.answer)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to meet this Google instead of the real one."""
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        return {
            "HTTPS_PROXY": proxy,
            "https_proxy": proxy,
            "NO_PROXY": "",
            "no_proxy": "",
            "REQUESTS_CA_BUNDLE": str(self.certificate),
        }

    @contextmanager
    def running(self) -> Iterator["Google"]:
        thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self
        finally:
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()
            thread.join()

    def make(self, title: str = "Handwriting-recognition") -> Spreadsheet:
        """A new spreadsheet that our account may edit."""
        spreadsheet = Spreadsheet(uuid.uuid4().hex, title)
        self.spreadsheets[spreadsheet.id] = spreadsheet
        return spreadsheet

    def worksheet(self, title: str) -> Worksheet:
        """The worksheet with this title, in whatever spreadsheet."""
        return next(w for s in self.spreadsheets.values() for w in s.worksheets if w.title == title)

    def calls_in_busiest_minute(self) -> int:
        times = [call.at for call in self.calls]
        return max((sum(start <= at < start + 60 for at in times) for start in times), default=0)

    def answer(self, method: str, url: str, body: bytes, token: str) -> tuple[int, dict[str, Any]]:
        """What Google says: status and JSON. Raises Hangup."""
        try:
            return 200, self._done(method, url, body, token)
        except ApiError as error:
            problem = {"code": error.status, "message": error.message, "status": error.reason}
            is_oauth = url.startswith("https://oauth2.")
            return error.status, {"error": error.message if is_oauth else problem}

    def _done(self, method: str, url: str, body: bytes, token: str) -> dict[str, Any]:
        parts = urlsplit(url)
        path, query = (
            unquote(parts.path),
            {name: values[-1] for name, values in parse_qs(parts.query).items()},
        )
        if parts.hostname == "oauth2.googleapis.com":
            return self._token(parse_qs(body.decode()))
        if (
            parts.hostname == "iamcredentials.googleapis.com"
        ):  # google-auth asks where the account may be used
            raise ApiError(404, "Requested entity was not found.")
        with self._lock:
            self.calls.append(Call(self.clock(), f"{method} {path}"))
            self._check_quota()
            fault = self._next_fault(path)
            if token not in self._tokens:
                raise ApiError(401, "Request had invalid authentication credentials.", "UNAUTHENTICATED")
        is_late = fault.endswith("after commit")
        self._fail("" if is_late else fault)
        self.on_request("before")
        with self._lock:
            done = self._route(method, path, query, json.loads(body or b"{}"))
        self.on_request("after")
        self._fail(fault.removesuffix(" after commit") if is_late else "")
        return done

    def _next_fault(self, path: str) -> str:
        """What goes wrong with this request; some of it already has."""
        fault = self.any_faults.popleft() if self.any_faults else ""
        if path.endswith(":append") and self.faults:
            fault = fault or self.faults.popleft()
        if fault == "expired":
            self._tokens.clear()
        if fault == "worksheet lost":
            self._lose_worksheets()
        return fault

    def _lose_worksheets(self) -> None:
        for spreadsheet in self.spreadsheets.values():
            self.lost += spreadsheet.worksheets[1:]
            del spreadsheet.worksheets[1:]

    def _check_quota(self) -> None:
        since = self.clock() - 60
        if sum(call.at > since for call in self.calls) > self.quota:
            raise ApiError(429, HTTP_FAULTS["429"], "RESOURCE_EXHAUSTED")

    def _fail(self, fault: str) -> None:
        if fault in HTTP_FAULTS:
            raise ApiError(int(fault), HTTP_FAULTS[fault])
        if fault == "silent":
            self._closing.wait(100)
        if fault in ("silent", "dropped"):
            raise Hangup

    def _token(self, form: dict[str, list[str]]) -> dict[str, Any]:
        """A token for whoever has the account's key."""
        if not self.knows_us:
            raise ApiError(400, "invalid_grant")
        claims = jwt.decode(form["assertion"][0], account().public_key)  # type: ignore[no-untyped-call]
        assert claims["iss"] == EMAIL
        assert claims["aud"] == "https://oauth2.googleapis.com/token"
        token = uuid.uuid4().hex
        with self._lock:
            self._tokens.add(token)
            self.num_tokens += 1
        return {"access_token": token, "expires_in": 3600, "token_type": "Bearer"}

    def _route(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        match method, path.removeprefix("/drive/v3/files").removeprefix("/v4/spreadsheets").split("/"):
            case "GET", [""]:
                return self._find(query["q"])
            case "POST", [""]:
                return _file(self.make(body["name"]))
            case "GET", ["", key] if path.startswith("/drive"):
                return _file(self._get(key))
            case "POST", ["", key, "permissions"]:
                self._get(key).shared_with.append(body["emailAddress"])
                return {}
            case "GET", ["", key]:
                return self._get(key).metadata()
            case "POST", ["", key] if key.endswith(":batchUpdate"):
                return self._add_worksheets(self._get(key.removesuffix(":batchUpdate")), body["requests"])
            case _, ["", key, "values", *rest]:
                return _values(self._get(key), method, "/".join(rest), query, body)
        raise ApiError(404, "Requested entity was not found.")

    def _get(self, key: str) -> Spreadsheet:
        if key not in self.spreadsheets:
            raise ApiError(404, "Requested entity was not found.", "NOT_FOUND")
        return self.spreadsheets[key]

    def _find(self, query: str) -> dict[str, Any]:
        title = re.search(r"name = '((?:[^'\\]|\\.)*)'", query)
        assert title is not None, query
        name = re.sub(r"\\(.)", r"\1", title[1])
        files = [_file(s) for s in self.spreadsheets.values() if s.title == name]
        return {"files": [file for file in files if not ("trashed = false" in query and file["trashed"])]}

    def _add_worksheets(self, spreadsheet: Spreadsheet, requests: list[dict[str, Any]]) -> dict[str, Any]:
        for request in requests:
            properties = request["addSheet"]["properties"]
            spreadsheet.add(properties["title"], properties["gridProperties"]["rowCount"])
        return {"replies": [{}] * len(requests)}


def _file(spreadsheet: Spreadsheet) -> dict[str, Any]:
    return {
        "id": spreadsheet.id,
        "name": spreadsheet.title,
        "trashed": spreadsheet.trashed,
        "capabilities": {"canEdit": spreadsheet.can_edit},
    }


def _values(
    spreadsheet: Spreadsheet, method: str, cells: str, query: dict[str, str], body: dict[str, Any]
) -> dict[str, Any]:
    if method == "GET":
        return {"values": spreadsheet.read(cells, query.get("majorDimension") == "COLUMNS")}
    if not spreadsheet.can_edit:
        raise ApiError(403, "The caller does not have permission", "PERMISSION_DENIED")
    option = query["valueInputOption"]
    if cells.endswith(":append"):
        spreadsheet.append(cells.removesuffix(":append"), body["values"], option)
    else:
        spreadsheet.write(cells, body["values"], option)
    return {}
