"""The review queue: what waits, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.recognition.pictures import pixels_from_bytes, png_data_url
from app.samples.opinions import Opinion, RecognizerOf, opinions
from app.samples.tables import STATES, UNDECIDED, Sample

WAITING, ANY = "waiting", "any"
CHOICES = (WAITING, *STATES, ANY)
"""States that the queue can be narrowed down to; what waits is new or quarantined."""

CORRECTION, CONFIRMATION = "correction", "confirmation"
KINDS = (CORRECTION, CONFIRMATION)

PER_PAGE = 24


@dataclass(frozen=True)
class Filters:
    """What to show; an empty text means all there are.

    Attributes:
        state: one of CHOICES.
        kind: one of KINDS: whether the person said it is something else than predicted.
        doubt: the least there must be, in [0, 1].
    """

    alphabet: str = ""
    state: str = WAITING
    kind: str = ""
    predicted: str = ""
    label: str = ""
    source: str = ""
    release: str = ""
    doubt: float = 0.0

    def as_query(self) -> dict[str, str]:
        """What an address says of them: only what differs from the start."""
        start = Filters()
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in given.items() if value != getattr(start, name)}

    def but_for_state(self) -> list[ColumnElement[bool]]:
        """The conditions, whatever the state."""
        texts = {
            Sample.alphabet: self.alphabet,
            Sample.predicted: self.predicted,
            Sample.label: self.label,
            Sample.source: self.source,
            Sample.release: self.release,
        }
        conditions = [column == text for column, text in texts.items() if text]
        if self.kind:
            conditions.append(Sample.correct.is_(self.kind == CONFIRMATION))
        if self.doubt:
            conditions.append(Sample.doubt >= self.doubt)
        return conditions

    def conditions(self) -> list[ColumnElement[bool]]:
        """All of them."""
        if self.state == ANY:
            return self.but_for_state()
        states = UNDECIDED if self.state == WAITING else (self.state,)
        return [Sample.state.in_(states), *self.but_for_state()]


@dataclass(frozen=True)
class Item:
    """A sample, and what is to be said of its label by now."""

    sample: Sample
    opinion: Opinion

    @property
    def picture(self) -> str:
        """The glyph as a `data:` URL, dark on white."""
        return png_data_url(pixels_from_bytes(self.sample.glyph))


@dataclass(frozen=True)
class Page:
    """Part of the queue, the most doubtful first; pages are numbered from 1. `counts` as of that function."""

    items: Sequence[Item]
    number: int
    num_pages: int
    num_samples: int
    counts: dict[str, int]


def queue(session: Session, filters: Filters, number: int, recognizer_of: RecognizerOf) -> Page:
    """One page of what the filters let through; the last one when there are fewer.

    The queue goes by the doubt that is stored; within a page, by what is known now.
    """
    num_samples = session.scalar(select(func.count()).select_from(Sample).where(*filters.conditions())) or 0
    num_pages = max(1, -(-num_samples // PER_PAGE))
    number = min(max(1, number), num_pages)
    part = in_order(filters).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    samples = session.scalars(part).all()
    found = opinions(session, samples, recognizer_of)
    items = [Item(sample, found[sample.id]) for sample in samples]
    items.sort(key=lambda item: item.opinion.doubt, reverse=True)
    return Page(items, number, num_pages, num_samples, counts(session, filters))


def in_order(filters: Filters) -> Select[Sample]:
    """Every sample that the filters let through, the most doubtful first, then the oldest."""
    most_doubtful = func.coalesce(Sample.doubt, 0.5).desc()
    return select(Sample).where(*filters.conditions()).order_by(most_doubtful, Sample.created_at, Sample.id)


def counts(session: Session, filters: Filters) -> dict[str, int]:
    """How many there are in each state, by the filters but for that of the state."""
    rows = session.execute(
        select(Sample.state, func.count()).where(*filters.but_for_state()).group_by(Sample.state)
    )
    found = {row[0]: row[1] for row in rows}
    return {state: found.get(state, 0) for state in STATES}


def releases(session: Session) -> list[str]:
    """Every release that a sample was predicted by."""
    return list(session.scalars(select(Sample.release).distinct().order_by(Sample.release)))
