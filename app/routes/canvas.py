"""The drawing pad."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug import Response

from app.reading import room
from app.recognition.alphabets import alphabet_named

blueprint = Blueprint("canvas", __name__)


@blueprint.get("/canvas")
def show_digits() -> Response:
    """Digits, unless one asks for letters."""
    return redirect(url_for("canvas.show", alphabet="digit"))


@blueprint.get("/canvas/<any(digit, character):alphabet>")
def show(alphabet: str) -> str:
    """A pad to draw one character on."""
    usable = room().status()[alphabet] is not None
    return render_template("canvas.html", alphabet=alphabet_named(alphabet), usable=usable)
