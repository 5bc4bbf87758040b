"""What the address of a page says, which anybody can write: what makes no sense there is not asked for."""

from collections.abc import Container
from datetime import UTC, date, datetime, time

from app.recognition.alphabets import ALPHABETS

MAX_ID = 2**31 - 1
"""The largest number that a row can have, on every database."""

ROW_ID = f"int(max={MAX_ID})"
"""The converter of such a number in a route."""

ALPHABET = f"any({', '.join(ALPHABETS)})"
"""The converter of the name of an alphabet in a route."""


def row_id(text: str) -> int:
    """The number of a row. Raises ValueError for what can be none."""
    number = int(text)
    if not 0 <= number <= MAX_ID:
        raise ValueError(f"no row has the number {text[:20]}")
    return number


def day(text: str | None) -> date | None:
    """A day that has a next one, written as in `2026-11-30`; None for anything else."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found < date.max else None


def midnight(day: date) -> datetime:
    """When a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def one_of(text: str | None, known: Container[str], otherwise: str = "") -> str:
    """The text where it is one of those that are known."""
    return text if text and text in known else otherwise
