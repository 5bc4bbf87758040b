"""The page of one's own account, and the way out of it."""

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user  # type: ignore[import-untyped]  # ships no types
from flask_security import auth_required

from app.accounts.forms import LeaveForm
from app.accounts.guard import asks_password
from app.history.figures import record_of
from app.history.leaving import leave as leave_account
from app.history.search import latest
from app.history.service import count

blueprint = Blueprint("account", __name__, url_prefix="/account")

NUM_LATEST = 6


@blueprint.get("/")
@auth_required("session")
def show() -> str:
    """What was drawn lately and how it was read; what is known of the account, and what can be changed."""
    return render_template(
        "account.html",
        drawings=latest(current_user, NUM_LATEST),
        num_drawings=count(current_user),
        record=record_of(current_user),
    )


@blueprint.get("/delete")
@auth_required("session")
def ask_to_leave() -> str:
    """What would go, and what may stay."""
    return _leave_page(LeaveForm())


@blueprint.post("/delete")
@asks_password
@auth_required("session")
def leave() -> ResponseReturnValue:
    """The account is gone, here and in every other browser."""
    form = LeaveForm()
    if not form.validate():
        return _leave_page(form)
    leave_account(current_user, keeps_corrections=form.corrections.data == "keep")
    session.clear()
    session["_remember"] = "clear"  # by which Flask-Login takes its cookie back
    return redirect(url_for("account.gone"))


@blueprint.get("/deleted")
def gone() -> str:
    """Farewell."""
    return render_template("account_deleted.html")


def _leave_page(form: LeaveForm) -> str:
    return render_template("account_delete.html", form=form, num_drawings=count(current_user))
