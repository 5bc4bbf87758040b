"""API tokens: keys by which a program calls in somebody's name, each for what its owner has named."""

import hashlib
import logging
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from flask import current_app, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.accounts.audit import record
from app.accounts.errors import BadToken, ScopeMissing, TokenMissing, UnusableToken
from app.accounts.tables import ApiToken, User
from app.accounts.transaction import writing
from app.database import WRITES, now
from app.extensions import db
from app.rate_limits import callers_network

log = logging.getLogger(__name__)

SCOPES = ("recognize", "read", "feedback")
PREFIX = "legible_"
"""So that people and scanners know one when they see it."""
RANDOM_BYTES = 32
MAX_NAME = 80
MAX_TOKENS = 20
"""Of one account."""
LAST_USED_EVERY = timedelta(minutes=1)
"""How exactly the last use is noted: no more writes than that."""

View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True)
class NewToken:
    """A token as its owner sees it, once."""

    name: str
    text: str


def tokens_of(user: User) -> Sequence[ApiToken]:
    """The newest first."""
    return db.session.scalars(
        select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id.desc())
    ).all()


def create(user: User, name: str, scopes: Collection[str]) -> NewToken:
    """Make a token for `user` and keep its digest. Raises UnusableToken."""
    name = " ".join(name.split())
    chosen = [scope for scope in SCOPES if scope in scopes]
    text = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    with writing():
        _check(name, chosen, [token.name for token in tokens_of(user)])
        db.session.add(ApiToken(user_id=user.id, name=name, digest=digest_of(text), scopes=" ".join(chosen)))
        record("token_created", user.email, user, note=f"{name} ({', '.join(chosen)})")
    return NewToken(name, text)


def revoke(user: User, token_id: int) -> str | None:
    """End a token of `user` at once; its name, or None where there is no such token."""
    is_theirs = (ApiToken.id == token_id) & (ApiToken.user_id == user.id)
    with writing():
        name = db.session.scalar(delete(ApiToken).where(is_theirs).returning(ApiToken.name))
        if name is not None:
            record("token_revoked", user.email, user, note=name)
    return name


def accepts_token(scope: str) -> Callable[[View], View]:
    """A view that a token with `scope` may call, and anybody without one. Stands above `rate_limited`."""

    def decorate(view: View) -> View:
        @wraps(view)
        def accepting(*args: object, **kwargs: object) -> ResponseReturnValue:
            g.token_user = bearer(scope)
            return view(*args, **kwargs)

        return accepting

    return decorate


def caller() -> User | None:
    """In whose name a view under `accepts_token` is called; None: nobody has said."""
    return g.token_user  # type: ignore[no-any-return]


def named_caller() -> User:
    """The same where somebody must be named. Raises TokenMissing."""
    if (user := caller()) is None:
        raise TokenMissing(
            "This address needs a token: “Authorization: Bearer …”. Your account’s page has them."
        )
    return user


def bearer(scope: str) -> User | None:
    """The account whose token with `scope` this request carries; None if it carries no token, at no cost.

    What is limited counts for the account from then on, not for the network address.
    Raises BadToken, ScopeMissing; TooManyRequests for an address that tries one bad token after another.
    """
    if "Authorization" not in request.headers:
        return None
    found = _look_up(request.headers["Authorization"])
    if found is None:
        current_app.extensions["rate_limits"].hit("ACCOUNT_RATE_LIMIT", f"{callers_network()} token")
        raise BadToken("This token is none of ours, or was revoked, or its account is disabled.")
    token, user = found
    if scope not in token.scopes.split():
        raise ScopeMissing("This token is not for “%(scope)s”. Make another that is.", scope=scope)
    g.rate_limit_key = f"account {user.id}"
    _note_use(token)
    return user


def digest_of(text: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def _look_up(header: str) -> tuple[ApiToken, User] | None:
    """By one indexed SELECT. Whoever may not sign in has no token that works."""
    kind, _, text = header.partition(" ")
    if kind.lower() != "bearer" or not text.isascii():
        return None
    query = select(ApiToken, User).join(User, User.id == ApiToken.user_id)
    may_sign_in = User.active & User.confirmed_at.is_not(None)
    row = db.session.execute(query.where(ApiToken.digest == digest_of(text.strip()), may_sign_in)).first()
    return (row[0], row[1]) if row else None


def _note_use(token: ApiToken) -> None:
    """At most once in LAST_USED_EVERY; a database that is busy writing does not stop the request."""
    at = now()
    if token.last_used_at is not None and at - token.last_used_at < LAST_USED_EVERY:
        return
    is_old = or_(ApiToken.last_used_at.is_(None), ApiToken.last_used_at <= at - LAST_USED_EVERY)
    note = update(ApiToken).where(ApiToken.id == token.id, is_old).values(last_used_at=at)
    try:
        with Session(db.engine.execution_options(**WRITES)) as session:
            session.execute(note)
            session.commit()
    except OperationalError as error:
        log.warning("The use of a token was not noted: %s", error)


def _check(name: str, scopes: Sequence[str], names: Collection[str]) -> None:
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise UnusableToken(
            "Give the token a name by which you know it, of at most %(max)s characters.", max=MAX_NAME
        )
    if not scopes:
        raise UnusableToken("Choose what the token is for.")
    if name in names:
        raise UnusableToken("You have a token “%(name)s”. Revoke it, or choose another name.", name=name)
    if len(names) >= MAX_TOKENS:
        raise UnusableToken(
            "You have %(max)s tokens, and no more fit. Revoke one that you don’t need.", max=MAX_TOKENS
        )
