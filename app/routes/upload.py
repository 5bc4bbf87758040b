"""One image of one character, chosen in a form; works without JavaScript."""

from contextlib import suppress

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.errors import AppError, MissingInput, answer, prefers_json, problem_from
from app.rate_limits import rate_limited
from app.reading import read_image, room
from app.recognition.alphabets import DIGITS
from app.recognition.errors import RecognitionError
from app.recognition.normalize import Ink
from app.recognition.pictures import glyph_pixels, png_data_url
from app.recognition.service import OPTIONAL

blueprint = Blueprint("upload", __name__)

PREVIEW_SIDE_PX = 320


@blueprint.get("/upload")
def show() -> str:
    """The form."""
    return _form(request.args.get("alphabet"))


@blueprint.post("/upload")
@rate_limited("RECOGNIZE_RATE_LIMIT")
def recognize() -> str:
    """The answer, and the question whether it is right."""
    file = request.files.get("file")
    if not file:
        raise MissingInput("No image was chosen. Choose one and try again.")
    reading = read_image(request.form.get("alphabet"), file.read())
    return render_template(
        "upload_result.html",
        prediction=reading.prediction,
        receipt=reading.receipt,
        picture=png_data_url(_preview(reading.ink)),
        glyph=png_data_url(glyph_pixels(reading.prediction.glyph)),
    )


@blueprint.errorhandler(RecognitionError)
@blueprint.errorhandler(AppError)
@blueprint.errorhandler(HTTPException)
def show_error(error: Exception) -> ResponseReturnValue:
    """The form again, with a sentence on what was wrong."""
    if prefers_json():
        return answer(error)
    problem = problem_from(error)
    alphabet = None
    with suppress(RequestEntityTooLarge):  # a body beyond the limit cannot say which alphabet was chosen
        alphabet = request.form.get("alphabet")
    return _form(alphabet, problem.message), problem.status, list(problem.headers)


def _form(chosen: str | None, error: str | None = None) -> str:
    status = room().status()
    is_offered = chosen in status and (status[chosen] or chosen not in OPTIONAL)
    alphabet = chosen if is_offered else DIGITS.name
    return render_template("upload.html", alphabet=alphabet, status=status, error=error)


def _preview(ink: Ink) -> Ink:
    """The upload as it was understood, at most `PREVIEW_SIDE_PX` wide and high."""
    step = -(-max(ink.shape) // PREVIEW_SIDE_PX)
    return ink[::step, ::step]
