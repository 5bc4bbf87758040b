"""What was read, to take away: a table of lines as CSV, as text, as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields

from app.cells import csv_line
from app.errors import UnreadableRequest


@dataclass(frozen=True)
class Row:
    """One line of a page; or, with a `problem`, a page of which none was read."""

    file: str
    page: int
    line: int
    text: str
    confidence: float | None = None
    doubtful: int = 0
    problem: str = ""


COLUMNS = tuple(field.name for field in fields(Row))


def rows_from(places: Iterable[str], texts: Iterable[str]) -> list[Row]:
    """The rows of a form: `place` is a line's file, page, number, confidence, doubtful characters, problem, as JSON.

    Raises UnreadableRequest.
    """
    try:
        return [_row(json.loads(place), text) for place, text in zip(places, texts, strict=True)]
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableRequest("This list of lines is damaged. Read the pages again.") from error


def _row(place: list[object], text: str) -> Row:
    file, page, line, confidence, doubtful, *problem = place
    share = None if confidence is None else round(float(str(confidence)), 4)
    if share is not None and not 0 <= share <= 1:
        raise ValueError("no probability")
    reason = "".join(map(str, problem))
    (str(file) + text + reason).encode()  # half of a character cannot be written
    return Row(str(file), int(str(page)), int(str(line)), text, share, int(str(doubtful)), reason)


def as_csv(rows: Iterable[Row]) -> str:
    """A table with a header; begins with the mark by which Excel knows UTF-8."""
    return "\ufeff" + "".join([csv_line(COLUMNS), *(csv_line(astuple(row)) for row in rows)])


def as_text(rows: Iterable[Row]) -> str:
    """The lines alone, nothing of pages that were not read; an empty line stands between two pages."""
    text, before = "", None
    for row in rows:
        if row.problem:
            continue
        here = (row.file, row.page)
        text += "\n" * (before is not None and before != here) + row.text + "\n"
        before = here
    return text


def as_json(rows: Iterable[Row]) -> str:
    """A list of objects, one for each line."""
    return json.dumps([asdict(row) for row in rows], ensure_ascii=False, indent=1) + "\n"
