"""What can be wrong with a token or with a change to an account, in words."""

from app.errors import AppError


class TokenMissing(AppError):
    code, status = "token_missing", 401
    headers = (("WWW-Authenticate", 'Bearer realm="Legible"'),)


class BadToken(AppError):
    code, status = "bad_token", 401
    headers = (("WWW-Authenticate", 'Bearer realm="Legible", error="invalid_token"'),)


class ScopeMissing(AppError):
    code, status = "scope_missing", 403
    headers = (("WWW-Authenticate", 'Bearer realm="Legible", error="insufficient_scope"'),)


class UnusableToken(AppError):
    """A token was asked for that cannot be made."""

    code, status = "unusable_token", 422


class LastOwner(AppError):
    code, status = "last_owner", 409


class Unconfirmed(AppError):
    code, status = "unconfirmed", 409


class Crowded(AppError):
    code, status = "crowded", 503
    headers = (("Retry-After", "5"),)
