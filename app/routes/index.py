"""The first page."""

from flask import Blueprint, render_template

from app.reading import room

blueprint = Blueprint("index", __name__)


@blueprint.get("/")
def show() -> str:
    """What this is, and the ways in."""
    return render_template("index.html", status=room().status())
