"""Rows that come back: what people changed in the spreadsheet is brought here, and overwrites nothing."""

from collections.abc import Iterator

import numpy as np
import pytest
from flask import current_app
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.extensions import db
from app.recognition.normalize import Ink
from app.recognition.pictures import glyph_pixels
from app.recognition.recognizer import Prediction
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from app.samples.tables import Delivery, Sample
from app.samples.verdicts import ACCEPT, RELABEL, UNDO, judge
from app.sheets.errors import Refused
from app.sheets.fetch import Fetch, Findings
from app.sheets.rows import picture_cell
from tests.fakes import SEVEN, FakeRoom
from tests.sheets.desk import Desk


def recognize(alphabet: str, ink: Ink) -> Prediction:
    return FakeRoom().recognizer(alphabet).recognize(ink)


def fetch(desk: Desk, alphabet: str = "digit", **options: bool) -> Findings:
    return Fetch(db.engine, desk.sheets(), recognize, **options).worksheet(alphabet)


def picture() -> str:
    ink = ink_from_strokes(parse_strokes(SEVEN, StrokeLimits()))
    return picture_cell(glyph_pixels(recognize("digit", ink).glyph).tobytes())


def type_in(desk: Desk, *cells: object) -> None:
    """A row as a person adds it at the bottom."""
    worksheet = desk.google.worksheet("Digit")
    worksheet.rows.append(list(cells))
    worksheet.num_rows += 1


def samples() -> dict[str, Sample]:
    with Session(db.engine) as session:
        return {sample.id: sample for sample in session.query(Sample)}


@pytest.fixture
def key(desk: Desk) -> str:
    """The key of the one row that was delivered."""
    [key] = desk.keep(label="7")
    desk.deliver()
    return key


@pytest.mark.usefixtures("key")
def test_what_was_delivered_is_the_same(desk: Desk) -> None:
    assert fetch(desk) == Findings(num_rows=1, num_same=1)


@pytest.mark.usefixtures("key")
def test_worksheet_that_is_not_there_has_no_rows(desk: Desk) -> None:
    assert fetch(desk, "character") == Findings()


def test_row_typed_in_becomes_a_sample(desk: Desk, key: str) -> None:
    type_in(desk, "", picture(), "", "", 3)
    assert fetch(desk).added == [3]
    [new] = [sample for sample in samples().values() if sample.id != key]
    assert (new.label, new.predicted, new.correct, new.source, new.release) == (
        "3",
        "7",
        False,
        "sheet",
        "digit/0",
    )
    assert np.frombuffer(new.glyph, np.uint8).any()
    assert [delivery.state for delivery in desk.deliveries()] == ["sent", "sent"]


@pytest.mark.usefixtures("key")
def test_row_typed_in_is_one_sample_however_often_it_is_fetched(desk: Desk) -> None:
    for _ in range(2):
        type_in(desk, "", picture(), "", "", "3")
    assert [fetch(desk).added, fetch(desk).num_same, len(samples())] == [[3], 3, 2]


def test_changed_label_is_proposed_and_not_taken(desk: Desk, key: str) -> None:
    desk.google.worksheet("Digit").rows[1][4] = "1"
    [proposed] = fetch(desk).proposed
    assert (proposed.row, proposed.sample_id, proposed.ours, proposed.theirs) == (2, key, "7", "1")
    assert (samples()[key].label, samples()[key].reviewed_at) == ("7", None)


def test_changed_label_is_taken_when_asked_for(desk: Desk, key: str) -> None:
    desk.google.worksheet("Digit").rows[1][4] = "1"
    fetch(desk, accept_labels=True)
    sample = samples()[key]
    assert (sample.state, sample.accepted_label, sample.label) == ("accepted", "1", "7")
    assert fetch(desk).num_same == 1


def test_label_that_somebody_reviewed_here_stays(desk: Desk, key: str) -> None:
    with Session(db.engine) as session:
        judge(session, [key], ACCEPT, None)
        session.commit()
    desk.google.worksheet("Digit").rows[1][4] = "1"
    found = fetch(desk, accept_labels=True)
    assert (len(found.conflicts), found.proposed) == (1, [])
    assert samples()[key].accepted_label == "7"


@pytest.mark.parametrize(
    ("meanwhile", "ours", "found"),
    [
        ((ACCEPT, ""), "7", {"conflicts": 1}),
        ((RELABEL, "4"), "4", {"conflicts": 1}),
        ((RELABEL, "1"), "1", {"num_same": 1}),
        ((UNDO, ""), "1", {"proposed": 1}),
    ],
)
def test_label_that_somebody_reviews_while_rows_are_read_stays(
    desk: Desk, key: str, meanwhile: tuple[str, str], ours: str, found: dict[str, int]
) -> None:
    def recognize_slowly(alphabet: str, ink: Ink) -> Prediction:
        with Session(db.engine) as session:
            judge(session, [key], meanwhile[0], None, meanwhile[1])
            session.commit()
        return recognize(alphabet, ink)

    desk.google.worksheet("Digit").rows[1][4] = "1"
    type_in(desk, "", picture(), "", "", "3")
    findings = Fetch(db.engine, desk.sheets(), recognize_slowly, accept_labels=True).worksheet("digit")
    numbers = {
        "num_same": findings.num_same,
        "proposed": len(findings.proposed),
        "conflicts": len(findings.conflicts),
    }
    assert {name: number for name, number in numbers.items() if number} == found
    assert samples()[key].accepted_label == ours
    assert [each.ours for each in findings.conflicts] == [ours] * found.get("conflicts", 0)


def test_deleted_row_is_reported(desk: Desk, key: str) -> None:
    del desk.google.worksheet("Digit").rows[1:]
    assert fetch(desk).gone == [key]
    assert key in samples()


def test_sample_deleted_here_comes_back_only_when_asked_for(desk: Desk, key: str) -> None:
    with Session(db.engine) as session:
        session.execute(Delivery.__table__.delete())  # type: ignore[attr-defined]
        session.execute(Sample.__table__.delete())  # type: ignore[attr-defined]
        session.commit()
    desk.google.worksheet("Digit").rows[1][1] = picture()
    assert fetch(desk).unknown == [(2, key)]
    assert samples() == {}
    assert fetch(desk, restore=True).added == [2]
    assert samples()[key].label == "7"


@pytest.mark.parametrize("restore", [False, True])
def test_row_moved_to_another_worksheet_is_told_and_changes_nothing(
    desk: Desk, key: str, restore: bool
) -> None:
    desk.keep(alphabet="character", label="A")
    desk.deliver()
    there = desk.google.worksheet("Character")
    there.rows.append(desk.google.worksheet("Digit").rows.pop(1))
    there.rows[-1][4] = "T"
    there.rows.append(["", picture(), "", "", "T"])
    there.num_rows += 2
    found = fetch(desk, "character", accept_labels=True, restore=restore)
    [(number, why)] = found.unreadable
    assert (number, found.num_same, found.added) == (3, 1, [4])
    assert f"{key} is a sample of “digit”" in why
    assert (samples()[key].alphabet, samples()[key].label, samples()[key].state) == ("digit", "7", "new")


@pytest.mark.usefixtures("key")
def test_sample_that_is_sent_while_rows_are_read_is_the_same(desk: Desk) -> None:
    class Busy:
        def rows(self, alphabet: str) -> Iterator[tuple[int, list[str]]]:
            desk.keep()
            desk.deliver()
            return desk.sheets().rows(alphabet)

    found = Fetch(db.engine, Busy(), recognize, restore=True).worksheet("digit")
    assert found == Findings(num_rows=2, num_same=2)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "no picture", "", "", "3"), "no PNG"),
        (("", picture_cell(bytes(784)), "", "", "3"), "blank"),
        (("", picture_cell(bytes(784)), "", "", "x"), "'x' is not in the alphabet"),
        (("", picture_cell(bytes(784)), "", "", ""), "'' is not in the alphabet"),
        (("mine", picture_cell(bytes(784)), "", "", "3"), "no key of ours"),
        (("7",), "not in the alphabet"),
    ],
)
def test_row_that_cannot_be_a_sample_says_why(
    desk: Desk, key: str, cells: tuple[object, ...], reason: str
) -> None:
    type_in(desk, *cells)
    [(number, why)] = fetch(desk, restore=True).unreadable
    assert number == 3
    assert reason in why
    assert list(samples()) == [key]


def test_guarded_label_is_read_without_its_guard(desk: Desk, key: str) -> None:
    with Session(db.engine) as session:
        session.execute(update(Sample).where(Sample.id == key).values(label="1"))
        session.commit()
    desk.google.worksheet("Digit").rows[1][4] = "'1"
    assert fetch(desk).num_same == 1


@pytest.mark.usefixtures("key")
def test_worksheet_with_other_columns_is_not_read(desk: Desk) -> None:
    for row in desk.google.worksheet("Digit").rows:
        row.insert(0, "mine")
    with pytest.raises(Refused, match="first row"):
        fetch(desk)


def test_long_worksheet_is_read_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.keep(7)
    desk.deliver()
    monkeypatch.setattr("app.sheets.spreadsheet.ROWS_A_PAGE", 3)
    assert fetch(desk).num_same == 7


@pytest.mark.usefixtures("at_once")
def test_command_prints_a_table(desk: Desk, key: str) -> None:
    type_in(desk, "", picture(), "", "", "3")
    desk.google.worksheet("Digit").rows[1][4] = "1"
    done = current_app.test_cli_runner().invoke(args=["sheets", "fetch"])
    assert done.exit_code == 0, done.output
    lines = done.output.splitlines()
    assert lines[0].split()[:4] == ["worksheet", "rows", "same", "new"]
    assert lines[1].split() == ["Digit", "2", "0", "1", "1", "0", "0", "0", "0"]
    assert f"Digit row 2: {key} is “7” here, “1” there" in done.output
