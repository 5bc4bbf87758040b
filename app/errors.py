"""One tree of errors, one HTML page and one JSON shape for all that can go wrong in a request."""

import logging
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]  # ships no types
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException

from app.database import NO_ANSWER
from app.recognition.errors import ForPeople, RecognitionError, Word

log = logging.getLogger(__name__)


class AppError(ForPeople):
    """Base of our errors outside the recognition room: `code` is for programs, the message for people."""

    code: ClassVar[str]
    status: ClassVar[int]
    headers: ClassVar[tuple[tuple[str, str], ...]] = ()


class UnreadableRequest(AppError):
    code, status = "unreadable_request", 400


class MissingInput(AppError):
    code, status = "missing_input", 400


class BadReceipt(AppError):
    code, status = "bad_receipt", 400


class ReceiptExpired(AppError):
    code, status = "receipt_expired", 410


class AlreadyAnswered(AppError):
    code, status = "already_answered", 409


class UnsupportedBody(AppError):
    code, status = "unsupported_body", 415


class MissingAnswer(AppError):
    code, status = "missing_answer", 422


class UnknownLabel(AppError):
    code, status = "unknown_label", 422


class UnknownLanguage(AppError):
    code, status = "unknown_language", 422


class NoSiteUrl(AppError):
    code, status = "site_url_missing", 503


RECOGNITION_STATUS = {
    "unreadable_image": 400,
    "image_too_large": 413,
    "unsupported_image": 415,
    "no_ink": 422,
    "nothing_to_read": 422,
    "bad_expectation": 422,
    "no_usable_stroke": 422,
    "too_many_points": 413,
    "unknown_alphabet": 422,
    "no_network": 503,
}

HTTP_MESSAGES = {
    400: lazy_gettext("The server could not read this request."),
    403: lazy_gettext("Your account may not open this page."),
    404: lazy_gettext("There is no page at this address."),
    405: lazy_gettext("This address does not take that kind of request."),
    413: lazy_gettext("This is larger than the server takes. Send a smaller one."),
    415: lazy_gettext("The server does not read this kind of content."),
    429: lazy_gettext("That was a lot in a short time. Wait a moment and try again."),
}


@dataclass(frozen=True)
class Problem:
    """An error as the visitor gets to see it."""

    code: str
    message: str
    status: int
    headers: tuple[tuple[str, str], ...] = ()


def init_app(app: Flask) -> None:
    """Every error of every route ends here; a blueprint may draw its own page from `problem_from`."""
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> ResponseReturnValue:
    """JSON for the API and for whoever prefers it, else the error page."""
    if isinstance(error, HTTPException) and (error.code is None or error.response is not None):
        return error  # a ready response, such as a redirect
    problem = problem_from(error)
    if prefers_json():
        body = jsonify(error={"code": problem.code, "message": problem.message})
        return body, problem.status, list(problem.headers)
    page = render_template("error.html", code=problem.code, message=problem.message, status=problem.status)
    return page, problem.status, list(problem.headers)


def prefers_json() -> bool:
    """Whether to answer in JSON: the API, a client that sent JSON, or one that likes it better than HTML."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def problem_from(error: Exception) -> Problem:
    """What to tell the visitor; anything unforeseen is logged and described without detail."""
    match error:
        case AppError():
            return Problem(error.code, said(error), error.status, error.headers)
        case RecognitionError() if error.code in RECOGNITION_STATUS:
            return Problem(error.code, said(error), RECOGNITION_STATUS[error.code])
        case CSRFError():
            return Problem("csrf_failed", _("This form has expired. Reload the page and try again."), 400)
        case HTTPException():
            return _http_problem(error)
        case DataError() if _never_got_there(error):  # such as a NUL, which no text on PostgreSQL can have
            log.warning("A value that the database cannot hold.", exc_info=error)
            return _http_problem(BadRequest())
        case _ if isinstance(error, NO_ANSWER):
            log.error("The database does not answer.", exc_info=error)
            return Problem("database_unavailable", _("Nothing could be kept just now. Try again soon."), 503)
        case _:
            log.error("%s %s failed.", request.method, request.path, exc_info=error)
            return Problem("server_error", _("Something went wrong on our side. Try again in a moment."), 500)


def _never_got_there(error: DataError) -> bool:
    """Whether the driver refused a value; what the server refuses is a fault of ours."""
    return getattr(error.orig, "sqlstate", None) is None


def said(error: ForPeople) -> str:
    """What went wrong, in the visitor's language."""
    sentence: str = _(error.sentence)
    values = {name: _(value) if isinstance(value, Word) else value for name, value in error.values.items()}
    return sentence % values if values else sentence


def _http_problem(error: HTTPException) -> Problem:
    status = error.code or 500
    kept = tuple((name, value) for name, value in error.get_headers() if name.lower() != "content-type")
    code = "body_too_large" if status == 413 else error.name.lower().replace(" ", "_").replace("'", "")
    return Problem(code, str(HTTP_MESSAGES.get(status, error.name + ".")), status, kept)
