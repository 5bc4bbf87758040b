"""What speaks for and against a label by now: the current release, who gave it, who else labelled the same ink."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.recognition.errors import RecognitionError
from app.recognition.normalize import GLYPH_PX
from app.recognition.pictures import glyph_from_pixels
from app.recognition.recognizer import Recognizer
from app.samples.doubt import Candidates, is_impossible, probability_of, share_against, trust
from app.samples.receipts import NUM_CANDIDATES
from app.samples.tables import ACCEPTED, REJECTED, Sample, writer_of

SAME_INK_FROM = 0.95
"""Cosine of two glyphs. From there on they are nearly the same drawing: doc/decisions/0017-review.md."""

MOST_COMPARED = 4_000
"""Samples of an alphabet, the latest, that one is compared with: enough, and quick."""

RecognizerOf = Callable[[str], Recognizer]
"""The current recognizer of an alphabet; may raise RecognitionError."""


@dataclass(frozen=True)
class Opinion:
    """The votes on one sample's label.

    Attributes:
        release: who says `candidates`; the current release, or the one of the receipt if there is none.
        candidates: its best five, `[(character, probability), …]`.
        probability: what it gives to the label, in either case.
        is_impossible: whether it excludes the label.
        num_right, num_judged: of the giver's answers that were reviewed.
        votes_for, votes_against: of other people who labelled nearly the same ink, each weighed by trust.
        others: what they said it is, the most frequent first.
    """

    release: str
    candidates: Candidates
    probability: float
    is_impossible: bool
    num_right: int
    num_judged: int
    votes_for: float = 0.0
    votes_against: float = 0.0
    others: tuple[tuple[str, int], ...] = ()

    @property
    def is_no_character(self) -> bool:
        """Whether the release thinks that the ink is rather none of its characters."""
        return sum(float(share) for _, share in self.candidates) < 0.5

    @property
    def doubt(self) -> float:
        """In [0, 1], as doubt.py says."""
        trusted = trust(self.num_right, self.num_judged)
        return share_against(self.probability, trusted, self.votes_for, self.votes_against)


def opinions(session: Session, samples: Sequence[Sample], recognizer_of: RecognizerOf) -> dict[str, Opinion]:
    """An opinion on each sample, by its id."""
    found: dict[str, Opinion] = {}
    records = _records(session)
    by_alphabet = sorted(samples, key=lambda sample: sample.alphabet)
    for alphabet, group in groupby(by_alphabet, key=lambda sample: sample.alphabet):
        members = list(group)
        readings = _readings(members, alphabet, recognizer_of)
        neighbours = _neighbours(session, members, alphabet)
        for sample, (release, candidates) in zip(members, readings, strict=True):
            found[sample.id] = _opinion(sample, release, candidates, neighbours[sample.id], records)
    return found


def _opinion(
    sample: Sample,
    release: str,
    candidates: Candidates,
    others: Mapping[str, str],
    records: Mapping[str | None, tuple[int, int]],
) -> Opinion:
    """`others` are the labels that other people gave to the same ink, by person; `records` as of `_records`."""
    weights = {writer: trust(*records.get(writer, (0, 0))) for writer in others}
    agreeing = [w for w in others if others[w].casefold() == sample.label.casefold()]
    votes_for = sum(weights[writer] for writer in agreeing)
    return Opinion(
        release,
        candidates,
        probability_of(sample.label, candidates),
        is_impossible(sample.label, candidates),
        *records.get(sample.writer, (0, 0)),
        votes_for=votes_for,
        votes_against=sum(weights.values()) - votes_for,
        others=tuple(Counter(others.values()).most_common()),
    )


def _records(session: Session) -> dict[str | None, tuple[int, int]]:
    """(right, judged) of everybody whose answers were reviewed, by `Sample.writer`; nobody's are 0, 0."""
    is_right = case(((Sample.state == ACCEPTED) & (Sample.accepted_label == Sample.label), 1), else_=0)
    rows = session.execute(
        select(Sample.user_id, Sample.visitor, func.sum(is_right), func.count())
        .where(Sample.state.in_((ACCEPTED, REJECTED)))
        .group_by(Sample.user_id, Sample.visitor)
    )
    records: dict[str | None, tuple[int, int]] = {}
    for user_id, visitor, num_right, num_judged in rows:
        writer = writer_of(user_id, visitor)
        right, judged = records.get(writer, (0, 0))
        records[writer] = (right + int(num_right), judged + num_judged)
    return records | {None: (0, 0)}


def _readings(
    samples: Sequence[Sample], alphabet: str, recognizer_of: RecognizerOf
) -> list[tuple[str, Candidates]]:
    """(release, best five) of each sample by the current release, or as they were when nothing reads by now."""
    try:
        recognizer = recognizer_of(alphabet)
    except RecognitionError:
        return [(sample.release, sample.candidates) for sample in samples]
    pixels = np.frombuffer(b"".join(sample.glyph for sample in samples), np.uint8)
    glyphs = glyph_from_pixels(pixels.reshape(len(samples), GLYPH_PX, GLYPH_PX))
    inputs = recognizer.inputs(glyphs, [sample.drawing for sample in samples])
    rows = recognizer.probabilities(inputs)[:, :-1]
    best = np.argsort(-rows, axis=1, kind="stable")[:, :NUM_CANDIDATES]
    characters = recognizer.alphabet.characters
    return [
        (recognizer.release, [(characters[i], float(row[i])) for i in order])
        for row, order in zip(rows, best.tolist(), strict=True)
    ]


def _neighbours(session: Session, samples: Sequence[Sample], alphabet: str) -> dict[str, dict[str, str]]:
    """For each sample the latest label that each other person gave to nearly the same ink, by person.

    A reviewer's word stands for what the person said; a rejected label is nobody's.
    """
    latest = (
        select(Sample.glyph, Sample.label, Sample.accepted_label, Sample.user_id, Sample.visitor)
        .where(Sample.alphabet == alphabet, Sample.state != REJECTED)
        .order_by(Sample.created_at.desc())
        .limit(MOST_COMPARED)
    )
    rows = session.execute(latest).all()
    if not rows:
        return {sample.id: {} for sample in samples}
    glyphs = _unit([row.glyph for row in rows])
    writers = [writer_of(row.user_id, row.visitor) for row in rows]
    alike = _unit([sample.glyph for sample in samples]) @ glyphs.T >= SAME_INK_FROM
    found: dict[str, dict[str, str]] = {}
    for sample, is_alike in zip(samples, alike, strict=True):
        others = [i for i in np.flatnonzero(is_alike)[::-1] if writers[i] not in (None, sample.writer)]
        found[sample.id] = {str(writers[i]): rows[i].accepted_label or rows[i].label for i in others}
    return found


def _unit(glyphs: Sequence[bytes]) -> NDArray[np.float32]:
    """Glyphs (N, 784) of length 1."""
    pixels = np.frombuffer(b"".join(glyphs), np.uint8).reshape(len(glyphs), -1).astype(np.float32)
    return np.asarray(pixels / np.maximum(np.linalg.norm(pixels, axis=1, keepdims=True), 1))
