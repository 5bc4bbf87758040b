"""Drawings that a browser remembers from before somebody signed in.

A browser keeps strokes, not receipts: these would be large, and expire within a day. So the drawings are read anew,
by the release that serves now, at the time of the import; what an older release answered elsewhere is not believed.
Which account, alphabet and strokes a drawing has decides its id, so importing it twice keeps it once.
"""

import hashlib
import json
from dataclasses import dataclass, replace

from app.accounts.tables import User
from app.errors import UnreadableRequest
from app.history.errors import HistoryIsOff
from app.history.service import keep
from app.reading import read_strokes, receipts
from app.recognition.errors import RecognitionError

MAX_DRAWINGS = 20
"""As many as a browser remembers."""


@dataclass(frozen=True)
class Imported:
    """What became of the drawings."""

    kept: int
    already: int
    unreadable: int


def import_drawings(user: User, value: object) -> Imported:
    """Keep `[{alphabet, strokes, cap_height?, label?}, …]` as it came from JSON, the oldest last.

    A drawing that cannot be read, such as one for which there is no network, holds up no other.
    Raises HistoryIsOff, UnreadableRequest for another shape, UnknownLabel.
    """
    if not user.keeps_history:
        raise HistoryIsOff("You have turned your history off. Turn it on first.")
    if (
        not isinstance(value, list)
        or len(value) > MAX_DRAWINGS
        or not all(isinstance(each, dict) for each in value)
    ):
        raise UnreadableRequest("Send “drawings”, a list of at most %(max)s.", max=MAX_DRAWINGS)
    results = [_import(user, drawing) for drawing in reversed(value)]
    return Imported(*(results.count(result) for result in (True, False, None)))


def _import(user: User, drawing: dict[str, object]) -> bool | None:
    """Whether it is new; None when it cannot be read."""
    alphabet, strokes, label = (drawing.get(name) for name in ("alphabet", "strokes", "label"))
    try:
        reading = read_strokes(alphabet, strokes, drawing.get("cap_height"))
    except RecognitionError:
        return None
    content = json.dumps([user.id, alphabet, strokes])
    receipt = replace(receipts().read(reading.receipt), id=hashlib.sha256(content.encode()).hexdigest()[:32])
    return keep(user, receipt, label if isinstance(label, str) else None)
