"""The languages of the interface, and which one a visitor gets."""

import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, has_request_context, request
from flask_babel import get_locale

from app.extensions import babel

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""Each by its own name. The texts in the code are English; the others have a catalog in `app/translations/`."""

COOKIE = "language"
TRANSLATIONS = Path(__file__).parent / "translations"
FOR_SCRIPTS = "scripts.json"


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name
    """Mark a sentence for the catalogs that is translated later, where it is shown."""
    return sentence


def init_app(app: Flask) -> None:
    """Let pages and messages speak the visitor's language: `_("…")` in templates and scripts, `gettext` in code."""
    babel.init_app(app, locale_selector=_language)
    app.context_processor(lambda: {"languages": LANGUAGES, "language": language()})
    app.jinja_env.globals["words_of_scripts"] = words_of_scripts
    app.after_request(_vary)


def language() -> str:
    """The language of the answer to this request."""
    return str(get_locale() or "en")


@cache
def words_of_scripts(language: str) -> dict[str, str]:
    """What the sentences in our JavaScript are in a language; nothing for English."""
    path = TRANSLATIONS / language / FOR_SCRIPTS
    return dict(json.loads(path.read_text())) if path.is_file() else {}


def _language() -> str:
    """What the visitor chose, else what the browser likes best of those there are: German for `de-AT, en`."""
    if not has_request_context():
        return "en"
    liked = (tag.partition("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in (request.cookies.get(COOKIE), *liked) if tag in LANGUAGES), "en")


def _vary(response: Response) -> Response:
    """One address, a page for each language."""
    if response.mimetype == "text/html":
        response.vary.update(("Accept-Language", "Cookie"))
    return response
