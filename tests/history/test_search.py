"""Looking through one's own drawings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.extensions import db
from app.history.search import PER_PAGE, Search, find, latest
from app.history.tables import Drawing
from tests.members import Member

NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)


def add(member: Member, **columns: Any) -> str:
    """Keep a drawing with these columns; its id."""
    drawing_id = member.keep()
    with member.app.app_context():
        db.session.execute(
            update(Drawing).where(Drawing.id == drawing_id).values(predicted_at=NOON, **columns)
        )
        db.session.commit()
    return drawing_id


def found(member: Member, **fields: str) -> list[str]:
    with member.app.app_context():
        return [each.id for each in find(member.user(), Search.from_fields(fields)).drawings]


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        ({"predicted": "4"}, {"character": "4"}),
        ({"label": "4"}, {"character": "4"}),
        ({"predicted": "O", "alphabet": "character"}, {"character": "O"}),
        ({"alphabet": "character"}, {"alphabet": "character"}),
        ({"source": "upload"}, {"source": "upload"}),
        ({"label": "7"}, {"verdict": "right"}),
        ({"label": "1"}, {"verdict": "wrong"}),
    ],
)
def test_a_search_finds_what_it_asks_for(
    member: Member, columns: dict[str, str], fields: dict[str, str]
) -> None:
    add(member, **({"label": "5", "predicted": "5"} if fields.get("verdict") == "wrong" else {}))
    wanted = add(member, **columns)
    assert found(member, **fields) == [wanted]


def test_case_counts(member: Member) -> None:
    add(member, predicted="o")
    assert found(member, character="O") == []


def test_open_is_what_nobody_has_judged(member: Member) -> None:
    add(member, label="7")
    wanted = add(member)
    assert found(member, verdict="open") == [wanted]


@pytest.mark.parametrize(
    ("fields", "is_found"),
    [
        ({"since": "2026-03-05", "until": "2026-03-05"}, True),
        ({"since": "2026-03-06"}, False),
        ({"until": "2026-03-04"}, False),
        ({"since": "nonsense", "until": "2026-99-99"}, True),
        ({"since": "0001-01-01", "until": "9999-12-31"}, True),
        ({"since": "9999-12-30", "until": "9999-12-30"}, False),
    ],
)
def test_days_are_included(member: Member, fields: dict[str, str], is_found: bool) -> None:
    add(member)
    assert bool(found(member, **fields)) is is_found


def test_what_makes_no_sense_is_not_asked_for() -> None:
    fields = {
        "alphabet": "runes",
        "source": "theft",
        "verdict": "x",
        "since": "0",
        "character": " 12",
        "id": "1",
    }
    assert Search.from_fields(fields) == Search(character="1")


def test_a_search_is_its_own_address() -> None:
    search = Search("7", "digit", "draw", "right", date(2026, 1, 2), date(2026, 3, 4))
    assert Search.from_fields(search.fields) == search


def test_pages_hold_everything_once(member: Member) -> None:
    member.keep()
    row = {column.name: getattr(member.drawings()[0], column.name) for column in Drawing.__table__.columns}
    with member.app.app_context():
        for i in range(PER_PAGE + 3):
            db.session.add(
                Drawing(**{**row, "id": f"{i:032}", "predicted_at": NOON + timedelta(minutes=i // 2)})
            )
        db.session.commit()
        pages = [find(member.user(), Search(), page) for page in (1, 2, 3, -1)]
        ids = [drawing.id for page in pages[:2] for drawing in page.drawings]
    assert len(ids) == len(set(ids)) == PER_PAGE + 4
    assert [(page.page, page.num_pages) for page in pages] == [(1, 2), (2, 2), (2, 2), (1, 2)]


def test_the_newest_comes_first_within_a_second_too(member: Member) -> None:
    ids = [add(member) for _ in range(3)]
    assert found(member) == ids[::-1]


def test_nobody_finds_somebody_elses(member: Member, other: Member) -> None:
    add(other)
    assert found(member) == []
    with member.app.app_context():
        assert latest(member.user(), 5) == []
