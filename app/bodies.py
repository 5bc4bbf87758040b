"""Request bodies: reading them, and reading past what nobody wanted."""

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import UnreadableRequest

DISCARD_BYTES = 32 * 2**20
CHUNK_BYTES = 64 * 2**10


def read_body() -> None:
    """Before a request: what is too large is refused before anybody asks who sends it, or anything is done."""
    request.get_data(parse_form_data=True)


def json_object() -> dict[str, Any]:
    """The posted JSON object. Raises UnreadableRequest for anything else, however malformed or deep."""
    data = request.get_data(cache=False)
    if len(data) == request.max_content_length and request.content_length is None:
        raise RequestEntityTooLarge  # Werkzeug cuts a chunked body at the limit without a word
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableRequest("The request is not JSON that can be read.") from error
    if not isinstance(value, dict):
        raise UnreadableRequest("The request is not a JSON object.")
    return value


def read_past(app: WSGIApplication) -> WSGIApplication:
    """Read what `app` left of a body, within reason, before its answer is sent.

    Many a client writes all of its body before it looks at the answer. If the server closed the connection
    instead, such a client would see a broken pipe and not the sentence that its file is too large.
    """

    def reading(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        answer = app(environ, start_response)
        if environ.get("wsgi.input_terminated"):  # else reading past the end would wait for ever
            _discard(environ["wsgi.input"])
        return answer

    return reading


def _discard(stream: InputStream) -> None:
    left = DISCARD_BYTES
    with suppress(OSError):  # the client has gone, and nobody waits for the answer
        while left > 0 and (chunk := stream.read(min(left, CHUNK_BYTES))):
            left -= len(chunk)
