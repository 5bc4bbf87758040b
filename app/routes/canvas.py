"""The drawing pad."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug import Response

from app.arguments import ALPHABET
from app.reading import room
from app.recognition.alphabets import DIGITS, alphabet_named
from app.recognition.service import OPTIONAL

blueprint = Blueprint("canvas", __name__)


@blueprint.get("/canvas")
def show_digits() -> Response:
    """Digits, unless one asks for letters."""
    return redirect(url_for("canvas.show", alphabet="digit"))


@blueprint.get(f"/canvas/<{ALPHABET}:alphabet>")
def show(alphabet: str) -> str:
    """A pad to draw one character on."""
    status = room().status()
    if status[alphabet] is None and alphabet in OPTIONAL:
        abort(404)
    guided = alphabet != DIGITS.name  # digits have no case to tell by their height
    return render_template("canvas.html", alphabet=alphabet_named(alphabet), status=status, guided=guided)
