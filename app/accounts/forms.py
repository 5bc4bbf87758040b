"""Flask-Security's forms, where ours ask for more, note what was tried, or hide which addresses are known."""

from typing import Any

import flask_security as library
from flask_login import current_user  # type: ignore[import-untyped]  # ships no types
from flask_security.change_email import ChangeEmailForm as LibraryChangeEmailForm
from flask_security.forms import PasswordFormMixin
from flask_security.utils import get_message, hash_password, verify_password
from wtforms import Field, StringField  # type: ignore[import-untyped]  # ships no types
from wtforms.validators import AnyOf  # type: ignore[import-untyped]  # ships no types

from app.accounts.audit import record
from app.accounts.mail import normalized
from app.accounts.passwords import normalize


class LoginForm(library.LoginForm):
    """Notes each failure, whatever its reason."""

    def validate_next(self, field: Field) -> None:
        """The guard decides where this may lead; a target elsewhere is no reason not to sign in."""

    def validate(self, **options: Any) -> bool:
        if self.password.data:  # of somebody unknown the library would hash it as it came
            self.password.data = normalize(self.password.data)
        is_right = bool(super().validate(**options))
        if not is_right:
            record("login_failed", about=normalized(self.email.data or "") or "")
        return is_right


class RegisterForm(library.RegisterFormV2):
    """Leads to the same page, whatever somebody asks for."""

    def validate_next(self, field: Field) -> None:
        """Nothing to refuse."""


class ForgotPasswordForm(library.ForgotPasswordForm):
    """Helps those too whose address is not confirmed yet: the link they get confirms it."""

    def validate(self, **options: Any) -> bool:
        is_known = library.Form.validate(self, **options) and self.user is not None and self.user.is_active
        if is_known:
            _spend_the_time_of_a_password()  # for an unknown address the library's view does it
        return _is_readable(self, "password_asked_for") and is_known


class SendConfirmationForm(library.SendConfirmationForm):
    """Asks for another link to confirm an address."""

    def validate(self, **options: Any) -> bool:
        _spend_the_time_of_a_password()
        is_waiting = bool(super().validate(**options))
        return _is_readable(self, "confirmation_asked_for") and is_waiting


class AskedForPassword(PasswordFormMixin):
    """Asks for the password too: who finds a browser signed in shall not take the account along."""

    def validate(self, **options: Any) -> bool:
        is_right = bool(super().validate(**options))  # type: ignore[misc]  # a form's; this is mixed into one
        if not verify_password(normalize(self.password.data or ""), current_user.password):
            self.password.errors = [get_message("INVALID_PASSWORD")[0]]
            return False
        return is_right


class ChangeEmailForm(AskedForPassword, LibraryChangeEmailForm):
    """Asks for the new address."""


class LeaveForm(AskedForPassword, library.Form):
    """Asks what becomes of the corrections of somebody who leaves."""

    corrections = StringField(default="keep", validators=[AnyOf(("keep", "delete"))])


def _spend_the_time_of_a_password() -> None:
    """Compute one hash for nothing, so that known and unknown addresses take equally long."""
    hash_password("not a password")


def _is_readable(form: library.ForgotPasswordForm | library.SendConfirmationForm, act: str) -> bool:
    """Whether the form has an address at all: only this is told, and only such a request is noted."""
    address = normalized(form.email.data or "")
    if address is None:
        form.form_errors.append(get_message("INVALID_EMAIL_ADDRESS")[0])  # the view hides those of the field
        return False
    record(act, about=address)
    return True
