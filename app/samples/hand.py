"""Whose hand is learned, from which of the samples: those that the person gave since then, and nobody else's.

A page carries a signed note that says whose hand it is. The API has no session: the note comes with each question.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import ColumnElement, Executable, Row, bindparam, func, select

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


@dataclass(frozen=True)
class Learned:
    """A hand, None before the first answer, and how many answers have taught it."""

    hand: Hand | None
    num_answers: int


NOTHING = Learned(None, 0)
_Stamp = tuple[Any, ...]
_Key = tuple[Writer, str]


@dataclass(frozen=True)
class _Questions:
    """What the database is asked, built once: building them anew cost more than the answers."""

    stamp: Executable
    answers: Executable

    @classmethod
    def about(cls, gave: ColumnElement[bool]) -> Self:
        """About the answers that are learned from, of all that a writer `gave`."""
        which = (
            gave,
            Sample.alphabet == bindparam("alphabet"),
            Sample.created_at >= bindparam("since"),
            Sample.state != REJECTED,
        )
        latest = func.max(Sample.created_at), func.max(Sample.reviewed_at), func.count(Sample.reviewed_at)
        columns = Sample.glyph, Sample.candidates, func.coalesce(Sample.accepted_label, Sample.label)
        newest = select(*columns).where(*which).order_by(Sample.created_at.desc()).limit(MAX_ANSWERS)
        return cls(select(func.count(), *latest).where(*which), newest)


_OF_ACCOUNT = _Questions.about(Sample.user_id == bindparam("user_id"))
_OF_BROWSER = _Questions.about((Sample.visitor == bindparam("visitor")) & Sample.user_id.is_(None))
"""What was given while signed in is the account's alone."""


class Hands:
    """Hands of this worker's writers, learned anew as soon as an answer was added, rejected or relabelled anywhere."""

    def __init__(self, secret_key: str) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="hand")
        self._kept: OrderedDict[_Key, tuple[_Stamp, Learned]] = OrderedDict()
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
        questions = _OF_BROWSER if writer.user_id is None else _OF_ACCOUNT
        values = {**asdict(writer), "alphabet": alphabet}
        # no objects are wanted, and rows come faster without their session
        connection = db.session.connection()
        stamp = tuple(connection.execute(questions.stamp, values).one())
        key = (writer, alphabet)
        with self._lock:
            kept = self._kept.get(key)
        if kept is None or kept[0] != stamp:
            kept = stamp, _learn(alphabet, connection.execute(questions.answers, values).all())
            self._keep(key, kept)
        return kept[1]

    def _keep(self, key: _Key, kept: tuple[_Stamp, Learned]) -> None:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT_HANDS:
                self._kept.popitem(last=False)


def _learn(alphabet: str, newest_first: Sequence[Row[Any]]) -> Learned:
    if not newest_first:
        return NOTHING
    answered = [Answered(glyph, candidates, label) for glyph, candidates, label in reversed(newest_first)]
    return Learned(Hand(alphabet_named(alphabet), answered), len(answered))
