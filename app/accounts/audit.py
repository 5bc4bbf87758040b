"""One row for each act that matters for security."""

from flask import has_request_context, request

from app.accounts.tables import MAX_ADDRESS, AuditEntry, User
from app.extensions import db


def record(act: str, about: str = "", actor: User | None = None, note: str = "") -> None:
    """Add the row to the current transaction, so that it is kept exactly if the act is."""
    address = (request.remote_addr or "") if has_request_context() else ""
    db.session.add(
        AuditEntry(act=act, about=about[:MAX_ADDRESS], actor=actor, address=address[:45], note=note[:255])
    )
