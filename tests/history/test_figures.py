"""What judgements add up to."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from flask import Flask

from app.history import service
from app.history.figures import MAX_PERIODS, Period, Trouble, periods, record_of, troubles
from tests.members import Member

MONDAY = date(2026, 3, 2)


def days(*after: int) -> list[tuple[date, bool, int]]:
    return [(MONDAY + timedelta(days=number), True, 1) for number in after]


def test_a_few_days_are_shown_day_by_day() -> None:
    counts = [(MONDAY, True, 3), (MONDAY, False, 1), (MONDAY + timedelta(days=4), False, 2)]
    assert periods(counts) == (
        Period("day", MONDAY, right=3, judged=4),
        Period("day", MONDAY + timedelta(days=4), right=0, judged=2),
    )


def test_many_days_are_shown_by_week() -> None:
    found = periods(days(*range(21)))
    assert [(p.kind, p.begins, p.judged) for p in found] == [
        ("week", MONDAY + timedelta(weeks=week), 7) for week in range(3)
    ]


def test_many_weeks_are_shown_by_month_the_latest_ones() -> None:
    found = periods(days(*range(0, 500, 2)))
    assert {p.kind for p in found} == {"month"}
    assert len(found) == MAX_PERIODS
    assert found[-1].begins == date(2027, 7, 1)


def test_nothing_judged_is_nothing() -> None:
    assert periods([]) == ()


def test_the_worst_comes_first() -> None:
    counts = [("7", "7", 8), ("7", "1", 2), ("7", "2", 1), ("4", "9", 3), ("5", "5", 9), ("1", "7", 1)]
    assert troubles(counts) == (
        Trouble("4", wrong=3, judged=3, taken_for="9"),
        Trouble("7", wrong=3, judged=11, taken_for="1"),
        Trouble("1", wrong=1, judged=1, taken_for="7"),
    )


def test_only_ones_own_judgements_count(app: Flask, member: Member, other: Member) -> None:
    with app.app_context():
        for label in ("7", "7", "1", None):
            service.keep(member.user(), member.receipt(), label)
        service.keep(other.user(), other.receipt(), "2")
    with app.app_context():
        record = record_of(member.user())
    assert (record.right, record.judged) == (2, 3)
    assert [(p.kind, p.right, p.judged) for p in record.periods] == [("day", 2, 3)]
    assert record.troubles == (Trouble("1", wrong=1, judged=1, taken_for="7"),)


def test_days_are_those_of_utc_wherever_the_database_is(app: Flask, member: Member) -> None:
    late = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
    with app.app_context():
        service.keep(member.user(), replace(member.receipt(), predicted_at=late), "7")
        service.keep(member.user(), replace(member.receipt(), predicted_at=late + timedelta(seconds=1)), "7")
    with app.app_context():
        found = record_of(member.user()).periods
    assert [(period.begins, period.judged) for period in found] == [
        (MONDAY, 1),
        (MONDAY + timedelta(days=1), 1),
    ]
