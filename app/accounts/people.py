"""What is done to accounts by whoever runs the site."""

from collections.abc import Sequence
from datetime import datetime

from flask_security import SQLAlchemyUserDatastore
from flask_security.utils import hash_password
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.accounts.audit import record
from app.accounts.tables import MEMBER, OWNER, Role, User
from app.extensions import db


class Accounts(SQLAlchemyUserDatastore):
    """The tables as Flask-Security uses them."""

    def commit(self) -> None:
        """Nothing: the guard commits, and once. The library would after each answer, be it an error's."""


accounts = Accounts(db, User, Role)


def find(address: str) -> User | None:
    """The account of a normalised address."""
    return accounts.find_user(email=address)  # type: ignore[return-value]  # of our own class


def everyone() -> Sequence[User]:
    """All accounts with their roles, the oldest first."""
    return db.session.scalars(select(User).options(selectinload(User.roles)).order_by(User.id)).all()


def make_owner(user: User | None, address: str, password: str | None, confirmed_at: datetime) -> User:
    """Make or promote the account of `address`; a `password` given replaces the one there was."""
    if user is None:
        assert password is not None
        user = User(email=address, active=True)
        db.session.add(user)
    if password is not None:
        user.password = hash_password(password)
        accounts.set_uniquifier(user)
    user.confirmed_at = user.confirmed_at or confirmed_at
    for role in (OWNER, MEMBER):
        give_role(user, role)
    return user


def give_role(user: User, role: str, actor: User | None = None) -> None:
    """Twice is once."""
    if accounts.add_role_to_user(user, accounts.find_or_create_role(role)):
        record("role_given", user.email, actor, note=role)


def take_role(user: User, role: str, actor: User | None = None) -> None:
    """Without effect on who has not got it."""
    if accounts.remove_role_from_user(user, role):
        record("role_taken", user.email, actor, note=role)


def disable(user: User, actor: User | None = None) -> None:
    """Lock the account and end its sessions."""
    if accounts.deactivate_user(user):
        accounts.set_uniquifier(user)
        record("disabled", user.email, actor)


def enable(user: User, actor: User | None = None) -> None:
    """Let the person sign in again."""
    if accounts.activate_user(user):
        record("enabled", user.email, actor)
