"""The tables: what was kept, and what still has to be delivered elsewhere."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, LargeBinary, String, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite forgets time zones, so UTC is put back when a row is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return (value if value.tzinfo else value.replace(tzinfo=UTC)) if value else None


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class Sample(Base):
    """One glyph exactly as it was predicted, and what the person said it is."""

    __tablename__ = "samples"

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
    """"draw" or "upload"."""
    visitor: Mapped[str | None] = mapped_column(String(32))
    """A random id from the session cookie; tells writers apart without knowing them."""
    predicted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Delivery(Base):
    """One sample that waits to be copied elsewhere; written in the same transaction as the sample."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    sample_id: Mapped[str] = mapped_column(ForeignKey("samples.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="waiting", index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
