"""POST /api/v1/recognize: a drawing or an image, a digit or a letter."""

import json
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app.accounts.tokens import accepts_token
from app.bodies import json_object
from app.errors import MissingInput, UnsupportedBody
from app.extensions import csrf
from app.rate_limits import rate_limited
from app.reading import Reading, read_image, read_strokes
from app.recognition.image import bytes_from_data_url
from app.recognition.pictures import glyph_pixels, png_data_url
from app.recognition.recognizer import Candidate

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(blueprint)  # it changes no state and uses no cookie


@blueprint.post("/recognize")
@accepts_token("recognize")
@rate_limited("RECOGNIZE_RATE_LIMIT")
def recognize() -> ResponseReturnValue:
    """Every candidate with its probability, best first, and a receipt to answer with."""
    if request.mimetype == "multipart/form-data":
        reading, debug = _read_form(), request.form.get("debug") == "true"
    elif request.is_json:
        question = json_object()
        reading, debug = _read_json(question), question.get("debug") is True
    else:
        raise UnsupportedBody("Send JSON or a multipart form.")
    return current_app.response_class(json.dumps(_answer(reading, debug)), mimetype="application/json")


def _read_json(question: dict[str, Any]) -> Reading:
    match question:
        case {"image": _, "strokes": _}:
            raise MissingInput('Send "image" or "strokes", not both.')
        case {"image": url}:
            return read_image(question.get("alphabet"), bytes_from_data_url(url), question.get("hand"))
        case {"strokes": strokes}:
            cap_height, hand = question.get("cap_height"), question.get("hand")
            return read_strokes(question.get("alphabet"), strokes, cap_height, hand)
    raise MissingInput('There is nothing to read. Send an "image" or "strokes".')


def _read_form() -> Reading:
    file = request.files.get("file")
    if not file:
        raise MissingInput('There is nothing to read. Send an image as "file".')
    return read_image(request.form.get("alphabet"), file.read(), request.form.get("hand"))


def _answer(reading: Reading, debug: bool) -> dict[str, Any]:
    """What is sent back; with `debug`, the pictures of what the network saw."""
    prediction = reading.prediction
    answer: dict[str, Any] = {
        "candidates": [_entry(candidate) for candidate in prediction.candidates],
        "other_case": prediction.other_case and _entry(prediction.other_case),
        "confidence": round(prediction.confidence, 6),
        "rejected": prediction.rejected,
        "release": prediction.release,
        "receipt": reading.receipt,
    }
    if reading.learned:
        is_changed = prediction.by_network is not None
        answer["hand"] = {"answers": reading.learned.num_answers, "changed": is_changed}
    if debug:
        glyph = png_data_url(glyph_pixels(prediction.glyph))
        answer["debug"] = {"crop": png_data_url(prediction.crop), "glyph": glyph}
    return answer


def _entry(candidate: Candidate) -> dict[str, Any]:
    return {"character": candidate.character, "probability": round(candidate.probability, 6)}
