"""The page of one's own account."""

from flask import Blueprint, render_template
from flask_security import auth_required

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.get("/")
@auth_required("session")
def show() -> str:
    """What is known, and what can be changed."""
    return render_template("account.html")
