"""What was read, as people take it along."""

import csv
import io
import json

import pytest

from app.errors import UnreadableRequest
from app.transcripts import COLUMNS, Row, as_csv, as_json, as_text, rows_from

ROWS = [
    Row("a.pdf", 1, 1, "12 34", 0.91, 1),
    Row("a.pdf", 1, 2, "56", 0.8),
    Row("a.pdf", 2, 1, "=78"),
    Row("ä.png", 2, 1, "9"),
]


def test_table_keeps_what_the_rows_say() -> None:
    found = list(csv.reader(io.StringIO(as_csv(ROWS).removeprefix("\ufeff"))))
    assert found[0] == list(COLUMNS)
    assert found[1] == ["a.pdf", "1", "1", "12 34", "0.91", "1", ""]
    assert found[4][0] == "ä.png"


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@a", "\t=1", " =1", "＝1"])
def test_no_line_becomes_a_formula(text: str) -> None:
    [_, row] = csv.reader(io.StringIO(as_csv([Row("a.png", 1, 1, text)])))
    assert row[3].startswith("'")


def test_text_has_an_empty_line_between_pages() -> None:
    assert as_text(ROWS) == "12 34\n56\n\n=78\n\n9\n"


def test_json_is_a_list_of_rows() -> None:
    rows = json.loads(as_json(ROWS))
    assert [Row(**row) for row in rows] == ROWS


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ('["a.png", 1, 1, NaN, 0]', "7"),
        ('["a.png", 1, 1, 2, 0]', "7"),
        ('["\\ud800.png", 1, 1, 0.5, 0]', "7"),
        ('["a.png", 1, 1, 0.5, 0]', "\ud800"),
        ('["a.png", 1, 1]', "7"),
        ("[" * 10_000, "7"),
    ],
)
def test_a_damaged_list_is_refused(place: str, text: str) -> None:
    with pytest.raises(UnreadableRequest, match="damaged"):
        rows_from([place], [text])


def test_rows_come_back_from_a_form() -> None:
    places = [json.dumps([row.file, row.page, row.line, row.confidence, row.doubtful]) for row in ROWS]
    assert rows_from(places, [row.text for row in ROWS]) == ROWS
