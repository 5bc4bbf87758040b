"""Accepted samples, out of the database: as the archive that training reads, and as a CSV for people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np
from sqlalchemy import Engine, Select, create_engine, select
from sqlalchemy.orm import Session

from app.cells import csv_line
from app.recognition.normalize import GLYPH_PX
from app.recognition.pictures import pixels_from_bytes, png_base64
from app.samples.archive import Archive
from app.samples.tables import ACCEPTED, Sample

MOST_PER_DAY = 200
"""Accepted samples of one person and one day that train: nobody's hand should outweigh everybody else's."""

COLUMNS = (
    "sample",
    "alphabet",
    "trains_as",
    "label",
    "predicted",
    "confidence",
    "state",
    "doubt",
    "release",
    "source",
    "writer",
    "predicted_at",
    "answered_at",
    "reviewed_at",
    "picture_png_base64",
)

_ROWS_AT_A_TIME = 500


def accepted_archive(database: Engine | str, alphabet: str) -> Archive:
    """What there is to train an alphabet on, the oldest first, at most `MOST_PER_DAY` of a person and day.

    `database` is an engine or its URL. Samples of which nobody knows who gave them are not counted against anybody.
    """
    if isinstance(database, str):
        engine = create_engine(database)
        try:
            return accepted_archive(engine, alphabet)
        finally:
            engine.dispose()
    chosen = (
        select(Sample)
        .where(Sample.alphabet == alphabet, Sample.state == ACCEPTED)
        .order_by(Sample.created_at, Sample.id)
    )
    with Session(database) as session:
        return _archive(alphabet, list(_within_limit(session.scalars(chosen))))


def csv_of(engine: Engine, chosen: Select[Sample]) -> Iterator[str]:
    """The header, and a line for each sample as it is read."""
    with Session(engine) as session:
        yield from csv_lines(session.scalars(chosen.execution_options(yield_per=_ROWS_AT_A_TIME)))


def csv_lines(samples: Iterable[Sample]) -> Iterator[str]:
    """The header, and a line for each sample; its texts are `guarded` from becoming formulas."""
    yield csv_line(COLUMNS)
    for sample in samples:
        yield csv_line(_cells(sample))


def _cells(sample: Sample) -> tuple[str | float, ...]:
    return (
        sample.id,
        sample.alphabet,
        sample.accepted_label or "",
        sample.label,
        sample.predicted,
        sample.confidence,
        sample.state,
        "" if sample.doubt is None else round(sample.doubt, 4),
        sample.release,
        sample.source,
        sample.writer or "",
        _time(sample.predicted_at),
        _time(sample.created_at),
        _time(sample.reviewed_at),
        png_base64(pixels_from_bytes(sample.glyph)),
    )


def _time(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _within_limit(samples: Iterator[Sample]) -> Iterator[Sample]:
    seen: Counter[tuple[str, object]] = Counter()
    for sample in samples:
        if sample.writer is not None:
            seen[day := (sample.writer, sample.created_at.date())] += 1
            if seen[day] > MOST_PER_DAY:
                continue
        yield sample


def _archive(alphabet: str, samples: list[Sample]) -> Archive:
    images = [pixels_from_bytes(sample.glyph) for sample in samples]
    return Archive(
        alphabet=alphabet,
        images=np.stack(images) if images else np.empty((0, GLYPH_PX, GLYPH_PX), np.uint8),
        labels=np.array([sample.accepted_label for sample in samples], "<U1"),
        writers=np.array([sample.writer or "" for sample in samples], "<U40"),
        predicted=np.array([sample.predicted for sample in samples], "<U1"),
        releases=np.array([sample.release for sample in samples], "<U64"),
        times=np.array([int(sample.created_at.timestamp()) for sample in samples], np.int64),
        sources=np.array([sample.source for sample in samples], "<U8"),
        strokes=tuple(sample.drawing for sample in samples),
    )
