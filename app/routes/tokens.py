"""API tokens on one's own account: made, shown once, listed, revoked."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import auth_required

from app.accounts.errors import UnusableToken
from app.accounts.people import signed_in
from app.accounts.tokens import MAX_NAME, NewToken, tokens_of
from app.accounts.tokens import create as create_token
from app.accounts.tokens import revoke as revoke_token
from app.arguments import ROW_ID
from app.errors import problem_from
from app.rate_limits import rate_limited

blueprint = Blueprint("tokens", __name__, url_prefix="/account/tokens")


@blueprint.get("")
@auth_required("session")
def show() -> str:
    """Every token with what it is for, and a form for another."""
    return _page()


@blueprint.post("")
@rate_limited("ACCOUNT_RATE_LIMIT")
@auth_required("session")
def create() -> str:
    """The token is in this answer, and nowhere else: not in a cookie, not in the database."""
    made = create_token(signed_in(), request.form.get("name", ""), request.form.getlist("scope"))
    return _page(made)


@blueprint.post(f"/<{ROW_ID}:token_id>/revoke")
@auth_required("session")
def revoke(token_id: int) -> ResponseReturnValue:
    """It works no more."""
    name = revoke_token(signed_in(), token_id)
    if name is None:
        abort(404)
    flash(_("The token “%(name)s” is revoked. Whatever still uses it is refused.", name=name), "success")
    return redirect(url_for("tokens.show"))


@blueprint.errorhandler(UnusableToken)
def show_error(error: UnusableToken) -> ResponseReturnValue:
    """The form again, with what was wrong."""
    problem = problem_from(error)
    return _page(error=problem.message), problem.status


def _page(made: NewToken | None = None, error: str | None = None) -> str:
    tokens = tokens_of(signed_in())
    return render_template("tokens.html", tokens=tokens, made=made, error=error, max_name=MAX_NAME)
