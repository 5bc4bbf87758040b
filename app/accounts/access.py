"""Views that not everybody may have: strangers are shown the way to sign in, others told that it is not for them."""

from collections.abc import Callable
from functools import wraps

from flask.typing import ResponseReturnValue
from flask_security import auth_required, roles_accepted

from app.accounts.tables import OWNER, REVIEWER

View = Callable[..., ResponseReturnValue]


def for_owners(view: View) -> View:
    """A view for owners alone."""
    return _for(view, OWNER)


def for_reviewers(view: View) -> View:
    """A view for reviewers and owners."""
    return _for(view, OWNER, REVIEWER)


def _for(view: View, *roles: str) -> View:
    guarded: View = auth_required("session")(roles_accepted(*roles)(view))
    return wraps(view)(guarded)
