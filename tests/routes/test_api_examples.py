"""doc/api.md: its examples are run, and its tables name every error there is."""

import contextlib
import io
import json
import re
import shlex
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from app.accounts.errors import Crowded, LastOwner, Unconfirmed, UnusableToken
from app.config import ROOT
from app.errors import RECOGNITION_STATUS, AppError, NoSiteUrl, UnknownLanguage
from app.history.errors import HistoryIsOff
from tests.conftest import AppMaker
from tests.images import seven

DOCUMENT = (ROOT / "doc" / "api.md").read_text()
ADDRESS = "http://127.0.0.1:5000"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)

OF_PAGES_ALONE = {NoSiteUrl, UnknownLanguage, HistoryIsOff, Crowded, LastOwner, Unconfirmed, UnusableToken}


@dataclass(frozen=True)
class Example:
    """A command of the document, and the answer shown after it, if one is."""

    command: str
    answer: Any


def examples(language: str) -> list[Example]:
    following = [*BLOCKS[1:], ("", "")]
    return [
        Example(text, json.loads(after) if kind == "json" else None)
        for (found, text), (kind, after) in zip(BLOCKS, following, strict=True)
        if found == language
    ]


def curl(client: FlaskClient, command: str) -> Any:
    """Does what curl would, as far as the document goes."""
    words = iter(shlex.split(command.replace("\\\n", "")))
    assert next(words) == "curl"
    path = next(words).removeprefix(ADDRESS)
    request: dict[str, Any] = {"headers": {}}
    for option, value in zip(words, words, strict=True):
        if option == "-H":
            request["headers"].update([value.split(": ")])
        elif option == "-d":
            request["data"] = value
        elif option == "-F":
            name, _, content = value.partition("=")
            part = (io.BytesIO(seven()), content[1:]) if content.startswith("@") else content
            request.setdefault("data", {})[name] = part
        else:
            raise AssertionError(f"{option} is not understood here")
    return client.open(path, method="POST" if "data" in request else "GET", **request)


def shape(value: Any) -> Any:
    """The keys of an answer and the types of its values; of a list, those of its first entry."""
    if isinstance(value, dict):
        return {name: shape(inner) for name, inner in value.items()}
    return [shape(first) for first in value[:1]] if isinstance(value, list) else type(value)


@pytest.mark.parametrize("example", examples("sh"), ids=lambda example: example.command[-60:])
def test_curl_example_gives_the_answer_shown(client: FlaskClient, example: Example) -> None:
    answer = curl(client, example.command).json
    if example.answer is None:
        assert answer["candidates"][0]["character"] == "7"
    elif "error" in example.answer:
        assert answer == example.answer
    else:
        assert shape(answer) == shape(example.answer)


@pytest.fixture
def address(make_app: AppMaker) -> Iterator[str]:
    """A server on plain HTTP, as `make run` starts one."""
    server = make_server("127.0.0.1", 0, make_app(APP_ENV="development"), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_python_example_gives_the_answer_shown(address: str) -> None:
    [example] = examples("python")
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(example.command.replace(ADDRESS, address), {})
    kept = eval(printed.getvalue())
    assert shape(kept) == shape(example.answer)
    assert {**kept, "sample": ""} == {**example.answer, "sample": ""}


def test_every_error_is_in_the_tables() -> None:
    listed = set(re.findall(r"^\| (\d+) \| `(\w+)`", DOCUMENT, re.MULTILINE))
    of_the_api = set(AppError.__subclasses__()) - OF_PAGES_ALONE
    ours = {(str(error.status), error.code) for error in of_the_api}
    recognition = {(str(status), code) for code, status in RECOGNITION_STATUS.items()}
    library = {("404", "not_found"), ("405", "method_not_allowed"), ("429", "too_many_requests")}
    others = {("400", "csrf_failed"), ("413", "body_too_large"), ("500", "server_error")}
    assert listed == ours | recognition | library | others | {("503", "database_unavailable")}
