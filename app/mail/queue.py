"""Asking for a mail: a row in the caller's transaction, so nothing is sent if that is rolled back; and its fate."""

import re
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask import current_app
from sqlalchemy import delete, event, func, select, update
from sqlalchemy.orm import Session

from app.database import now
from app.mail.errors import UnsendableMail
from app.mail.message import domain_of
from app.mail.tables import MAX_ADDRESS, MAX_SUBJECT, Mail

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


def latest_mails(
    session: Session, limit: int, state: str | None = None, before: int | None = None
) -> Sequence[Mail]:
    """The mails queued last, the newest first: those in `state`, those with an id below `before`."""
    query = select(Mail).order_by(Mail.id.desc()).limit(limit)
    if state:
        query = query.where(Mail.state == state)
    if before:
        query = query.where(Mail.id < before)
    return session.scalars(query).all()


def mails_by_state(session: Session) -> Mapping[str, int]:
    """How many mails there are in each state."""
    counts = session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {"waiting": 0, "sent": 0, "failed": 0} | {row[0]: row[1] for row in counts}


def retry(session: Session, mail_id: int) -> Mail | None:
    """Let a mail that was refused for good be tried again after the commit; None if there is no such mail."""
    again = update(Mail).where(Mail.id == mail_id, Mail.state == "failed").returning(Mail)
    mail = session.scalar(again.values(state="waiting", next_try_at=now()))
    if mail is not None:
        event.listen(session, "after_commit", current_app.extensions["mail"].wake_after)
    return mail


def forget_before(session: Session, days: int) -> int:
    """Delete what was sent or refused, and queued more than `days` ago; how many these were. 0 keeps all."""
    if not days:
        return 0
    old = delete(Mail).where(Mail.state != "waiting", Mail.created_at < now() - timedelta(days=days))
    return session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]  # a DELETE has one


def _check(to: str, subject: str) -> None:
    if len(to) > MAX_ADDRESS or not ADDRESS.fullmatch(to):
        raise UnsendableMail(
            "%(address)s is not an e-mail address that this server can send to.", address=repr(to[:50])
        )
    if len(subject) > MAX_SUBJECT or NO_LINE_OF_TEXT.search(subject):
        raise UnsendableMail(
            "The subject %(subject)s is not one line of text with at most %(most)s characters.",
            subject=repr(subject[:50]),
            most=MAX_SUBJECT,
        )
