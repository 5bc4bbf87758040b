"""The languages: every sentence is translated, nothing in one is broken, and the files that are read are current."""

import ast
import re
from pathlib import Path

import pytest

from app import catalogs
from app.errors import RECOGNITION_STATUS, AppError
from app.recognition.errors import RecognitionError

APP = Path(catalogs.__file__).parent
PLACE = re.compile(r"%\((\w+)\)s")
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
SAME_EVERYWHERE = frozenset(
    {
        "Legible",
        "Tab",
        "Shift",
        "Enter",
        "Ctrl",
        "Esc",
        "CSV",
        "JSON",
        "IBAN",
        "npz",
        "csv",
        "UTC",
        "Authorization",
        "Bearer",
    }
)
TAG = re.compile(r"</?\w+[^>]*>")

foreign = pytest.mark.parametrize("language", catalogs.FOREIGN)


def translated(language: str) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(sentence, translation), each with its plural where there is one."""
    messages = [message for message in catalogs.load(language) if message.id and message.string]
    return [(_forms(message.id), _forms(message.string)) for message in messages]


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text),)


@foreign
def test_no_sentence_is_untranslated(language: str) -> None:
    assert catalogs.missing(catalogs.load(language)) == []


@foreign
def test_a_translation_has_the_same_places_and_tags(language: str) -> None:
    for ours, theirs in translated(language):
        for pattern in (PLACE, TAG):  # of a singular and a plural the last: "one line" needs no number
            assert sorted(pattern.findall(ours[-1])) == sorted(pattern.findall(theirs[-1])), ours


@foreign
def test_what_the_app_reads_was_made_of_the_catalog(language: str) -> None:
    """Else run `flask --app main translations`."""
    for path, content in catalogs.files_of(language, catalogs.load(language)).items():
        assert path.read_bytes() == content, path.name


@foreign
def test_no_translation_is_for_a_sentence_that_is_gone(language: str) -> None:
    known = {_forms(message.id) for message in catalogs.sentences()}
    assert [ours for ours, _theirs in translated(language) if ours not in known] == []


def test_no_template_has_a_text_of_its_own() -> None:
    """Words between tags, or in an attribute that is read out, come from the catalogs."""
    for path in (APP / "templates").rglob("*.html"):
        markup = JINJA.sub("", path.read_text())
        spoken = [
            *re.findall(r">([^<>]*)<", markup),
            *re.findall(r'(?:aria-label|title|alt)="([^"]*)"', markup),
        ]
        words = {
            word
            for text in spoken
            if '="' not in text
            for word in re.findall(r"[A-Za-z]{2,}", re.sub(r"&\w+;", "", text))
        }
        assert words <= SAME_EVERYWHERE, path.name


def test_what_people_are_told_is_never_put_together() -> None:
    """An error's sentence is one constant, or no catalog could hold it."""
    names = {error.__name__ for error in catalogs.errors_of(AppError)} | {
        error.__name__
        for error in catalogs.errors_of(RecognitionError)
        if getattr(error, "code", "") in RECOGNITION_STATUS
    }
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names and node.args:
                assert isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}"
