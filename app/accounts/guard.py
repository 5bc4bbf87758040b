"""What stands around each of Flask-Security's views: limits, one transaction, and where it may lead."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, session, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.crowd import Gate
from app.accounts.mail import check_links_can_be_written, normalized
from app.database import WRITES
from app.errors import UnsupportedBody
from app.extensions import db
from app.languages import N_
from app.rate_limits import callers_network
from app.security import is_path_here

MAX_FORM_CHARACTERS = 16_384
ASKS_PASSWORD = {"login", "change_password", "change_email", "leave"}
SENDS_LINKS = {"register", "forgot_password", "send_confirmation", "change_email"}
COMPUTES_PASSWORDS = ASKS_PASSWORD | SENDS_LINKS | {"reset_password"}
TAKES_LINKS = {"reset_password", "confirm_email", "finish_change_email"}
CONFIRMS = {
    "confirm_email": N_("Confirm your address"),
    "change_email_confirm": N_("Confirm your new address"),
}

View = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Guard every view that the library has by now."""
    app.extensions["passwords"] = Gate()
    for endpoint, view in app.view_functions.items():
        blueprint, _, name = endpoint.rpartition(".")
        if blueprint == "security":
            app.view_functions[endpoint] = _guarded(name, view)
    app.after_request(_keep_out_of_caches)


def asks_password(view: View) -> View:
    """A view of ours with a form that asks for the password: limited as the library's are, and by the same counts."""

    @wraps(view)
    def limited(**values: Any) -> Any:
        _check_body()
        _check_limits(view.__name__)
        with current_app.extensions["passwords"].turn():
            return view(**values)

    return limited


def _guarded(name: str, view: View) -> View:
    @wraps(view)
    def guarded(**values: Any) -> Any:
        if request.method != "POST":
            if name in CONFIRMS:  # mail programs open links ahead of their readers; only the button confirms
                return render_template("security/confirm.html", title=CONFIRMS[name])
            return view(**values)
        _check_body()
        _check_limits(name)
        if name in SENDS_LINKS:
            check_links_can_be_written()
        with current_app.extensions["passwords"].turn() if name in COMPUTES_PASSWORDS else nullcontext():
            response = _in_one_transaction(view, values)
        if name == "login" and response.location:
            target = request.form.get("next", "")
            response.location = target if is_path_here(target) else url_for("account.show")
        return response

    return guarded


def _check_body() -> None:
    """A small form, or nothing. Raises UnsupportedBody, RequestEntityTooLarge."""
    if request.is_json:
        raise UnsupportedBody("Accounts take forms, not JSON.")
    if sum(map(len, request.form.values())) > MAX_FORM_CHARACTERS:
        raise RequestEntityTooLarge


def _check_limits(name: str) -> None:
    """Before anything costs time. Raises TooManyRequests."""
    limits = current_app.extensions["rate_limits"]
    address, named = callers_network(), normalized(request.form.get("email", "")) or ""
    if name in ASKS_PASSWORD:
        account = session.get("_user_id") or named
        limits.hit("LOGIN_RATE_LIMIT", f"{address} {account}")
        limits.hit("ACCOUNT_RATE_LIMIT", f"{address} password")
    elif name in SENDS_LINKS | TAKES_LINKS:
        limits.hit("ACCOUNT_RATE_LIMIT", f"{address} link")
    if name in SENDS_LINKS and named:
        limits.hit("LETTER_RATE_LIMIT", named)


def _in_one_transaction(view: View, values: dict[str, Any]) -> Response:
    """The view's answer. What was done, what the audit log says of it, and its mails are kept together or not.

    Two requests may ask for the same address at once; the slower one is answered anew, and then finds it taken.
    """
    flashed = list(session.get("_flashes", []))
    try:
        return _committed(view, values)
    except IntegrityError:
        session["_flashes"] = flashed
        return _committed(view, values)


def _committed(view: View, values: dict[str, Any]) -> Response:
    try:
        db.session.connection(execution_options=WRITES)
        response = make_response(view(**values))
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
    return response


def _keep_out_of_caches(response: Response) -> Response:
    """Pages of accounts, and every page of who is signed in: it has the address on it."""
    if request.path.startswith("/account/") or "_user_id" in session:
        response.headers["Cache-Control"] = "private, no-store"
    return response
