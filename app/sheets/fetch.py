"""Bringing rows of the spreadsheet back as samples: typed in by hand, relabelled, or restored."""

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.cells import unguarded
from app.database import WRITES, now
from app.recognition.alphabets import alphabet_named
from app.recognition.errors import NoInk
from app.recognition.normalize import Ink
from app.recognition.pictures import glyph_pixels
from app.recognition.recognizer import Prediction
from app.samples.quarantine import first_state
from app.samples.receipts import NUM_CANDIDATES, Receipt
from app.samples.service import sample_of
from app.samples.tables import Delivery, Sample
from app.samples.verdicts import RELABEL, judge
from app.sheets.rows import HEADER, KEY, LABEL, PICTURE, UnfitCell, ink_of

SOURCE = "sheet"
_KEY = re.compile("[0-9a-f]{32}")
_COLUMNS = select(Sample.id, Sample.alphabet, Sample.label, Sample.accepted_label, Sample.reviewed_at)
"""What `Ours` is made of."""

Recognize = Callable[[str, Ink], Prediction]
"""What the current release of an alphabet reads in ink."""


class Pages(Protocol):
    """The spreadsheet, as this module needs it: `Sheets`, whose methods say what they raise."""

    def rows(self, alphabet: str) -> Iterator[tuple[int, list[str]]]: ...


@dataclass(frozen=True)
class Relabel:
    """The spreadsheet and the database call one sample differently."""

    row: int
    sample_id: str
    ours: str
    theirs: str


@dataclass
class Findings:
    """What one worksheet says that the database did not know."""

    num_rows: int = 0
    num_same: int = 0
    added: list[int] = field(default_factory=list)
    """Numbers of rows that are samples now."""
    proposed: list[Relabel] = field(default_factory=list)
    """Other labels for samples that nobody has reviewed here."""
    conflicts: list[Relabel] = field(default_factory=list)
    """Other labels for samples that somebody has reviewed here: they stay as they are."""
    unknown: list[tuple[int, str]] = field(default_factory=list)
    """Rows with a key that is no sample here (any more)."""
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    """Rows that cannot be samples, and why."""
    gone: list[str] = field(default_factory=list)
    """Samples that were sent, and whose row is not there any more."""


@dataclass(frozen=True)
class Ours:
    """What the database says about a sample."""

    alphabet: str
    label: str
    is_reviewed: bool


@dataclass(frozen=True)
class Row:
    """A row of the spreadsheet whose label and key can be ours."""

    number: int
    sample_id: str
    has_key: bool
    picture: str
    label: str


@dataclass(frozen=True)
class Fetch:
    """Reads worksheets into the database.

    accept_labels: take other labels as their owner's verdict, where nobody has reviewed the sample.
    restore: keep rows with an unknown key, too: a sample that was deleted here, or one of another installation.
    """

    engine: Engine
    pages: Pages
    recognize: Recognize
    accept_labels: bool = False
    restore: bool = False

    def worksheet(self, alphabet: str) -> Findings:
        """Read one worksheet. Raises SheetsError, NoNetwork."""
        sent = self._sent(alphabet)  # before the rows: what is sent from now on is not missed
        rows = list(self.pages.rows(alphabet))
        known = self._known()  # after them: what was sent meanwhile is no stranger
        found, new, seen = Findings(num_rows=len(rows)), dict[str, Sample](), set[str]()
        for number, cells in rows:
            try:
                row = _row(alphabet, number, cells)
                seen.add(row.sample_id)
                if row.sample_id in known:
                    _compare(found, alphabet, row, known[row.sample_id])
                elif row.has_key and not self.restore:
                    found.unknown.append((number, row.sample_id))
                elif row.sample_id not in new:
                    new[row.sample_id] = self._sample(alphabet, row)
                    found.added.append(number)
            except (UnfitCell, NoInk) as error:
                found.unreadable.append((number, str(error)))
        found.gone = sorted(sent - seen)
        self._write(list(new.values()), found)
        return found

    def _known(self) -> dict[str, Ours]:
        """The samples of every alphabet: a row may have been moved to the worksheet of another."""
        with Session(self.engine) as session:
            return {row.id: _ours(row) for row in session.execute(_COLUMNS)}

    def _sent(self, alphabet: str) -> set[str]:
        sent = select(Sample.id).join(Delivery).where(Delivery.state == "sent", Sample.alphabet == alphabet)
        with Session(self.engine) as session:
            return set(session.scalars(sent))

    def _sample(self, alphabet: str, row: Row) -> Sample:
        """A new sample, read by the current release like an uploaded picture. Raises UnfitCell, NoInk, NoNetwork."""
        prediction = self.recognize(alphabet, ink_of(row.picture))
        candidates = [
            (each.character, round(each.probability, 4)) for each in prediction.candidates[:NUM_CANDIDATES]
        ]
        receipt = Receipt(
            id=row.sample_id,
            alphabet=alphabet,
            glyph=glyph_pixels(prediction.glyph).tobytes(),
            strokes=None,
            candidates=candidates,
            confidence=candidates[0][1],
            release=prediction.release,
            source=SOURCE,
            predicted_at=now(),
        )
        return sample_of(receipt, row.label)

    def _write(self, new: Sequence[Sample], found: Findings) -> None:
        """One short transaction: people's answers wait for it.

        Whether a label may be taken is looked up again: reading took a while, and somebody may have decided.
        """
        with Session(self.engine.execution_options(**WRITES)) as session:
            for sample in new:
                sample.state = first_state(session, sample)
                session.add(sample)
            session.flush()
            session.add_all(Delivery(sample_id=sample.id, state="sent", sent_at=now()) for sample in new)
            if self.accept_labels:
                found.proposed = [each for each in found.proposed if _take(session, found, each)]
            session.commit()


def _ours(row: Any) -> Ours:
    """What one row of `_COLUMNS` says."""
    return Ours(row.alphabet, row.accepted_label or row.label, row.reviewed_at is not None)


def _take(session: Session, found: Findings, proposed: Relabel) -> bool:
    """Take a label as decided; but if somebody has decided or deleted the sample meanwhile, note what is so now."""
    row = session.execute(_COLUMNS.where(Sample.id == proposed.sample_id).with_for_update()).one_or_none()
    if row is None:
        found.unknown.append((proposed.row, proposed.sample_id))
        return False
    ours = _ours(row)
    if not ours.is_reviewed:
        judge(session, [proposed.sample_id], RELABEL, None, proposed.theirs)
        return True
    if ours.label == proposed.theirs:
        found.num_same += 1
    else:
        found.conflicts.append(replace(proposed, ours=ours.label))
    return False


def _row(alphabet: str, number: int, cells: Sequence[str]) -> Row:
    """What a row says. Raises UnfitCell."""
    filled = [unguarded(cell).strip() for cell in cells] + [""] * (len(HEADER) - len(cells))
    key, picture, label = filled[KEY].lower(), filled[PICTURE], filled[LABEL]
    if label not in alphabet_named(alphabet):
        raise UnfitCell(f"The label {label[:20]!r} is not in the alphabet “{alphabet}”.")
    if key and not _KEY.fullmatch(key):
        raise UnfitCell(f"{key[:40]!r} is no key of ours. Leave the cell empty in a row that you type in.")
    return Row(number, key or _key_of(alphabet, picture), bool(key), picture, label)


def _key_of(alphabet: str, picture: str) -> str:
    """A key for a row without one: the same picture is the same sample, however often it is fetched."""
    return hashlib.sha256(alphabet.encode() + ink_of(picture).tobytes()).hexdigest()[:32]


def _compare(found: Findings, alphabet: str, row: Row, ours: Ours) -> None:
    """Note what the database says of a row. Raises UnfitCell for one that was moved from another worksheet."""
    if ours.alphabet != alphabet:
        raise UnfitCell(
            f"{row.sample_id} is a sample of “{ours.alphabet}”. Put its row back into the worksheet for that."
        )
    if row.label == ours.label:
        found.num_same += 1
        return
    differing = found.conflicts if ours.is_reviewed else found.proposed
    differing.append(Relabel(row.number, row.sample_id, ours.label, row.label))
