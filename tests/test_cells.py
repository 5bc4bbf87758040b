"""Cells of a CSV or a spreadsheet: no text in them can become a formula, and what goes in comes out."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cells import csv_line, guarded, unguarded

PAYLOADS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\0=1",
    '=HYPERLINK("http://example.org","x")',
    '=IMPORTXML("http://example.org","//a")',
    "=cmd|'/C calc'!A0",
    "＝1",
    '"=1"',
)
FORMULA_STARTS = tuple("=+-@|%＝＋－＠")


@pytest.mark.parametrize(
    "payload", [*PAYLOADS, "\u200b=1", " =1", "\u00a0=1", "'=1", "\ufeff=1", "﹦1", "|x", "%x"]
)
def test_payload_is_text_to_every_program(payload: str) -> None:
    cell = guarded(payload)
    assert cell.startswith("'")
    assert not cell.removeprefix("'").startswith(("\t", "\r", "\0"))
    assert cell.isprintable() or "\u200b" in cell or "\ufeff" in cell or "\u00a0" in cell


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_guard_is_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.text())
def test_guarded_text_never_begins_a_formula(text: str) -> None:
    assert not guarded(text).lstrip("\ufffd").startswith((*FORMULA_STARTS, "\t", "\r", "\n", "\0"))


@pytest.mark.parametrize("text", ["7", "a", "digit/1", "2030-01-02T03:04:05+00:00", ""])
def test_plain_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_a_line_of_a_csv_is_guarded_and_numbers_stay_numbers() -> None:
    line = csv_line(["=1+1", "a, b", None, -0.5])
    assert next(csv.reader([line])) == ["'=1+1", "a, b", "", "-0.5"]
