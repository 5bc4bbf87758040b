"""Asking for a mail: a row in the caller's transaction, so nothing is sent if that is rolled back."""

import re
import uuid
from collections.abc import Sequence

from flask import current_app
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from app.database import now
from app.mail.errors import UnsendableMail
from app.mail.message import domain_of
from app.mail.tables import Mail

MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets
MAX_SUBJECT = 200
LABEL = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
ADDRESS = re.compile(rf"[a-zA-Z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{LABEL}(?:\.{LABEL})*")
"""What `<input type="email">` takes (the HTML standard, "valid email address"): ASCII, and no quoting."""
NO_LINE_OF_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def queue_mail(session: Session, to: str, subject: str, text: str, html: str) -> Mail:
    """Add a mail to the transaction of `session`; it leaves after the commit, and the caller does not wait.

    Raises UnsendableMail for an address or a subject that is too long or could become another header.
    """
    _check(to, subject)
    queued_at = now()
    mail = Mail(
        message_id=f"<{uuid.uuid4().hex}@{domain_of(current_app.config['MAIL_FROM'])}>",
        recipient=to,
        subject=subject,
        text=text,
        html=html,
        created_at=queued_at,
        next_try_at=queued_at,
    )
    session.add(mail)
    event.listen(session, "after_commit", current_app.extensions["mail"].wake_after)
    return mail


def latest_mails(session: Session, limit: int) -> Sequence[Mail]:
    """The mails queued last, the newest first."""
    return session.scalars(select(Mail).order_by(Mail.id.desc()).limit(limit)).all()


def _check(to: str, subject: str) -> None:
    if len(to) > MAX_ADDRESS or not ADDRESS.fullmatch(to):
        raise UnsendableMail(f"{to[:50]!r} is not an e-mail address that this server can send to.")
    if len(subject) > MAX_SUBJECT or NO_LINE_OF_TEXT.search(subject):
        raise UnsendableMail(
            f"The subject {subject[:50]!r} is not one line of text with at most {MAX_SUBJECT} characters."
        )
