"""The visitor's choice of a language."""

from flask import Blueprint, current_app, redirect, request, url_for
from werkzeug import Response

from app.errors import UnknownLanguage
from app.extensions import csrf
from app.languages import COOKIE, LANGUAGES
from app.security import is_path_here

blueprint = Blueprint("language", __name__)
csrf.exempt(blueprint)  # it changes a cookie of the visitor's own, and pages stay free of sessions

A_YEAR_S = 365 * 24 * 60 * 60


@blueprint.post("/language")
def choose() -> Response:
    """Keep the language in a cookie and go back to the page."""
    language, target = request.form.get("language", ""), request.form.get("next", "")
    if language not in LANGUAGES:
        raise UnknownLanguage("There is no such language here. Choose one from the list.")
    response = redirect(target if is_path_here(target) else url_for("index.show"), 303)
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(COOKIE, language, A_YEAR_S, secure=is_secure, httponly=True, samesite="Lax")
    return response
