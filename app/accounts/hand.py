"""Whether an account wants its hand to be learned, and since when."""

from datetime import datetime

from sqlalchemy import bindparam, select

from app.accounts.tables import User
from app.accounts.transaction import writing
from app.extensions import db

_SINCE = select(User.hand_since).where(User.id == bindparam("user_id"), User.active)


def hand_since(user_id: int) -> datetime | None:
    """From when on the account's answers count; None: they do not, or there is no such account."""
    return db.session.connection().scalar(_SINCE, {"user_id": user_id})


def learn_hand(user: User, since: datetime | None) -> None:
    """Let the answers of `user` count from `since` on, or no more."""
    with writing():
        user.hand_since = since
