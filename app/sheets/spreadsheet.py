"""The spreadsheet: its worksheets, their headers, and the rows in them."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.cells import unguarded
from app.sheets.errors import Refused
from app.sheets.google_client import ANSWER_S, CONNECT_S, Client
from app.sheets.rows import HEADER, Cell
from app.sheets.target import Target

REOPEN_S = 600.0
"""So often it is looked up again, to see that it was thrown away, or shared no more."""
ROWS_A_PAGE = 5_000
FILES = "https://www.googleapis.com/drive/v3/files"
SHEET_TYPE = "application/vnd.google-apps.spreadsheet"


@dataclass
class Sheets:
    """One spreadsheet at Google. For one thread.

    Methods raise NotNow, OutcomeUnknown (`append` alone) or Refused.
    """

    target: Target
    wait_for_turn: Callable[[], None]
    pause: Callable[[float], None]
    """Sleeps for so many seconds."""
    timeout_s: tuple[float, float] = (CONNECT_S, ANSWER_S)
    _id: str | None = None
    _opened_at: float = 0.0
    _ready: set[str] = field(default_factory=set)
    """The alphabets whose worksheet is there, with its header."""

    def __post_init__(self) -> None:
        self._client = Client(self.target, self.wait_for_turn, self.pause, self.timeout_s, self.forget)

    @property
    def email(self) -> str:
        """Our address at Google, once the credentials were read."""
        return self._client.email

    def load(self) -> None:
        """Import what is needed now, rather than in the middle of requests."""
        self._client.load()

    def prepare(self, alphabet: str) -> None:
        """Make sure that there is a worksheet for `alphabet`, with our header."""
        if time.monotonic() - self._opened_at > REOPEN_S:
            self.forget()
        self._client.patiently(lambda: self._make_ready(alphabet))

    def append(self, alphabet: str, rows: list[list[Cell]]) -> None:
        """Add rows below the last one: all of them or none."""

        def write() -> None:
            self._make_ready(alphabet)
            options: Any = {"valueInputOption": "RAW", "insertDataOption": "INSERT_ROWS"}
            with self._client.in_our_words(writes_rows=True):
                self._client.http.values_append(
                    self._found_id(), self._range(alphabet, "A1:H1"), options, {"values": rows}
                )

        self._client.patiently(write)

    def keys(self, alphabet: str) -> set[str]:
        """The keys of all rows that are there."""

        def read() -> set[str]:
            self._make_ready(alphabet)
            [column] = self._values(alphabet, "A1:A", majorDimension="COLUMNS") or [[]]
            return {unguarded(cell) for cell in column[1:]}

        return self._client.patiently(read)

    def rows(self, alphabet: str) -> Iterator[tuple[int, list[str]]]:
        """Each row below the header that is not empty, with its number, as people see it."""
        num_rows = self._client.patiently(self._worksheets).get(self.target.worksheets[alphabet], 0)
        if num_rows:
            self._client.patiently(lambda: self._header(alphabet))
        for first in range(2, num_rows + 1, ROWS_A_PAGE):
            cells = f"A{first}:H{min(first + ROWS_A_PAGE - 1, num_rows)}"
            page = self._client.patiently(lambda cells=cells: self._values(alphabet, cells))  # type: ignore[misc]
            yield from ((first + n, row) for n, row in enumerate(page) if any(row))

    def missing(self) -> list[str]:
        """The titles of worksheets that are not there yet; the headers of the others are ours."""
        there = self._client.patiently(self._worksheets)
        for alphabet, title in self.target.worksheets.items():
            if title in there:
                self._client.patiently(lambda alphabet=alphabet: self._header(alphabet))  # type: ignore[misc]
        return [title for title in self.target.worksheets.values() if title not in there]

    def address(self) -> str:
        """Where people open it."""
        return f"https://docs.google.com/spreadsheets/d/{self._client.patiently(self._found_id)}"

    def create(self, owner_email: str) -> None:
        """Make the spreadsheet with all its worksheets, and share it with its owner. Raises Refused if there is one."""
        with self._client.in_our_words():
            if self._files():
                raise Refused(
                    f"There is a spreadsheet for {self.email} already. Run: flask --app main sheets check"
                )
            wanted = {"name": self.target.title, "mimeType": SHEET_TYPE}
            self._id = str(self._client.http.request("post", FILES, json=wanted).json()["id"])
            self._opened_at = time.monotonic()
            share = {"type": "user", "role": "writer", "emailAddress": owner_email}
            self._client.http.request("post", f"{FILES}/{self._id}/permissions", json=share)
        for alphabet in self.target.worksheets:
            self.prepare(alphabet)

    def forget(self) -> None:
        """Look everything up again next time."""
        self._id = None
        self._ready.clear()

    def _make_ready(self, alphabet: str) -> None:
        if alphabet in self._ready:
            return
        title = self.target.worksheets[alphabet]
        if title not in self._worksheets():
            with self._client.in_our_words():
                self._client.http.batch_update(self._found_id(), _new_worksheet(title))
        if not self._header(alphabet):
            with self._client.in_our_words():
                self._client.http.values_update(
                    self._found_id(),
                    self._range(alphabet, "A1:H1"),
                    {"valueInputOption": "RAW"},
                    {"values": [HEADER]},
                )
        self._ready.add(alphabet)

    def _header(self, alphabet: str) -> list[str]:
        """The first row, empty or ours. Raises Refused when somebody changed it: columns may have moved."""
        [header] = self._values(alphabet, "A1:H1") or [[]]
        if header and tuple(header) != HEADER:
            raise Refused(
                f"The first row of the worksheet “{self.target.worksheets[alphabet]}” was changed: {header}. "
                f"It has to be {list(HEADER)}. Put it back, or rename the worksheet and a new one is made."
            )
        return header

    def _worksheets(self) -> dict[str, int]:
        """How many rows each worksheet has, by its title."""
        fields: Any = {"fields": "sheets.properties(title,gridProperties.rowCount)"}
        with self._client.in_our_words():
            found = self._client.http.fetch_sheet_metadata(self._found_id(), fields)
        properties = [sheet["properties"] for sheet in found["sheets"]]
        return {each["title"]: each.get("gridProperties", {}).get("rowCount", 0) for each in properties}

    def _values(self, alphabet: str, cells: str, **options: Any) -> list[list[str]]:
        with self._client.in_our_words():
            answer = self._client.http.values_get(self._found_id(), self._range(alphabet, cells), options)
        return [[str(cell) for cell in row] for row in answer.get("values", [])]

    def _range(self, alphabet: str, cells: str) -> str:
        """A1 notation."""
        title = self.target.worksheets[alphabet].replace("'", "''")
        return f"'{title}'!{cells}"

    def _found_id(self) -> str:
        """The spreadsheet's id, looked up once in a while. Raises Refused when it is not there, or not ours to edit."""
        if self._id is None:
            with self._client.in_our_words():
                self._id = self.target.chosen_from(self._files(), self.email)
            self._opened_at = time.monotonic()
        return self._id

    def _files(self) -> list[dict[str, Any]]:
        """What Drive knows about the spreadsheet, or about all that have its title."""
        fields = "id,name,trashed,capabilities/canEdit"
        options: Any = {"supportsAllDrives": True, "fields": fields}
        if self.target.id:
            return [self._client.http.request("get", f"{FILES}/{self.target.id}", options).json()]
        title = self.target.title.replace("\\", r"\\").replace("'", r"\'")
        query = f"mimeType = '{SHEET_TYPE}' and trashed = false and name = '{title}'"
        options |= {"q": query, "includeItemsFromAllDrives": True, "fields": f"files({fields})"}
        return list(self._client.http.request("get", FILES, options).json()["files"])


def _new_worksheet(title: str) -> dict[str, Any]:
    grid = {"rowCount": 2, "columnCount": len(HEADER), "frozenRowCount": 1}
    return {"requests": [{"addSheet": {"properties": {"title": title, "gridProperties": grid}}}]}
