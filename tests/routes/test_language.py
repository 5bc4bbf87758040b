"""The language of the interface: the browser's, until the visitor chooses another."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.errors import said
from app.recognition.errors import NothingToRead, Word


def lang_of(client: FlaskClient, accepts: str = "") -> str:
    page = client.get("/", headers={"Accept-Language": accepts}).text
    return page.split('<html lang="')[1].split('"')[0]


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("de-AT, en;q=0.5", "de"),
        ("es", "es"),
        ("fr, es;q=0.3", "es"),
        ("fr", "en"),
        ("", "en"),
        ("\x7f,;q", "en"),
    ],
)
def test_the_browser_says_which_language(client: FlaskClient, accepts: str, language: str) -> None:
    assert lang_of(client, accepts) == language


def test_a_choice_wins_over_the_browser_and_is_kept(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "de", "next": "/guide?x=1"})
    assert (answer.status_code, answer.location) == (303, "/guide?x=1")
    assert lang_of(client, "es") == "de"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "", "/\\evil"])
def test_a_choice_leads_nowhere_else(client: FlaskClient, target: str) -> None:
    assert client.post("/language", data={"language": "es", "next": target}).location == "/"


def test_an_unknown_language_is_refused(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "xx"})
    assert answer.status_code == 422
    assert "Set-Cookie" not in answer.headers


def test_pages_tell_caches_that_they_differ_by_language(client: FlaskClient) -> None:
    assert {"Accept-Language", "Cookie"} <= set(client.get("/").vary)


def test_the_cookie_of_a_stranger_is_no_language(client: FlaskClient) -> None:
    client.set_cookie("language", "../../etc")
    assert lang_of(client, "de") == "de"


def test_what_was_expected_is_named_in_the_visitors_language(app: Flask) -> None:
    error = NothingToRead("… it does not fit “%(expected)s”.", expected=Word("date"))
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert said(error) == "… it does not fit “Datum”."
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert "“99/99”" in said(NothingToRead("“%(expected)s”", expected=Word("99/99")))
