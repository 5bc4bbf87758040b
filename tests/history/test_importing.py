"""Taking over what a browser remembers from before somebody signed in."""

from typing import Any

import pytest
from flask import Flask

from app.errors import UnknownLabel, UnreadableRequest
from app.history.errors import HistoryIsOff
from app.history.importing import MAX_DRAWINGS, Imported, import_drawings
from app.history.service import switch
from tests.fakes import SEVEN
from tests.members import Member

DASH = [[[60, 140], [220, 140]]]


def remembered(**more: Any) -> dict[str, Any]:
    return {"alphabet": "digit", "strokes": SEVEN, **more}


def imported(member: Member, *drawings: object) -> Imported:
    with member.app.app_context():
        return import_drawings(member.user(), list(drawings))


def test_drawings_are_read_anew(member: Member) -> None:
    found = imported(member, remembered(label="1"), remembered(strokes=DASH))
    assert found == Imported(kept=2, already=0, unreadable=0)
    older, newer = member.drawings()
    assert (older.strokes, older.label) == (DASH, None)
    assert (newer.strokes, newer.label, newer.predicted, newer.release) == (SEVEN, "1", "7", "digit/0")


def test_importing_twice_keeps_once(member: Member) -> None:
    imported(member, remembered(), remembered(strokes=DASH))
    assert imported(member, remembered(), remembered(strokes=DASH)) == Imported(0, 2, 0)
    assert len(member.drawings()) == 2


def test_two_accounts_may_import_the_same(member: Member, other: Member) -> None:
    for each in (member, other):
        assert imported(each, remembered()).kept == 1
    assert member.drawings()[0].id != other.drawings()[0].id


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"alphabet": "digit", "strokes": []},
        {"alphabet": "digit", "strokes": [[[1, "x"]]]},
        {"alphabet": "runes", "strokes": SEVEN},
        {"alphabet": "combined", "strokes": SEVEN},
        {"alphabet": "digit", "strokes": [[[0, 0]] * 10_001]},
    ],
)
def test_what_cannot_be_read_holds_up_no_other(member: Member, damaged: dict[str, object]) -> None:
    assert imported(member, damaged, remembered()) == Imported(kept=1, already=0, unreadable=1)


@pytest.mark.parametrize("value", [None, {}, "x", [7], [remembered()] * (MAX_DRAWINGS + 1)])
def test_another_shape_is_refused(app: Flask, member: Member, value: object) -> None:
    with app.app_context(), pytest.raises(UnreadableRequest):
        import_drawings(member.user(), value)


def test_a_label_must_be_of_the_alphabet(member: Member) -> None:
    with pytest.raises(UnknownLabel):
        imported(member, remembered(label="x"))


def test_the_lines_are_known_again(member: Member) -> None:
    imported(member, remembered(alphabet="character", cap_height=146))
    heights = member.app.extensions["recognition"].recognizer("character").heights
    assert heights[-1] == pytest.approx(160 / 146)


def test_nothing_is_imported_where_the_history_is_off(app: Flask, member: Member) -> None:
    with app.app_context():
        switch(member.user(), is_on=False)
    with pytest.raises(HistoryIsOff):
        imported(member, remembered())
    assert member.drawings() == []
