"""A visitor of a running server, as far as `dummy_data` needs one: asks, and answers with yes or no."""

import http.cookiejar
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

_TIMEOUT_S = 60
_MOST_TRIES = 10


class VisitorRefused(Exception):
    """The server does not answer, or not as expected."""


@dataclass(frozen=True)
class Read:
    """What the server made of a drawing."""

    character: str
    receipt: str


class Visitor:
    """One person with a session, whose ink says that it is made up. Waits when the server asks for patience."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        if not self._url.startswith(("http://", "https://")):
            raise VisitorRefused(f"{url} is no address of a server: it must begin with http:// or https://.")
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self._token = str(self._open("/csrf-token")["csrf_token"])

    def ask(self, alphabet: str, picture: str) -> Read:
        """Have a picture, a data URL, read. Raises VisitorRefused."""
        answer = self._open("/api/v1/recognize", {"alphabet": alphabet, "image": picture})
        return Read(answer["candidates"][0]["character"], answer["receipt"])

    def say(self, receipt: str, label: str | None) -> None:
        """Yes (None), or no and the right label. Raises VisitorRefused."""
        answer = {"correct": "yes"} if label is None else {"correct": "no", "label": label}
        self._open("/feedback", {"receipt": receipt, "made_up": "yes", **answer})

    def _open(self, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        for _ in range(_MOST_TRIES):
            try:
                return self._once(path, body)
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise VisitorRefused(_reason(path, error)) from error
                time.sleep(int(error.headers.get("Retry-After", "1")))
            except (OSError, ValueError) as error:
                raise VisitorRefused(f"{self._url} does not answer: {error}") from error
        raise VisitorRefused(f"{self._url} still asks for patience after {_MOST_TRIES} tries.")

    def _once(self, path: str, body: dict[str, Any] | None) -> dict[str, Any]:
        headers = {"Accept": "application/json", "Referer": f"{self._url}/"}
        data = None
        if body is not None:
            headers |= {"Content-Type": "application/json", "X-CSRFToken": self._token}
            data = json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers)  # noqa: S310  # __init__ checks the scheme
        with self._opener.open(request, timeout=_TIMEOUT_S) as answer:
            return dict(json.load(answer))


def _reason(path: str, error: urllib.error.HTTPError) -> str:
    """What the server said; it hands its session cookie to plain HTTP in development only."""
    try:
        message = json.load(error)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        message = error.reason
    hint = " Over http:// the server must run with APP_ENV=development." if path == "/feedback" else ""
    return f"{path} answers {error.code}: {message}{hint}"
