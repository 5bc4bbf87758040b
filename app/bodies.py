"""Request bodies."""

import json
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from app.errors import UnreadableRequest


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
