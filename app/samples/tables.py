"""The tables: what was kept, and what still has to be delivered elsewhere."""

from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Base
from app.recognition.strokes import Strokes

NEW, QUARANTINED, ACCEPTED, REJECTED = "new", "quarantined", "accepted", "rejected"
STATES = (NEW, QUARANTINED, ACCEPTED, REJECTED)
"""Of a sample in review. Quarantined: a person must look at it by itself. Only accepted samples train."""
UNDECIDED = (NEW, QUARANTINED)


class Sample(Base):
    """One glyph exactly as it was predicted, and what the person said it is."""

    __tablename__ = "samples"
    __table_args__ = (
        Index("ix_samples_visitor_created_at", "visitor", "created_at", "state"),
        Index("ix_samples_alphabet_created_at", "alphabet", "created_at"),
        Index("ix_samples_visitor_alphabet_created_at", "visitor", "alphabet", "created_at"),
        Index("ix_samples_user_id_alphabet_created_at", "user_id", "alphabet", "created_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The receipt's id, so that one receipt counts once."""
    alphabet: Mapped[str] = mapped_column(String(16))
    glyph: Mapped[bytes] = mapped_column(LargeBinary)
    """784 bytes: 28×28 uint8, row by row, 255 = ink."""
    strokes: Mapped[list[list[list[float]]] | None] = mapped_column(JSON(none_as_null=True))
    """`[[[x, y], …], …]` in canvas units, to 0.1; null for an upload and for a very long drawing."""
    predicted: Mapped[str] = mapped_column(String(1))
    confidence: Mapped[float]
    candidates: Mapped[list[list[Any]]] = mapped_column(JSON)
    """The best five, `[[character, probability], …]`."""
    label: Mapped[str] = mapped_column(String(1))
    correct: Mapped[bool]
    release: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(8))
    """"draw", "upload", "sheet" for a row of the spreadsheet, or archive.MADE_UP."""
    visitor: Mapped[str | None] = mapped_column(String(32))
    """A random id from the session cookie; tells writers apart without knowing them."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    """Who gave it while signed in; null for everybody else, and once the account is gone."""
    predicted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown: Mapped[str | None] = mapped_column(String(1))
    """What the person saw where “my hand” had changed the answer; `predicted` and all else is the network's own."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(String(12), default=NEW, server_default=NEW, index=True)
    """One of STATES."""
    waited_as: Mapped[str | None] = mapped_column(String(12))
    """One of UNDECIDED: the state it was in before it was decided, to which an undone verdict brings it back."""
    accepted_label: Mapped[str | None] = mapped_column(String(1))
    """What an accepted sample trains as: `label`, unless the reviewer knew better."""
    doubt: Mapped[float | None]
    """In [0, 1], as doubt.py says; the review queue shows most first."""
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Null as long as nobody has accepted or rejected it."""

    @property
    def drawing(self) -> Strokes | None:
        """The strokes as they were drawn, or None where only the glyph is known."""
        return tuple(np.array(line, np.float32) for line in self.strokes) if self.strokes else None

    @property
    def writer(self) -> str | None:
        """See `writer_of`."""
        return writer_of(self.user_id, self.visitor)


def writer_of(user_id: int | None, visitor: str | None) -> str | None:
    """An opaque name, at most 40 characters, the same for the same person; None when nothing tells who it was."""
    return f"user-{user_id}" if user_id is not None else visitor


class Delivery(Base):
    """One sample that waits to be copied elsewhere; written in the same transaction as the sample."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[str] = mapped_column(ForeignKey("samples.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="waiting", index=True)
    """"waiting", "sending", "sent", or "parked": it can never be delivered as it is.

    A row that is still "sending" when its lease ends is in doubt: nobody knows whether it arrived.
    """
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    """No relay takes the row before; while one has it, the end of its lease."""
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(String(500))


class CallSlot(Base):
    """When the next request to an outside service may leave; all relays on all machines take their turns here."""

    __tablename__ = "call_slots"

    service: Mapped[str] = mapped_column(String(16), primary_key=True)
    next_at: Mapped[datetime] = mapped_column(UtcDateTime)
