"""How to use all this, and where it ends."""

from flask import Blueprint, render_template

from app.reading import room

blueprint = Blueprint("guide", __name__)


@blueprint.get("/guide")
def show() -> str:
    """The guide, with a demonstration that asks this very server."""
    return render_template("guide.html", status=room().status())
