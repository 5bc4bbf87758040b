"""The languages of the interface, and which one a visitor gets."""

from flask import Flask, request

from app.extensions import babel

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""Each by its own name, the one that is always complete first."""


def init_app(app: Flask) -> None:
    """Let pages and messages speak the visitor's language: `_("…")` in templates, `gettext` in code."""
    babel.init_app(app, locale_selector=_language)


def _language() -> str:
    """What the browser likes best of those there are."""
    return request.accept_languages.best_match(LANGUAGES, default="en")
