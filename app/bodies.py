"""Request bodies."""

import json
from typing import Any

from flask import request

from app.errors import UnreadableRequest


def json_object() -> dict[str, Any]:
    """The posted JSON object. Raises UnreadableRequest for anything else, however malformed or deep."""
    try:
        value = json.loads(request.get_data(cache=False))
    except (ValueError, RecursionError) as error:
        raise UnreadableRequest("The request is not JSON that can be read.") from error
    if not isinstance(value, dict):
        raise UnreadableRequest("The request is not a JSON object.")
    return value
