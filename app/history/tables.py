"""The table of what people keep for themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Base


class Drawing(Base):
    """One drawing or upload of one account, and how it was read."""

    __tablename__ = "drawings"
    __table_args__ = (Index("ix_drawings_user_id_predicted_at", "user_id", "predicted_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """The receipt's id, so that keeping the same prediction twice keeps it once."""
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    alphabet: Mapped[str] = mapped_column(String(16))
    glyph: Mapped[bytes] = mapped_column(LargeBinary)
    """784 bytes: 28×28 uint8, row by row, 255 = ink."""
    strokes: Mapped[list[list[list[float]]] | None] = mapped_column(JSON(none_as_null=True))
    """`[[[x, y], …], …]` in canvas units; null for an upload."""
    predicted: Mapped[str] = mapped_column(String(1))
    confidence: Mapped[float]
    candidates: Mapped[list[list[Any]]] = mapped_column(JSON)
    """The best five, `[[character, probability], …]`."""
    label: Mapped[str | None] = mapped_column(String(1))
    """What the person said it is; null: nothing was said."""
    release: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(8))
    """"draw" or "upload"."""
    predicted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
