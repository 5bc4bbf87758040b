"""Every error: one HTML page, one JSON shape, the right status, and nothing leaked."""

import logging
from collections.abc import Callable

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy.exc import DataError, OperationalError

from app.errors import RECOGNITION_STATUS, AppError
from app.recognition import errors as recognition_errors
from app.recognition.errors import BadRelease, RecognitionError

JSON = {"Accept": "application/json"}


def fail_with(app: Flask, error: Exception) -> FlaskClient:
    """A client of an app whose /api/fail and /fail raise `error`."""

    def fail() -> str:
        raise error

    app.add_url_rule("/fail", "fail", fail)
    app.add_url_rule("/api/fail", "api_fail", fail)
    return app.test_client()


def recognition_error_classes() -> list[type[RecognitionError]]:
    found = [value for value in vars(recognition_errors).values() if isinstance(value, type)]
    return [c for c in found if issubclass(c, RecognitionError) and c not in (RecognitionError, BadRelease)]


@pytest.mark.parametrize("error_class", recognition_error_classes())
def test_recognition_error_has_a_status(app: Flask, error_class: type[RecognitionError]) -> None:
    answer = fail_with(app, error_class("Do it differently.")).get("/api/fail")
    assert answer.status_code == RECOGNITION_STATUS[error_class.code]
    assert answer.json == {"error": {"code": error_class.code, "message": "Do it differently."}}


@pytest.mark.parametrize("error_class", AppError.__subclasses__())
def test_our_error_has_its_own_status(app: Flask, error_class: type[AppError]) -> None:
    answer = fail_with(app, error_class("Do it differently.")).get("/api/fail")
    assert answer.status_code == error_class.status
    assert answer.json == {"error": {"code": error_class.code, "message": "Do it differently."}}


def test_codes_are_unlike() -> None:
    codes = [c.code for c in AppError.__subclasses__()] + list(RECOGNITION_STATUS)
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize(
    ("request_of", "status", "code"),
    [
        (lambda client: client.get("/api/v1/nothing", headers=JSON), 404, "not_found"),
        (lambda client: client.get("/nothing", headers=JSON), 404, "not_found"),
        (lambda client: client.get("/api/v1/recognize"), 405, "method_not_allowed"),
        (lambda client: client.post("/feedback", json={}), 400, "csrf_failed"),
        (lambda client: client.post("/api/v1/recognize", data="x"), 415, "unsupported_body"),
        (lambda client: client.post("/api/v1/recognize", json="x" * 11_000_000), 413, "body_too_large"),
    ],
)
def test_json_has_one_shape(
    client: FlaskClient, request_of: Callable[..., object], status: int, code: str
) -> None:
    answer = request_of(client)
    assert answer.status_code == status  # type: ignore[attr-defined]
    error = answer.json["error"]  # type: ignore[attr-defined]
    assert sorted(error) == ["code", "message"]
    assert error["code"] == code
    assert error["message"].endswith(".")


def test_page_says_what_went_wrong(client: FlaskClient) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert "There is no page at this address." in answer.text


def test_wrong_method_is_told_the_right_ones(client: FlaskClient) -> None:
    assert "POST" in client.get("/api/v1/recognize").headers["Allow"]


def test_unforeseen_error_is_logged_and_not_shown(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    answer = fail_with(app, ZeroDivisionError("a secret")).get("/fail")
    assert answer.status_code == 500
    assert "a secret" not in answer.text
    assert "ZeroDivisionError: a secret" in caplog.text


def test_database_that_does_not_answer_is_503(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    error = OperationalError("SELECT 1", {}, Exception("database is locked"))
    answer = fail_with(app, error).get("/api/fail")
    assert answer.status_code == 503
    assert answer.json["error"]["code"] == "database_unavailable"  # type: ignore[index]
    assert caplog.records[-1].levelno == logging.ERROR


def test_value_that_the_database_cannot_hold_is_400(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    error = DataError("SELECT 1", {}, Exception("text fields cannot contain NUL (0x00) bytes"))
    answer = fail_with(app, error).get("/api/fail")
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "bad_request"  # type: ignore[index]
    assert caplog.records[-1].levelno == logging.WARNING


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("*/*", "text/html"),
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("application/json", "application/json"),
        ("application/json, */*", "application/json"),
        ("text/html;q=0.5, application/json", "application/json"),
    ],
)
def test_client_chooses_page_or_json(client: FlaskClient, accept: str, mimetype: str) -> None:
    assert client.get("/nothing", headers={"Accept": accept}).mimetype == mimetype


def test_aborted_response_is_passed_on(app: Flask) -> None:
    app.add_url_rule("/abort", "abort", lambda: abort(app.response_class("mine", 418)))
    assert app.test_client().get("/abort").text == "mine"
