"""How well one person's hand is read, by that person's own judgement."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import extract, func, select

from app.accounts.tables import User
from app.extensions import db
from app.history.tables import Drawing

MAX_PERIODS = 12
MAX_TROUBLES = 8

DayCount = tuple[date, bool, int]
"""A day, whether the answers were right, and how many were judged so."""


@dataclass(frozen=True)
class Period:
    """Answers judged within some days."""

    kind: str
    """"day", "week" or "month"."""
    begins: date
    right: int
    judged: int


@dataclass(frozen=True)
class Trouble:
    """A character that is misread: how often, and as what most often."""

    character: str
    wrong: int
    judged: int
    taken_for: str


@dataclass(frozen=True)
class Record:
    """What a person's judgements add up to."""

    right: int
    judged: int
    periods: tuple[Period, ...]
    """The latest last; days, weeks or months, as few as show all that was judged within MAX_PERIODS of them."""
    troubles: tuple[Trouble, ...]
    """The worst first."""


def record_of(user: User) -> Record:
    """Counted in the database: what comes back does not grow with every drawing."""
    days = _judged_by_day(user)
    right = sum(number for _, is_right, number in days if is_right)
    judged = sum(number for _, _, number in days)
    return Record(right, judged, periods(days), troubles(_judged_by_character(user)))


def periods(days: Iterable[DayCount]) -> tuple[Period, ...]:
    """Judgements by day, where all fit into MAX_PERIODS days; else by week; else by month, the latest ones."""
    days = list(days)
    folded: list[Period] = []
    for kind in ("day", "week", "month"):
        folded = _folded(days, kind)
        if len(folded) <= MAX_PERIODS:
            break
    return tuple(folded[-MAX_PERIODS:])


def troubles(counts: Iterable[tuple[str, str, int]]) -> tuple[Trouble, ...]:
    """From how often each (label, prediction) was judged."""
    judged: Counter[str] = Counter()
    mistakes: dict[str, Counter[str]] = {}
    for label, predicted, number in counts:
        judged[label] += number
        if label != predicted:
            mistakes.setdefault(label, Counter())[predicted] += number
    found = [
        Trouble(label, wrong.total(), judged[label], wrong.most_common(1)[0][0])
        for label, wrong in mistakes.items()
    ]
    return tuple(sorted(found, key=lambda t: (-t.wrong, -t.wrong / t.judged, t.character))[:MAX_TROUBLES])


def _folded(days: list[DayCount], kind: str) -> list[Period]:
    right: Counter[date] = Counter()
    judged: Counter[date] = Counter()
    for day, is_right, number in days:
        begins = _beginning(day, kind)
        judged[begins] += number
        right[begins] += number if is_right else 0
    return [Period(kind, begins, right[begins], judged[begins]) for begins in sorted(judged)]


def _beginning(day: date, kind: str) -> date:
    match kind:
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
    return day


def _judged_by_day(user: User) -> list[DayCount]:
    year, month, day = (extract(part, Drawing.predicted_at) for part in ("year", "month", "day"))
    is_right = Drawing.label == Drawing.predicted
    rows = select(year, month, day, is_right, func.count()).where(
        Drawing.user_id == user.id, Drawing.label.is_not(None)
    )
    counted = db.session.execute(rows.group_by(year, month, day, is_right))
    return [(date(int(y), int(m), int(d)), bool(right), number) for y, m, d, right, number in counted]


def _judged_by_character(user: User) -> list[tuple[str, str, int]]:
    rows = select(Drawing.label, Drawing.predicted, func.count()).where(
        Drawing.user_id == user.id, Drawing.label.is_not(None)
    )
    counted = db.session.execute(rows.group_by(Drawing.label, Drawing.predicted))
    return [(label or "", predicted, number) for label, predicted, number in counted]
