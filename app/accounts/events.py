"""What else happens when Flask-Security says that something has happened; first of all, the audit log's row."""

from typing import Any

from flask import Flask, g, render_template, session
from flask_babel import gettext
from flask_login import user_logged_out  # type: ignore[import-untyped]  # ships no types
from flask_security import signals
from flask_security.confirmable import confirm_user

from app.accounts.audit import record
from app.accounts.mail import send
from app.accounts.people import accounts, give_role
from app.accounts.tables import MEMBER, User


def init_app(app: Flask) -> None:
    """Listen to the signals of this app."""
    for signal, receiver in (
        (signals.user_registered, _registered),
        (signals.user_not_registered, _registered_again),
        (signals.user_confirmed, _confirmed),
        (signals.user_authenticated, _signed_in),
        (user_logged_out, _signed_out),
        (signals.password_changed, _password_changed),
        (signals.password_reset, _password_reset),
        (signals.change_email_instructions_sent, _email_change_asked_for),
        (signals.change_email_confirmed, _email_changed),
    ):
        signal.connect(receiver, app)


def _registered(_app: Flask, user: User, **_: Any) -> None:
    record("registered", user.email, user)


def _registered_again(_app: Flask, user: User, **_: Any) -> None:
    record("registration_refused", user.email, note="there is an account already")


def _confirmed(_app: Flask, user: User, **_: Any) -> None:
    record("confirmed", user.email, user)
    give_role(user, MEMBER)


def _signed_in(_app: Flask, user: User, authn_via: list[str], **_: Any) -> None:
    """Renew what the session had before, which somebody else may know; the library renews the rest."""
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    if authn_via == ["password"]:
        record("login", user.email, user)


def _signed_out(_app: Flask, user: User, **_: Any) -> None:
    if not user.is_authenticated:
        return
    record("logout", user.email, user)
    for key in session.keys() - {"_remember"}:  # by which the library takes its cookie back
        del session[key]


def _password_changed(_app: Flask, user: User, **_: Any) -> None:
    record("password_changed", user.email, user)


def _password_reset(_app: Flask, user: User, **_: Any) -> None:
    """The link went to the address, so it is confirmed by now."""
    record("password_reset", user.email, user)
    confirm_user(user)  # type: ignore[no-untyped-call]


def _email_change_asked_for(_app: Flask, user: User, new_email: str, **_: Any) -> None:
    record("email_change_asked_for", user.email, user, note=new_email)


def _email_changed(_app: Flask, user: User, old_email: str, **_: Any) -> None:
    """End all sessions and links of the old address, and tell it."""
    record("email_changed", user.email, user, note=old_email)
    accounts.set_uniquifier(user)
    words = render_template("security/email/email_changed.txt", user=user)
    send(old_email, gettext("Your e-mail address was changed"), words)
