"""One person's hand: the answers to that person lean towards what the person said of ink that looks the same.

Nothing is trained. Each glyph that the person has answered pulls at glyphs like it: towards the character that it is
and away from what it was taken for, the more, the surer the network was of that. A mistake that the network was of two
minds about teaches nothing: such ink is ambiguous, and read right about as often as not.

What was tried, and its figures: doc/experiments.md, “My hand”. Why it is like this: decision 19.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS, Alphabet
from app.recognition.normalize import GLYPH_PX

MOST = 4.0
"""The most that all answers together add to a log-probability, or take: what is surer than 0.9997 stays as it is."""

WIDTH = 0.25
"""Squared distance of two looks, each of length 1, at which the pull is 1/e of what it is at 0."""

NOTICEABLE = 0.01
"""Of any probability: a glyph whose answer would change less is answered by the network alone."""

_BLUR_PX, _STEP_PX = 1.5, 2
_NONE, _LEAST_SHARE = "", 1e-4

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Manner:
    """How much is learned from an answer.

    Attributes:
        strength: the most that one answer adds to the log-probability of a character, or takes from it.
        ambiguous_from: a mistake teaches nothing when the network gave the truth this share of it and its rival.
    """

    strength: float
    ambiguous_from: float


MANNERS = {DIGITS.name: Manner(2.0, 0.45)}
LETTERS_MANNER = Manner(1.5, 0.3)
"""For every alphabet with letters, where much is alike by nature: I and l, u and v, 0 and O."""


@dataclass(frozen=True)
class Answered:
    """A glyph (784 bytes, 255 = ink), the network's best few `(character, probability)`, and what the person says."""

    glyph: bytes
    candidates: Sequence[tuple[str, float]]
    label: str


class Hand:
    """What one person's answers in one alphabet, given in this order, have taught."""

    def __init__(self, alphabet: Alphabet, answered: Sequence[Answered]) -> None:
        self._letters, self._letter_of = _letters(alphabet)
        pixels = np.frombuffer(b"".join(each.glyph for each in answered), np.uint8)
        self._looks = _looks(pixels.reshape(-1, GLYPH_PX, GLYPH_PX) * np.float32(1 / 255))
        self._pulls = np.zeros((len(answered), len(self._letters)), np.float32)
        likeness = _likeness(self._looks, self._looks)
        manner = MANNERS.get(alphabet.name, LETTERS_MANNER)
        for i, each in enumerate(answered):
            before = self._shares(each.candidates)
            now = before * self._factors(likeness[i : i + 1, :i], self._pulls[:i])[0]
            truth = self._letters.index(each.label.casefold())
            self._pulls[i] = _pull(before, now / now.sum(), truth, manner)

    def adjust(self, probabilities: NDArray[np.float32], glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities (N, C + 1) of glyphs (N, 28, 28, 1) as this hand changes them, where it does so noticeably.

        Both cases of a letter are pulled alike: a glyph has lost its height, so its case stays as the network says.
        """
        factors = self._factors(_likeness(_looks(glyphs[..., 0]), self._looks), self._pulls)
        pulled = probabilities * factors[:, self._letter_of]
        pulled /= pulled.sum(axis=1, keepdims=True)
        is_noticeable = np.abs(pulled - probabilities).max(axis=1, keepdims=True) >= NOTICEABLE
        return np.where(is_noticeable, pulled, probabilities)

    @staticmethod
    def _factors(likeness: Rows, pulls: Rows) -> Rows:
        """(N, L) by which to multiply probabilities, from how like (N, M) glyphs are to those that pull (M, L)."""
        return np.exp(np.clip(likeness @ pulls, -MOST, MOST))

    def _shares(self, candidates: Sequence[tuple[str, float]]) -> Rows:
        """(L,): what the network gave to each letter; what it gave to none of the best few is that of no character."""
        shares = np.full(len(self._letters), _LEAST_SHARE, np.float32)
        for character, share in candidates:
            shares[self._letters.index(character.casefold())] += share
        shares[-1] = max(_LEAST_SHARE, 1 - shares[:-1].sum())
        return shares


def _pull(before: Rows, now: Rows, truth: int, manner: Manner) -> Rows:
    """(L,) to add to log-probabilities: how much the truth surprises, by the shares `before` and `now`."""
    surprise = -now
    surprise[truth] += 1
    return manner.strength * _worth(before, now, truth, manner.ambiguous_from) * surprise


def _worth(before: Rows, now: Rows, truth: int, ambiguous_from: float) -> float:
    """Of an answer, by the shares that the network gave `before` and this hand gives `now`.

    A mistake of the network: from 1, when it had excluded the truth, down to 0. What it had right teaches nothing new,
    unless the hand has spoilt it by now.
    """
    rival = max(np.delete(before, truth))
    if before[truth] >= rival:
        return 0.0 if now.argmax() == truth else 1.0
    return max(0.0, 1 - float(before[truth] / (before[truth] + rival)) / ambiguous_from)


def _likeness(some: Rows, others: Rows) -> Rows:
    """(N, M) in (0, 1] of two lists of looks."""
    return np.asarray(np.exp((some @ others.T - 1) * np.float32(2 / WIDTH)))


def _looks(glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
    """What glyphs (N, 28, 28) look like from further away: blurred, every other pixel, as rows (N, 196) of length 1."""
    blur = _blur()
    rows = (blur @ glyphs @ blur.T).reshape(len(glyphs), -1)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6))


@cache
def _blur() -> NDArray[np.float32]:
    """(14, 28): a Gaussian along one axis, at every other pixel."""
    distances = np.arange(GLYPH_PX) - np.arange(1, GLYPH_PX, _STEP_PX)[:, None]
    return np.asarray(np.exp(-((distances / _BLUR_PX) ** 2) / 2), np.float32)


def _letters(alphabet: Alphabet) -> tuple[list[str], NDArray[np.intp]]:
    """The L letters of an alphabet, cases folded, the last for no character; and which each of C + 1 outputs is."""
    folded = [*(character.casefold() for character in alphabet), _NONE]
    letters = list(dict.fromkeys(folded))
    return letters, np.array([letters.index(each) for each in folded])
