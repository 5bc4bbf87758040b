"""The table of mails: what waits, what was sent, what was refused."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime
from app.extensions import Base

MAX_ADDRESS = 254
"""Characters: RFC 5321, 4.5.3.1.3, without the angle brackets."""
MAX_SUBJECT = 200


class Mail(Base):
    """One mail to one address."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(320), unique=True)
    """The Message-ID header, angle brackets included. Fixed when queued: a mail sent twice has it twice."""
    recipient: Mapped[str] = mapped_column(String(MAX_ADDRESS))
    subject: Mapped[str] = mapped_column(String(MAX_SUBJECT))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    """The same in HTML. Both are emptied once the mail is sent: links in them may open an account."""
    state: Mapped[str] = mapped_column(String(8), default="waiting", index=True)
    """"waiting", "sent" or "failed", which is for good."""
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """No relay takes the mail before; while one has it, the end of its lease."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(500))
