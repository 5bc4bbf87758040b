"""What is not kept for ever: mails that are done with, and old rows of the audit log."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts import audit
from app.database import WRITES
from app.mail import queue


def forget(settings: Mapping[str, Any], engine: Engine) -> dict[str, int]:
    """Delete what is older than the settings say; how many rows of what."""
    with Session(engine.execution_options(**WRITES)) as session:
        forgotten = {
            "mails": queue.forget_before(session, settings["MAIL_DAYS"]),
            "audit log": audit.forget_before(session, settings["AUDIT_LOG_DAYS"]),
        }
        session.commit()
    return forgotten
