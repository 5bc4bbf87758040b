"""One row for each act that matters for security: written with the act, found again, and forgotten in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import has_request_context, request
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.tables import AuditEntry, User
from app.database import now
from app.extensions import db
from app.mail.tables import MAX_ADDRESS


@dataclass(frozen=True)
class Search:
    """Which rows are looked for; what is empty or None restricts nothing."""

    act: str = ""
    account: str = ""
    """Part of the address of whoever did it, or of the account it was done to."""
    since: datetime | None = None
    until: datetime | None = None


def record(act: str, about: str = "", actor: User | None = None, note: str = "") -> None:
    """Add the row to the current transaction, so that it is kept exactly if the act is."""
    address = (request.remote_addr or "") if has_request_context() else ""
    db.session.add(
        AuditEntry(act=act, about=about[:MAX_ADDRESS], actor=actor, address=address[:45], note=note[:255])
    )


def entries(search: Search, limit: int, before: int | None = None) -> Sequence[AuditEntry]:
    """The latest rows first, with who did it; those with an id below `before`, for the next page."""
    query = select(AuditEntry).outerjoin(AuditEntry.actor).options(joinedload(AuditEntry.actor))
    query = query.where(*_conditions(search), *([AuditEntry.id < before] if before else []))
    return db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)).all()


def acts() -> Sequence[str]:
    """Every kind of act there is a row of."""
    return db.session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)).all()


def forget_before(session: Session, days: int) -> int:
    """Delete rows older than `days` within the transaction of `session`; how many these were. 0 keeps all."""
    if not days:
        return 0
    old = delete(AuditEntry).where(AuditEntry.at < now() - timedelta(days=days))
    return session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]  # a DELETE has one


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.act:
        conditions.append(AuditEntry.act == search.act)
    if search.account:
        part = search.account.lower()
        conditions.append(
            or_(AuditEntry.about.contains(part, autoescape=True), User.email.contains(part, autoescape=True))
        )
    if search.since:
        conditions.append(AuditEntry.at >= search.since)
    if search.until:
        conditions.append(AuditEntry.at < search.until)
    return conditions
