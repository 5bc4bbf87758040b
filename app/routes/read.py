"""POST /api/v1/read: whole pages, from files or a link, line by line and character by character."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from app.accounts.tokens import accepts_token
from app.bodies import json_object
from app.errors import MissingInput, UnsupportedBody, problem_from
from app.extensions import csrf
from app.page_by_page import ReadPage, Upload
from app.pages.components import Box
from app.pages.expectations import Expectation
from app.pages.readings import GlyphReading, LineReading
from app.rate_limits import rate_limited
from app.reading import receipt_of
from app.recognition.image import bytes_from_data_url
from app.uploads import expected, read_all, uploads_in

blueprint = Blueprint("read", __name__, url_prefix="/api/v1")
csrf.exempt(blueprint)  # it changes no state and uses no cookie

NUM_CANDIDATES = 5


@blueprint.post("/read")
@accepts_token("read")
@rate_limited("READ_RATE_LIMIT")
def read() -> ResponseReturnValue:
    """Every page with its lines, their characters, and a receipt for each of these."""
    if request.mimetype == "multipart/form-data":
        files, link = request.files.getlist("file"), request.form.get("link", "")
        uploads, expect = uploads_in(files, link), expected(request.form)
    elif request.is_json:
        uploads, expect = _asked(json_object())
    else:
        raise UnsupportedBody("Send JSON or a multipart form.")
    pages = read_all(uploads, expect, _page)
    text = "\n\n".join("\n".join(line["text"] for line in page["lines"]) for page in pages)
    answer = json.dumps({"pages": pages, "text": text})
    return current_app.response_class(answer, mimetype="application/json")


def _asked(question: dict[str, Any]) -> tuple[Iterator[Upload], Expectation]:
    match question:
        case {"image": _, "link": _}:
            raise MissingInput('Send "image" or "link", not both.')
        case {"image": url}:
            return iter([Upload("image", bytes_from_data_url(url))]), expected(question)
        case {"link": str(link)}:
            return uploads_in([], link), expected(question)
    raise MissingInput('There is nothing to read. Send an "image" or a "link".')


def _page(page: ReadPage) -> dict[str, Any]:
    reading, problem = page.reading, page.problem and problem_from(page.problem)
    width, height = reading.size if reading else page.picture.size if page.picture else (None, None)
    return {
        "file": page.name,
        "page": page.number,
        "rotation": reading.rotation if reading else None,
        "width": width,
        "height": height,
        "lines": [_line(line) for line in reading.lines] if reading else [],
        "unread": [_box(box) for box in reading.unread] if reading else [],
        "error": problem and {"code": problem.code, "message": problem.message},
    }


def _line(line: LineReading) -> dict[str, Any]:
    return {
        "text": line.text,
        "confidence": round(line.confidence, 4),
        "box": _box(line.box),
        "glyphs": [_glyph(glyph) for glyph in line.glyphs],
        "left_out": [_box(box) for box in line.left_out],
    }


def _glyph(glyph: GlyphReading) -> dict[str, Any]:
    best = glyph.candidates[:NUM_CANDIDATES]
    return {
        "character": glyph.character,
        "box": _box(glyph.box),
        "confidence": round(glyph.confidence, 4),
        "doubtful": glyph.is_doubtful,
        "candidates": [{"character": c.character, "probability": round(c.probability, 4)} for c in best],
        "receipt": receipt_of(glyph),
    }


def _box(box: Box) -> dict[str, int]:
    return {"x": box.x, "y": box.y, "width": box.width, "height": box.height}
