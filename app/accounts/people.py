"""What is done to accounts by whoever runs the site."""

from collections.abc import Sequence
from datetime import datetime

from flask_login import current_user  # type: ignore[import-untyped]  # ships no types
from flask_security import SQLAlchemyUserDatastore
from flask_security.utils import hash_password
from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from app.accounts.audit import record
from app.accounts.errors import LastOwner, Unconfirmed
from app.accounts.tables import MEMBER, OWNER, Role, User
from app.extensions import db
from app.mail.tables import MAX_ADDRESS, Mail


class Accounts(SQLAlchemyUserDatastore):
    """The tables as Flask-Security uses them."""

    def commit(self) -> None:
        """Nothing: the guard commits, and once. The library would after each answer, be it an error's."""


accounts = Accounts(db, User, Role)


def signed_in() -> User:
    """Whose session this is, as a row and not as Flask-Login's stand-in for it. Behind `auth_required` alone."""
    return current_user._get_current_object()  # type: ignore[no-any-return]  # noqa: SLF001 - its documented way


def find(address: str) -> User | None:
    """The account of a normalised address."""
    return accounts.find_user(email=address)  # type: ignore[return-value]  # of our own class


def everyone() -> Sequence[User]:
    """All accounts with their roles, the oldest first."""
    return db.session.scalars(select(User).options(selectinload(User.roles)).order_by(User.id)).all()


def part_of_address(text: str | None) -> str:
    """What is looked for; no address is longer, and SQLite takes no pattern that is much longer."""
    return (text or "").strip()[:MAX_ADDRESS]


def search(part: str, limit: int, after: int = 0) -> Sequence[User]:
    """Accounts with their roles whose address contains `part`, the oldest first; those with an id above `after`."""
    query = select(User).options(selectinload(User.roles)).where(User.id > after)
    found = query.where(User.email.contains(part.strip().lower(), autoescape=True))
    return db.session.scalars(found.order_by(User.id).limit(limit)).all()


def make_owner(user: User | None, address: str, password: str | None, confirmed_at: datetime) -> User:
    """Make or promote the account of `address`; a `password` given replaces the one there was."""
    if user is None:
        assert password is not None
        user = User(email=address, active=True)
        db.session.add(user)
    if password is not None:
        _renew_password(user, password)
    user.confirmed_at = user.confirmed_at or confirmed_at
    for role in (OWNER, MEMBER):
        give_role(user, role)
    return user


def set_password(user: User, password: str) -> None:
    """Replace the password, which is a good one in its normal form, and end all sessions."""
    _renew_password(user, password)
    record("password_set", user.email)


def _renew_password(user: User, password: str) -> None:
    user.password = hash_password(password)
    accounts.set_uniquifier(user)


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


def remove(user: User) -> None:
    """Delete the account with its roles, tokens, drawings and the mails sent to it. Raises LastOwner."""
    check_owner_remains_without(user)
    record("account_deleted", user.email)
    db.session.execute(delete(Mail).where(Mail.recipient == user.email))
    accounts.delete_user(user)


def check_may_have_roles(user: User) -> None:
    """Raises Unconfirmed for whoever has not shown that the address is theirs."""
    if user.confirmed_at is None:
        raise Unconfirmed(
            "%(address)s has not been confirmed yet. Roles are for confirmed accounts.", address=user.email
        )


def check_owner_remains_without(user: User) -> None:
    """Raises LastOwner if `user` is an owner, and nobody else could then give roles.

    Call it in the transaction that makes the change: the row of the role is locked, so that two owners cannot remove
    each other at once.
    """
    if not user.has_role(OWNER):
        return
    db.session.scalar(select(Role.id).where(Role.name == OWNER).with_for_update())
    may_own = User.active & User.confirmed_at.is_not(None) & User.roles.any(Role.name == OWNER)
    if db.session.scalar(select(User.id).where(may_own, User.id != user.id).limit(1)) is None:
        raise LastOwner(
            "%(address)s is the only owner. Make somebody else an owner first.", address=user.email
        )
