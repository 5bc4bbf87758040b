"""The tables: people, what they may do, and what was done that matters for security."""

from datetime import datetime

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, String, Table, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.database import UtcDateTime, now
from app.extensions import Base
from app.mail.tables import MAX_ADDRESS

OWNER, REVIEWER, MEMBER = "owner", "reviewer", "member"
ROLES = (OWNER, REVIEWER, MEMBER)
"""A member is anyone whose address is confirmed."""

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """One of ROLES."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(16), unique=True)


class User(Base, UserMixin):
    """One person's account."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(MAX_ADDRESS), unique=True)
    """As `mail.normalized` gives it: ASCII, lower case."""
    password: Mapped[str] = mapped_column(String(255))
    """Argon2id's own notation, with its salt and parameters."""
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    """What sessions and links hold; another one ends them all."""
    active: Mapped[bool] = mapped_column(default=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    keeps_history: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether drawings and uploads made while signed in are kept under "My pages"."""
    hand_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Answers given from then on adjust what this person is told next; null: none do."""
    roles: Mapped[list[Role]] = relationship(secondary=roles_users)  # type: ignore[assignment]  # a mixin's is vaguer


class AuditEntry(Base):
    """One act that matters for security. Written with the act, never changed."""

    __tablename__ = "audit_log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who did it; null for the command line and for somebody unknown."""
    act: Mapped[str] = mapped_column(String(32))
    about: Mapped[str] = mapped_column(String(MAX_ADDRESS), default="")
    """The e-mail address of the account it was done to."""
    address: Mapped[str] = mapped_column(String(45), default="")
    """The network address it was done from; empty for the command line."""
    note: Mapped[str] = mapped_column(String(255), default="")
    actor: Mapped[User | None] = relationship()


class ApiToken(Base):
    """A key by which a program calls in somebody's name. Only its digest is kept."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the token, in hexadecimal: a token is random and long, so nothing slower is needed."""
    scopes: Mapped[str] = mapped_column(String(64))
    """Some of "recognize read feedback", divided by spaces."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
