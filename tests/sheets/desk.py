"""What the tests of the spreadsheet do over and over."""

import random
import uuid
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import numpy as np
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.samples.receipts import Receipt
from app.samples.service import keep
from app.samples.tables import Delivery
from app.sheets.delivery import BATCH_ROWS, Relay
from app.sheets.pace import Pace
from app.sheets.spreadsheet import Sheets
from app.sheets.target import Target, target_from
from tests.sheets.google import Google

RECEIPT = Receipt(
    id="",
    alphabet="digit",
    glyph=b"",
    strokes=[[[1.5, 2.0]]],
    candidates=[("7", 0.9), ("1", 0.1)],
    confidence=0.9,
    release="digit/1",
    source="draw",
    predicted_at=datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
)


class Clock:
    """A time that passes only while somebody waits for it, or when it is told to."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) + timedelta(minutes=1)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        """The same for whoever counts seconds."""
        return self.now.timestamp()

    def advance(self, seconds: float = 0, minutes: float = 0) -> None:
        self.now += timedelta(seconds=seconds, minutes=minutes)


def receipt(alphabet: str = "digit", **changes: object) -> Receipt:
    """A receipt with a picture of its own."""
    key = uuid.uuid4().hex
    glyph = np.random.default_rng(int(key[:8], 16)).integers(0, 256, 784, np.uint8).tobytes()
    changed = replace(RECEIPT, id=key, alphabet=alphabet, glyph=glyph)
    return replace(changed, **changes)  # type: ignore[arg-type]


@dataclass
class Desk:
    """Answers are kept at one end; rows arrive at the other."""

    google: Google
    clock: Clock

    def keep(self, number: int = 1, alphabet: str = "digit", label: str = "7") -> list[str]:
        """Keep so many answers; their keys."""
        return [keep(receipt(alphabet), label).sample_id for _ in range(number)]

    def sheets(self, timeout_s: float = 30, **changes: object) -> Sheets:
        target = replace(target_from(current_app.config), **changes)  # type: ignore[arg-type]
        return self.sheets_for(target, timeout_s)

    def sheets_for(self, target: Target, timeout_s: float = 30) -> Sheets:
        pace = Pace(db.engine, self.clock.advance, self.clock)
        return Sheets(target, pace.wait, self.clock.advance, (timeout_s, timeout_s))

    def relay(self, sheets: Sheets | None = None, batch_rows: int = BATCH_ROWS) -> Relay:
        return Relay(db.engine, sheets or self.sheets(), self.clock, batch_rows, random.Random(0))

    def deliver(self, sheets: Sheets | None = None, batch_rows: int = BATCH_ROWS) -> Counter[str]:
        """Let a relay do one round; how many rows are in which state after it."""
        return sum(self.relay(sheets, batch_rows).deliver(), Counter[str]())

    def deliveries(self) -> list[Delivery]:
        with Session(db.engine) as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    def states(self) -> Counter[str]:
        return Counter(delivery.state for delivery in self.deliveries())

    def rows(self, title: str = "Digit") -> list[list[object]]:
        """What stands below the header."""
        return self.google.worksheet(title).rows[1:]

    def keys(self, title: str = "Digit") -> list[object]:
        return [row[0] for row in self.rows(title)]
