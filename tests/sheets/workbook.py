"""Spreadsheets as Google keeps them: grids of cells, with the rules that its API documents."""

import re
from dataclasses import dataclass, field
from typing import Any

MAX_CELL = 50_000
RANGE = re.compile(r"(?:'((?:[^']|'')+)'|(\w+))!([A-Z])(\d+):([A-Z])(\d*)")


class ApiError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status, self.message, self.reason = status, message, reason


@dataclass(frozen=True)
class Formula:
    """A cell that Google would compute."""

    text: str


@dataclass
class Worksheet:
    title: str
    num_rows: int
    rows: list[list[Any]] = field(default_factory=list)

    def append(self, rows: list[list[Any]]) -> None:
        """As `insertDataOption=INSERT_ROWS` does, below the table that begins in A1."""
        table_end = next((n for n, row in enumerate(self.rows) if not any(row)), len(self.rows))
        self.rows[table_end:table_end] = rows
        self.num_rows += len(rows)


@dataclass
class Spreadsheet:
    """One file in Drive."""

    id: str
    title: str
    worksheets: list[Worksheet] = field(default_factory=lambda: [Worksheet("Sheet1", 1000)])
    trashed: bool = False
    can_edit: bool = True
    shared_with: list[str] = field(default_factory=list)

    def worksheet(self, title: str) -> Worksheet:
        return next(each for each in self.worksheets if each.title == title)

    def metadata(self) -> dict[str, Any]:
        sheets = [
            {"properties": {"title": each.title, "gridProperties": {"rowCount": each.num_rows}}}
            for each in self.worksheets
        ]
        return {"spreadsheetId": self.id, "properties": {"title": self.title}, "sheets": sheets}

    def add(self, title: str, num_rows: int) -> None:
        if any(each.title == title for each in self.worksheets):
            raise ApiError(400, f'A sheet with the name "{title}" already exists. Please enter another name.')
        self.worksheets.append(Worksheet(title, num_rows))

    def read(self, cells: str, by_columns: bool) -> list[list[str]]:
        worksheet, first, last = self._located(cells)
        rows = [[shown(cell) for cell in row] for row in worksheet.rows[first - 1 : last]]
        while rows and not any(rows[-1]):
            rows.pop()
        if by_columns:
            column = [row[0] if row else "" for row in rows]
            return [column] if column else []
        return rows

    def write(self, cells: str, rows: list[list[Any]], option: str) -> None:
        worksheet, first, _ = self._located(cells)
        entered = [[entry(cell, option) for cell in row] for row in rows]
        worksheet.rows[first - 1 : first - 1 + len(rows)] = entered

    def append(self, cells: str, rows: list[list[Any]], option: str) -> None:
        """All rows or none."""
        worksheet, _, _ = self._located(cells)
        worksheet.append([[entry(cell, option) for cell in row] for row in rows])

    def _located(self, cells: str) -> tuple[Worksheet, int, int]:
        parts = RANGE.fullmatch(cells)
        if parts is None:
            raise ApiError(400, f"Unable to parse range: {cells}")
        title = (parts[1] or parts[2]).replace("''", "'")
        found = [each for each in self.worksheets if each.title == title]
        if not found:
            raise ApiError(400, f"Unable to parse range: {cells}")
        first, last = int(parts[4]), int(parts[6] or found[0].num_rows)
        if first > found[0].num_rows or last > found[0].num_rows:
            raise ApiError(400, f"Range ({cells}) exceeds grid limits. Max rows: {found[0].num_rows}")
        return found[0], first, last


def entry(cell: Any, option: str) -> Any:
    """What is stored of a cell that is entered."""
    if isinstance(cell, str) and len(cell) > MAX_CELL:
        raise ApiError(
            400, f"Your input contains more than the maximum of {MAX_CELL} characters in a single cell."
        )
    is_parsed = option == "USER_ENTERED" and isinstance(cell, str)
    return Formula(cell) if is_parsed and cell[:1] in ("=", "+", "-", "@") else cell


def shown(cell: Any) -> str:
    """What people see."""
    return "#computed" if isinstance(cell, Formula) else str(cell)
