"""What is stored of whom, when, for how long, and who sees it."""

from flask import Blueprint, render_template

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
def show() -> str:
    """The same for everybody; the spans of time are this installation's."""
    return render_template("privacy.html")
