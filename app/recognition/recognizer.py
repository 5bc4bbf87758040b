"""Ink → prediction: normalisation, network and calibration in one object."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.engine import Engine
from app.recognition.normalize import Glyph, Ink, crop_to_ink, glyph_from_crop


@dataclass(frozen=True)
class Candidate:
    """A character and the probability that it is the right one."""

    character: str
    probability: float


@dataclass(frozen=True)
class Prediction:
    """An answer.

    Attributes:
        alphabet: name of the alphabet.
        candidates: every character of the alphabet, best first.
        confidence: calibrated probability of the first candidate.
        rejected: None, or why the first candidate should not be believed: "uncertain".
        release: the release that answered, such as "digit/1".
        glyph: what the network saw.
        crop: what was cut out of the ink.
    """

    alphabet: str
    candidates: tuple[Candidate, ...]
    confidence: float
    rejected: str | None
    release: str
    glyph: Glyph
    crop: Ink


@dataclass(frozen=True)
class Calibration:
    """How raw outputs become honest probabilities; fitted on validation data, stored in the release's card.

    Attributes:
        temperature: divides the log-probabilities (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
        reject_below: an answer is "uncertain" when the probability of its character, either case, is lower.
    """

    temperature: float
    reject_below: float

    def apply(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raw (N, C) → calibrated (N, C); the order of the characters stays."""
        powered = np.maximum(probabilities, 1e-12) ** (1 / self.temperature)
        return np.asarray(powered / powered.sum(axis=1, keepdims=True))


class Recognizer:
    """What serves an alphabet: one release, ready to answer. Safe to share between threads."""

    def __init__(self, alphabet: Alphabet, release: str, engine: Engine, calibration: Calibration) -> None:
        self.alphabet, self.release = alphabet, release
        self._engine, self._calibration = engine, calibration
        self._case_pairs = case_pairs(alphabet)

    def recognize(self, ink: Ink) -> Prediction:
        """Read one character. Raises NoInk when the ink is blank."""
        return self.recognize_many([ink])[0]

    def recognize_many(self, inks: Sequence[Ink]) -> list[Prediction]:
        """Read several characters in one call of the network. Raises NoInk when one is blank."""
        if not inks:
            return []
        crops = [crop_to_ink(ink) for ink in inks]
        glyphs = np.stack([glyph_from_crop(crop) for crop in crops])
        rows = self.probabilities(glyphs)
        return [self._prediction(*parts) for parts in zip(rows, glyphs, crops, strict=True)]

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities (N, C) of glyphs (N, 28, 28, 1)."""
        return self._calibration.apply(self._engine.probabilities(glyphs))

    def _prediction(self, row: NDArray[np.float32], glyph: Glyph, crop: Ink) -> Prediction:
        order = np.argsort(-row, kind="stable")
        characters, values = self.alphabet.characters, row.tolist()
        best = int(order[0])
        certainty = sum(values[i] for i in self._case_pairs[best])
        return Prediction(
            alphabet=self.alphabet.name,
            candidates=tuple(Candidate(characters[i], values[i]) for i in order.tolist()),
            confidence=values[best],
            rejected="uncertain" if certainty < self._calibration.reject_below else None,
            release=self.release,
            glyph=glyph,
            crop=crop,
        )


def case_pairs(alphabet: Alphabet) -> tuple[tuple[int, ...], ...]:
    """For each output the outputs of the same letter in either case, itself included."""
    folded = [character.casefold() for character in alphabet.characters]
    return tuple(tuple(j for j, other in enumerate(folded) if other == letter) for letter in folded)
