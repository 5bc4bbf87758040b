"""Cells that leave the house in a CSV or a spreadsheet: no program may take one of them for a formula."""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable

_FORMULA_STARTS = frozenset("=+-@|%")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_QUOTES = frozenset("\"'`\N{REPLACEMENT CHARACTER}")


def guarded(text: str) -> str:
    """`text` as a cell that stays text in Google Sheets, and in whatever opens a copy of it, or its CSV.

    What a spreadsheet could take for a formula gets an apostrophe in front (as OWASP advises, "CSV Injection"), even
    behind blanks, quotes and invisible characters, or full-width. What is no text at all, such as NUL, becomes U+FFFD.
    """
    text = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if text.startswith("'") or _may_be_formula(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made the cell from."""
    return cell.removeprefix("'")


def csv_line(cells: Iterable[str | float | None]) -> str:
    """One line of a CSV, its texts `guarded`."""
    line = io.StringIO()
    csv.writer(line).writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return line.getvalue()


def _may_be_formula(text: str) -> bool:
    """Whether its first character that counts starts a formula somewhere."""
    for character in unicodedata.normalize("NFKC", text):
        if character not in _QUOTES and unicodedata.category(character)[0] not in "CZ":
            return character in _FORMULA_STARTS
    return False
