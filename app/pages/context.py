"""What segments of a line may say: the networks' answers, the heights of the line, and what follows what."""

import math
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.pages.goodness import features, log_odds
from app.pages.segment import Pieces, Segment
from app.pages.strips import Said, hear_strips
from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.normalize import glyph_from_crop
from app.recognition.service import RecognitionRoom

_LEAST_KIND = 0.02
"""A network of one kind is asked only where the network of both gives its kind so much."""

_HOPELESS_LOG_ODDS = -3.0
"""Segments below this are hardly ever chosen, and are not shown to the other networks."""

_KINDS = ("digit", "capital", "small")

_FOLLOWS = MappingProxyType(
    {
        (before, kind): math.log(share)
        for before, shares in {
            "": (0.5, 0.25, 0.25),
            "digit": (0.94, 0.04, 0.02),
            "capital": (0.05, 0.7, 0.25),
            "small": (0.03, 0.03, 0.94),
        }.items()
        for kind, share in zip(_KINDS, shares, strict=True)
    }
)
"""Within a word: logarithms of the shares of digits, capitals and small letters, at its start and after each."""

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
        rows: float32 (N, C + 1); what the network of the alphabet asked for said of them.
        strips: what is said of them where digits are read together; only where digits are asked for.
    """

    shares: NDArray[np.float64]
    odds: NDArray[np.float64]
    likeness: NDArray[np.float64]
    strange: NDArray[np.float64]
    glyphs: NDArray[np.float32]
    rows: NDArray[np.float32]
    strips: Said | None


def evidence(
    room: RecognitionRoom, alphabet: Alphabet, lines: list[tuple[Pieces, list[Segment]]]
) -> list[Evidence]:
    """Ask the networks of all segments of all lines at once.

    What is a character, and of which kind, the network of both kinds says, which has seen the poorest pictures; which
    one it is, the network of that kind. Without the former, each does both.
    """
    glyphs = glyphs_of([segment for _, segments in lines for segment in segments])
    judge = COMBINED if room.status()[COMBINED.name] else alphabet
    rows, odds = _heard(room, judge, glyphs, lines)
    strange = rows[:, -1].astype(np.float64)
    own = rows if judge is alphabet else room.recognizer(alphabet.name).probabilities(glyphs)
    shares = _among(own)
    if alphabet is COMBINED:
        _ask_each_kind(shares, odds > _HOPELESS_LOG_ODDS, room, glyphs)
    likeness = (1 - strange) / (1 + np.exp(-odds))
    ends = np.cumsum([len(segments) for _, segments in lines])[:-1]
    parts = [np.split(values, ends) for values in (shares, odds, likeness, strange, glyphs, own)]
    strips = hear_strips(lines) if alphabet is DIGITS else [None] * len(lines)
    return [Evidence(*part) for part in zip(*parts, strips, strict=True)]


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


def _among(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """(N, C + 1) → (N, C), each row summing to 1."""
    shares = np.maximum(rows[:, :-1].astype(np.float64), 1e-9)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _ask_each_kind(
    shares: NDArray[np.float64], worth: NDArray[np.bool_], room: RecognitionRoom, glyphs: NDArray[np.float32]
) -> None:
    """Share out each kind anew, by its own network, where a segment is `worth` it and may be of that kind."""
    for alphabet, columns in ((DIGITS, slice(None, len(DIGITS))), (LETTERS, slice(len(DIGITS), None))):
        kind = shares[:, columns].sum(axis=1)
        asked = np.flatnonzero(worth & (kind > _LEAST_KIND))
        if asked.size:
            own = _among(room.recognizer(alphabet.name).probabilities(glyphs[asked]))
            shares[asked, columns] = kind[asked, None] * own


def kind_of(character: str) -> str:
    """Digit, capital or small letter, of the first of several: what matters to the next character."""
    return _KIND[character[0]]


def follows(before: str, kind: str, is_spaced: bool) -> float:
    """Logarithm of how usual a character of a kind is after one of the kind `before`."""
    return _FOLLOWS["" if is_spaced else before, kind]


def anything_follows(_before: str, _kind: str, _is_spaced: bool) -> float:
    """For a reading of one kind, or along a pattern: neighbours say nothing."""
    return 0.0
