"""What stands around each of Flask-Security's views: limits, one transaction, and where it may lead."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, Response, current_app, make_response, render_template, request, session, url_for
from werkzeug.exceptions import RequestEntityTooLarge

from app.accounts.mail import check_links_can_be_written, normalized
from app.database import WRITES
from app.errors import UnsupportedBody
from app.extensions import db

MAX_FORM_CHARACTERS = 16_384
ASKS_PASSWORD = {"login", "change_password", "change_email"}
SENDS_LINKS = {"register", "forgot_password", "send_confirmation", "change_email"}
TAKES_LINKS = {"reset_password", "confirm_email", "finish_change_email"}
CONFIRMS = {"confirm_email": "Confirm your address", "change_email_confirm": "Confirm your new address"}
PATH_HERE = re.compile(r"/(?![/\\])[^\\\s\x00-\x1f\x7f]*")

View = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Guard every view that the library has by now."""
    for endpoint, view in app.view_functions.items():
        blueprint, _, name = endpoint.rpartition(".")
        if blueprint == "security":
            app.view_functions[endpoint] = _guarded(name, view)
    app.after_request(_keep_out_of_caches)


def is_path_here(target: str) -> bool:
    """Whether a browser that is sent to `target` stays on this site: one slash first, and nothing it may rewrite."""
    return PATH_HERE.fullmatch(target) is not None


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
    address = request.remote_addr or ""
    if name in ASKS_PASSWORD:
        account = session.get("_user_id") or normalized(request.form.get("email", "")) or ""
        limits.hit("LOGIN_RATE_LIMIT", f"{address} {account}")
        limits.hit("ACCOUNT_RATE_LIMIT", f"{address} password")
    elif name in SENDS_LINKS | TAKES_LINKS:
        limits.hit("ACCOUNT_RATE_LIMIT", f"{address} link")


def _in_one_transaction(view: View, values: dict[str, Any]) -> Response:
    """The view's answer. What was done, what the audit log says of it, and its mails are kept together or not."""
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
