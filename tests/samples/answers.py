"""Answers for tests: kept as a visitor's are, about ink that no two of them share."""

import uuid
from datetime import UTC, datetime

import numpy as np

from app.database import WRITES
from app.extensions import db
from app.samples.receipts import Receipt
from app.samples.service import keep
from app.samples.tables import Sample
from app.samples.verdicts import judge

LIKELY, UNLIKELY = "1", "4"
"""For a 7 as `receipt` has it: what the release holds for possible, and what it excludes."""


def ink(seed: int) -> bytes:
    """A glyph's 784 bytes, unlike any other's."""
    return np.random.default_rng(seed).integers(256, size=784, dtype=np.uint8).tobytes()


def receipt(**changes: object) -> Receipt:
    """Of a digit read as 7 with 0.9, perhaps a 1, certainly no 4."""
    sample_id = uuid.uuid4().hex
    values: dict[str, object] = {
        "id": sample_id,
        "alphabet": "digit",
        "glyph": ink(int(sample_id[:8], 16)),
        "strokes": [[[60.0, 60.0], [200.0, 60.0], [120.0, 220.0]], [[90.0, 140.0]]],
        "candidates": [["7", 0.9], ["1", 0.09], ["2", 0.005], ["9", 0.003], ["3", 0.001]],
        "confidence": 0.9,
        "release": "digit/0",
        "source": "draw",
        "predicted_at": datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Receipt(**{**values, **changes})  # type: ignore[arg-type]


def answer(label: str, visitor: str | None = "ada", user_id: int | None = None, **changes: object) -> str:
    """Keep `label` for such a receipt; the sample's id."""
    return keep(receipt(**changes), label, visitor, user_id).sample_id


def sample(sample_id: str) -> Sample:
    """As it is in the database now."""
    db.session.rollback()  # another transaction, which sees what was kept meanwhile
    return db.session.get_one(Sample, sample_id)


def decide(verdict: str, *ids: str, reviewer_id: int | None = None, label: str = "") -> int:
    """Judge and commit."""
    db.session.rollback()
    db.session.connection(execution_options=WRITES)
    number = judge(db.session(), ids, verdict, reviewer_id, label)
    db.session.commit()
    return number
