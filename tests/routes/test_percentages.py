"""Percentages: on every page as the visitor's language writes them, 60% in English, 60 % in German and Spanish."""

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import Markup

from app.config import ROOT
from app.history.figures import Period, Record

SIGNS = {"en": "%", "de": "\u00a0%", "es": "\u00a0%"}
OWN_SIGN = re.compile(r"""[\d})][\s\u00a0\u202f]*%(?=[`"'<{\s]|$)""", re.MULTILINE)
COMMENT = re.compile(r"\{#.*?#\}|^ *//.*?$", re.DOTALL | re.MULTILINE)
SOURCES = (*(ROOT / "app/templates").rglob("*.html"), *(ROOT / "app/static/js").glob("*.js"))


def render(app: Flask, language: str, template: str, macro: str, argument: object) -> str:
    """What a macro writes for a visitor, as it is read."""
    with app.test_request_context(headers={"Accept-Language": language}):
        written = getattr(app.jinja_env.get_template(template).module, macro)(argument)
        return str(Markup(written).unescape())


@pytest.mark.parametrize(
    ("share", "number"),
    [
        (0, "<\u202f1"),
        (0.0049, "<\u202f1"),
        (0.006, "1"),
        (0.6, "60"),
        (0.994, "99"),
        (0.995, ">\u202f99"),
        (1, ">\u202f99"),
    ],
)
def test_a_share_is_never_certain(app: Flask, share: float, number: str) -> None:
    """One app for all the languages: nothing that the first of them gets is kept for the others."""
    written = {language: render(app, language, "macros.html", "percent", share) for language in SIGNS}
    assert written == {language: number + sign for language, sign in SIGNS.items()}


@pytest.mark.parametrize(("of_100", "number"), [(98.5, "98.50"), (100, "100.00"), (0.0, "0.00")])
def test_what_was_measured_has_two_places(app: Flask, of_100: float, number: str) -> None:
    written = {language: render(app, language, "macros.html", "percent_of_100", of_100) for language in SIGNS}
    assert written == {
        language: (number if language == "en" else number.replace(".", ",")) + sign
        for language, sign in SIGNS.items()
    }


@pytest.mark.parametrize(("right", "number"), [(0, "0"), (3, "75"), (4, "100")])
def test_what_was_counted_may_be_all_or_nothing(app: Flask, right: int, number: str) -> None:
    record = Record(right, 4, (Period("day", date(2026, 1, 1), right, 4),), ())
    for language, sign in SIGNS.items():
        page = render(app, language, "history/figures.html", "figures", record)
        assert f"<td>{number}{sign}</td>" in page


@pytest.mark.parametrize("language", SIGNS)
def test_the_first_page_shows_them_so(client: FlaskClient, language: str) -> None:
    page = client.get("/", headers={"Accept-Language": language}).text
    assert f">97{SIGNS[language]}</text>" in page


def test_no_page_and_no_script_writes_the_sign_itself() -> None:
    found = {path.name: OWN_SIGN.findall(COMMENT.sub("", path.read_text())) for path in SOURCES}
    assert {name: signs for name, signs in found.items() if signs} == {}
