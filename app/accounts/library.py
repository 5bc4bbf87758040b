"""Flask-Security, set up: which of its features, under which addresses, in which words."""

import logging
from datetime import timedelta

from flask import Flask, current_app, g
from flask_login import current_user  # type: ignore[import-untyped]  # ships no types
from flask_principal import Identity, RoleNeed  # type: ignore[import-untyped]  # ships no types
from flask_security import Security
from flask_security.core import _user_loader
from flask_security.utils import uia_email_mapper

from app.accounts import events, forms, guard
from app.accounts.mail import Letters, link
from app.accounts.passwords import ARGON2ID, MIN_LENGTH, Passwords, give_memory_back
from app.accounts.people import accounts
from app.accounts.tables import User
from app.database import NO_ANSWER, now
from app.extensions import db
from app.languages import N_, TRANSLATIONS
from app.mail.transports import outbox_folder

log = logging.getLogger(__name__)

FEATURES = {
    "REGISTERABLE": True,
    "CONFIRMABLE": True,
    "RECOVERABLE": True,
    "CHANGEABLE": True,
    "CHANGE_EMAIL": True,
    "RETURN_GENERIC_RESPONSES": True,
    "API_ENABLED_METHODS": ["session"],
    "FRESHNESS": timedelta(-1),  # the forms that matter ask for the password, always
    "CLI_USERS_NAME": None,
    "CLI_ROLES_NAME": None,
    "STATIC_FOLDER": None,
    "CACHE_CONTROL": None,  # the guard's
    "TWO_FACTOR_IMPLEMENTATIONS": {},
    "USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper}}],
    "DATETIME_FACTORY": now,
}

PASSWORDS = {
    "PASSWORD_SCHEMES": ["argon2"],
    "PASSWORD_HASH": "argon2",
    "PASSWORD_SINGLE_HASH": True,
    "PASSWORD_HASH_PASSLIB_OPTIONS": ARGON2ID,
    "PASSWORD_LENGTH_MIN": MIN_LENGTH,
    # of addresses within signed links: nothing there to guess slowly
    "HASHING_SCHEMES": ["ldap_salted_sha256"],
    "CONFIRM_EMAIL_WITHIN": timedelta(days=2),
    "CHANGE_EMAIL_WITHIN": timedelta(hours=2),
    "RESET_PASSWORD_WITHIN": timedelta(hours=1),
}

ADDRESSES = {
    "URL_PREFIX": "/account",
    "CHANGE_URL": "/password",
    "CHANGE_EMAIL_URL": "/email",
    "POST_LOGIN_VIEW": "account.show",
    "POST_LOGOUT_VIEW": "index.show",
    "POST_REGISTER_VIEW": ".login",
    "POST_CHANGE_VIEW": "account.show",
    "POST_CHANGE_EMAIL_VIEW": ".login",
    "CHANGE_EMAIL_ERROR_VIEW": ".login",
}

WORDS = {
    "EMAIL_HTML": False,  # made from the text
    "I18N_DOMAIN": "messages",  # ours, for all that it says
    "I18N_DIRNAME": [str(TRANSLATIONS)],
    "EMAIL_SUBJECT_REGISTER": N_("Your account at Legible"),
    "EMAIL_SUBJECT_CONFIRM": N_("Confirm your e-mail address"),
    "EMAIL_SUBJECT_PASSWORD_RESET": N_("Choose a new password"),
    "EMAIL_SUBJECT_PASSWORD_NOTICE": N_("Your password was changed"),
    "EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": N_("Your password was changed"),
    "CHANGE_EMAIL_SUBJECT": N_("Confirm your new e-mail address"),
}

MAIL = "mail"
"""The category of messages that say: look into your mailbox."""

MESSAGES = {
    "CONFIRM_REGISTRATION": (
        N_("We have written to %(email)s. Open the link in the mail, then sign in here."),
        MAIL,
    ),
    "CONFIRMATION_REQUEST": (
        N_("If %(email)s waits to be confirmed, a mail with a new link is on its way."),
        MAIL,
    ),
    "PASSWORD_RESET_REQUEST": (N_("If %(email)s has an account, a mail with a link is on its way."), MAIL),
    "CHANGE_EMAIL_SENT": (N_("If %(email)s can be yours, a mail with a link is on its way there."), MAIL),
    "EMAIL_CONFIRMED": (N_("Your address is confirmed. Sign in."), "success"),
    "CHANGE_EMAIL_CONFIRMED": (N_("Your address is changed. Sign in with the new one."), "success"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Your password is changed. Sign in with the new one."), "success"),
    "PASSWORD_CHANGE": (N_("Your password is changed. Every other browser is signed out."), "success"),
    "ALREADY_CONFIRMED": (N_("This address is confirmed already. Sign in."), "info"),
    "UNAUTHENTICATED": (N_("Sign in to go on."), "info"),
    "INVALID_CONFIRMATION_TOKEN": (N_("This link is no good, or was used before. Ask for another."), "error"),
    "CONFIRMATION_EXPIRED": (N_("This link is too old. Ask for another."), "error"),
    "INVALID_RESET_PASSWORD_TOKEN": (
        N_("This link is no good, or was used before. Ask for another."),
        "error",
    ),
    "PASSWORD_RESET_EXPIRED": (N_("This link is too old. Ask for another."), "error"),
    "CHANGE_EMAIL_EXPIRED": (N_("This link is too old. Ask for another on your account’s page."), "error"),
    "API_ERROR": (N_("This link is no good, or was used before."), "error"),
    "GENERIC_AUTHN_FAILED": (
        N_("This address and this password don’t go together, or the address isn’t confirmed yet."),
        "error",
    ),
    "EMAIL_NOT_PROVIDED": (N_("Enter your e-mail address."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("This is no e-mail address that we can write to."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Enter a password."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("The two passwords differ."), "error"),
    "INVALID_PASSWORD": (N_("This is not your password."), "error"),
    "PASSWORD_IS_THE_SAME": (N_("This is the password you have. Choose another."), "error"),
}


def init_app(app: Flask) -> None:
    """Give the app its accounts."""
    settings = FEATURES | PASSWORDS | ADDRESSES | WORDS | {f"MSG_{name}": m for name, m in MESSAGES.items()}
    for name, value in settings.items():
        app.config.setdefault(f"SECURITY_{name}", value)
    security = Security(
        app,
        accounts,
        mail_util_cls=Letters,
        password_util_cls=Passwords,
        login_form=forms.LoginForm,
        register_form=forms.RegisterForm,
        forgot_password_form=forms.ForgotPasswordForm,
        send_confirmation_form=forms.SendConfirmationForm,
        change_email_form=forms.ChangeEmailForm,
    )
    _adapt(security)
    give_memory_back()
    security.mail_context_processor(lambda: {"link": link})
    confirm_change = app.view_functions["security.change_email_confirm"]
    app.add_url_rule(
        "/account/email/<token>", "security.finish_change_email", confirm_change, methods=["POST"]
    )
    guard.init_app(app)
    app.context_processor(lambda: {"visitor_account": visitor_account(), "mail_folder": _mail_folder()})
    events.init_app(app)


def visitor_account() -> User | None:
    """Whose session this is; nobody's on the command line."""
    return current_user if current_user and current_user.is_authenticated else None


def _load_user(uniquifier: str) -> User | None:
    """Whose session has `uniquifier`. A page is drawn even when the database cannot say: for a stranger then."""
    try:
        user: User | None = _user_loader(uniquifier)  # type: ignore[no-untyped-call]
        g.identity = Identity(uniquifier)  # for `roles_required`, whose own way would look at every request
        g.identity.provides.update(RoleNeed(role.name) for role in (user.roles if user else ()))
    except NO_ANSWER as error:
        log.error("Nobody is signed in, as the database does not answer: %s", error)
        db.session.rollback()
        return None
    return user


def _mail_folder() -> str | None:
    """Where mails lie that are not really sent, for those who may look there."""
    folder = outbox_folder(current_app.config) if current_app.config["APP_ENV"] == "development" else None
    return str(folder) if folder else None


def _adapt(security: Security) -> None:
    """What has no setting: no tokens in requests, no answers in JSON, no look at who asks before every request."""
    security.login_manager.user_loader(_load_user)
    security.login_manager.request_loader(lambda _request: None)
    security.want_json(lambda _request: False)
    security.principal.identity_loaders.clear()
