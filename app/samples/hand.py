"""Whose hand is learned, from which of the samples: those that the person gave since then, and nobody else's.

A page carries a signed note that says whose hand it is. The API has no session: the note comes with each question.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import ColumnElement, func, select

from app.extensions import db
from app.recognition.alphabets import alphabet_named
from app.recognition.hand import Answered, Hand
from app.samples.tables import REJECTED, Sample

MAX_ANSWERS = 100
"""The latest so many answers in an alphabet are learned from."""

KEPT_HANDS = 128
"""In memory, of one worker: those last used; up to 0.1 MB each."""

NOTE_MAX_AGE_S = 24 * 3600
"""A page that has been open for longer is answered by the network alone until it is loaded again."""


@dataclass(frozen=True)
class Writer:
    """An account, or whoever has a browser's session while signed in nowhere; their answers count from `since` on."""

    user_id: int | None
    visitor: str | None
    since: datetime

    def gave(self) -> ColumnElement[bool]:
        """The condition on their samples. What was given while signed in is the account's alone."""
        if self.user_id is not None:
            return Sample.user_id == self.user_id
        return (Sample.visitor == self.visitor) & Sample.user_id.is_(None)


@dataclass(frozen=True)
class Learned:
    """A hand, None before the first answer, and how many answers have taught it."""

    hand: Hand | None
    num_answers: int


NOTHING = Learned(None, 0)
_Stamp = tuple[Any, ...]


class Hands:
    """Hands of this worker's writers, learned anew as soon as an answer was added, rejected or relabelled anywhere."""

    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="hand")
        self._kept: OrderedDict[tuple[Writer, str], tuple[_Stamp, Learned]] = OrderedDict()
        self._lock = threading.Lock()

    def note(self, writer: Writer) -> str:
        """A signed note that a page carries."""
        return str(self._serializer.dumps([writer.user_id, writer.visitor, writer.since.isoformat()]))

    def writer(self, note: str) -> Writer | None:
        """Who a note is of; None if it is too old, or none of ours."""
        if not note.isascii():
            return None
        try:
            user_id, visitor, since = self._serializer.loads(note, NOTE_MAX_AGE_S)
        except BadData:
            return None
        return Writer(user_id, visitor, datetime.fromisoformat(since))

    def learned(self, writer: Writer, alphabet: str) -> Learned:
        """What the writer's answers in `alphabet` have taught. One query by an index where nothing has changed."""
        which = (
            writer.gave(),
            Sample.alphabet == alphabet,
            Sample.created_at >= writer.since,
            Sample.state != REJECTED,
        )
        latest = func.max(Sample.created_at), func.max(Sample.reviewed_at)
        stamp = tuple(db.session.execute(select(func.count(), *latest).where(*which)).one())
        key = (writer, alphabet)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept[0] != stamp:
            kept = stamp, _learn(alphabet, which)
            self._keep(key, kept)
        return kept[1]

    def _keep(self, key: tuple[Writer, str], kept: tuple[_Stamp, Learned]) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_HANDS:
                self._kept.popitem(last=False)


def _learn(alphabet: str, which: Sequence[ColumnElement[bool]]) -> Learned:
    columns = Sample.glyph, Sample.candidates, func.coalesce(Sample.accepted_label, Sample.label)
    rows = db.session.execute(
        select(*columns).where(*which).order_by(Sample.created_at.desc()).limit(MAX_ANSWERS)
    ).all()
    if not rows:
        return NOTHING
    answered = [Answered(glyph, candidates, label) for glyph, candidates, label in reversed(rows)]
    return Learned(Hand(alphabet_named(alphabet), answered), len(answered))
