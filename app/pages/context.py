"""What segments of a line may say: the networks' answers, the heights of the line, and what follows what."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.pages.goodness import features, log_odds
from app.pages.lattice import Follows
from app.pages.segment import Pieces, Segment
from app.pages.strips import Said, hear_strips
from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.normalize import glyph_from_crop
from app.recognition.service import RecognitionRoom

_LEAST_KIND = 0.02
"""A network of one kind is asked only where the network of both gives its kind so much, if both may be there."""

_HOPELESS_LOG_ODDS = -3.0
"""Segments below this are hardly ever chosen, and are not shown to the other networks."""

_FOLLOWS: Mapping[Alphabet, Mapping[str, Mapping[str, float]]] = MappingProxyType(
    {
        COMBINED: {
            "": {"digit": 0.5, "capital": 0.25, "small": 0.25},
            "digit": {"digit": 0.94, "capital": 0.04, "small": 0.02},
            "capital": {"digit": 0.05, "capital": 0.7, "small": 0.25},
            "small": {"digit": 0.03, "capital": 0.03, "small": 0.94},
        },
        LETTERS: {
            "": {"capital": 0.5, "small": 0.5},
            "capital": {"capital": 0.7, "small": 0.3},
            "small": {"capital": 0.2, "small": 0.8},
        },
    }
)
"""Within a word: the shares of digits, capitals and small letters, at its start and after each.

Those of letters alone leave more to the look of each, for words that mix the cases.
"""

_KIND_COLUMNS: Mapping[Alphabet, slice] = MappingProxyType(
    {DIGITS: slice(None, len(DIGITS)), LETTERS: slice(len(DIGITS), len(COMBINED))}
)
"""The networks of one kind, and where their characters stand in the alphabet of both."""

_KIND = MappingProxyType(
    {c: "digit" if c.isdigit() else "capital" if c.isupper() else "small" for c in COMBINED}
)


@dataclass(frozen=True)
class Evidence:
    """What the networks say of the segments of a line.

    Attributes:
        shares: float64 (N, C); probabilities of the characters of the alphabet asked for, if it is one of them.
        odds: float64 (N,); logarithm of the odds that it is one whole character.
        likeness: float64 (N,); probability that it is a whole character of any kind, however poor the picture.
        strange: float64 (N,); probability that it is no character.
        glyphs: float32 (N, 28, 28, 1); what the networks saw.
        rows: N times float32 (C + 1,), what the network of the alphabet asked for said, or None where it was not asked.
        strips: what is said of them where digits are read together; only where digits are asked for.
    """

    shares: NDArray[np.float64]
    odds: NDArray[np.float64]
    likeness: NDArray[np.float64]
    strange: NDArray[np.float64]
    glyphs: NDArray[np.float32]
    rows: Sequence[NDArray[np.float32] | None]
    strips: Said | None


def evidence(
    room: RecognitionRoom, alphabet: Alphabet, lines: list[tuple[Pieces, list[Segment]]]
) -> list[Evidence]:
    """Ask the networks of all segments of all lines at once.

    The network for both kinds says whether a segment is a character, and of which kind: it has seen the poorest
    pictures. The network of that kind says which character. Where there is none for both, one does all.
    """
    glyphs = glyphs_of([segment for _, segments in lines for segment in segments])
    judge = COMBINED if room.status()[COMBINED.name] else alphabet
    judged, odds = _heard(room, judge, glyphs, lines)
    strange = judged[:, -1].astype(np.float64)
    if judge is COMBINED:
        shares, rows = _asked_by_kind(room, alphabet, judged, odds > _HOPELESS_LOG_ODDS, glyphs)
    else:
        shares, rows = _among(judged[:, :-1]), list(judged)
    likeness = (1 - strange) / (1 + np.exp(-odds))
    strips = hear_strips(lines) if alphabet is DIGITS else [None] * len(lines)
    ends = np.cumsum([len(segments) for _, segments in lines]).tolist()
    return [
        Evidence(
            shares[start:end],
            odds[start:end],
            likeness[start:end],
            strange[start:end],
            glyphs[start:end],
            rows[start:end],
            said,
        )
        for start, end, said in zip([0, *ends], ends, strips, strict=False)
    ]


def as_number(heard: Evidence, pieces: Pieces, segments: list[Segment]) -> Evidence:
    """What is known of a line of both kinds if there are only digits on it, with what strips say of it."""
    shares = heard.shares.copy()
    shares[:, len(DIGITS) :] = 0
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    return replace(heard, shares=shares, strips=hear_strips([(pieces, segments)])[0])


def _heard(
    room: RecognitionRoom,
    alphabet: Alphabet,
    glyphs: NDArray[np.float32],
    lines: list[tuple[Pieces, list[Segment]]],
) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Probabilities (N, C + 1) by one network, and the log-odds (N,) that it leads to."""
    rows = room.recognizer(alphabet.name).probabilities(glyphs)
    odds, at = [], 0
    for pieces, segments in lines:
        values = features(segments, pieces.line, rows[at : at + len(segments)])
        odds.append(log_odds(alphabet.name, values))
        at += len(segments)
    return rows, np.concatenate(odds)


def glyphs_of(segments: list[Segment]) -> NDArray[np.float32]:
    """(N, 28, 28, 1)."""
    return np.stack([glyph_from_crop(segment.crop) for segment in segments])


def _among(rows: NDArray[np.floating]) -> NDArray[np.float64]:
    """(N, C) in (0, 1), each row then summing to 1."""
    shares = np.maximum(rows.astype(np.float64), 1e-9)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _asked_by_kind(
    room: RecognitionRoom,
    alphabet: Alphabet,
    judged: NDArray[np.float32],
    worth: NDArray[np.bool_],
    glyphs: NDArray[np.float32],
) -> tuple[NDArray[np.float64], list[NDArray[np.float32] | None]]:
    """The shares (N, C) and rows of an alphabet, from what the network of both kinds `judged` (N, 63).

    Where a segment is `worth` it and may be of a kind, that kind's own network shares it out anew.
    """
    shares = _among(judged[:, :-1])
    rows: list[NDArray[np.float32] | None] = [None] * len(shares)
    for kind, columns in _KIND_COLUMNS.items():
        if alphabet not in (kind, COMBINED):
            continue
        of_kind = shares[:, columns].sum(axis=1)
        asked = np.flatnonzero(worth & ((of_kind > _LEAST_KIND) | (alphabet is kind)))
        if asked.size:
            answers = room.recognizer(kind.name).probabilities(glyphs[asked])
            shares[asked, columns] = of_kind[asked, None] * _among(answers[:, :-1])
            for number, row in zip(asked.tolist(), answers, strict=True):
                rows[number] = row
    if alphabet is COMBINED:
        return shares, list(judged)
    return _among(shares[:, _KIND_COLUMNS[alphabet]]), rows


def kind_of(character: str) -> str:
    """Digit, capital or small letter, of the first of several: what matters to the next character."""
    return _KIND[character[0]]


def follows(alphabet: Alphabet) -> Follows | None:
    """How usual a character of a kind is after one of another, in a free text; None where there is one kind only."""
    shares = _FOLLOWS.get(alphabet)
    if shares is None:
        return None
    logs = {(before, kind): math.log(s) for before, kinds in shares.items() for kind, s in kinds.items()}
    return lambda before, kind, is_spaced: logs["" if is_spaced else before, kind]


def anything_follows(_before: str, _kind: str, _is_spaced: bool) -> float:
    """Neighbours say nothing: for a reading of one kind, or along a pattern."""
    return 0.0
