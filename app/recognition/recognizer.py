"""Ink → prediction: normalisation, network and calibration in one object."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.engine import Engine
from app.recognition.hand import Hand
from app.recognition.heights import CasesByHeight, Heights
from app.recognition.normalize import Glyph, Ink, crop_to_ink, glyph_from_crop
from app.recognition.strokes import Strokes
from app.recognition.traces import with_trace

OTHER_CASE_FROM = 0.25
"""Of the first candidate's probability: from there on, the other case of its letter is said too."""


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
        candidates: every character of the alphabet with its calibrated probability, best first.
        rejected: None, or why the first candidate should not be believed: "no_character" (the ink looks like
            none of the alphabet) or "uncertain".
        release: the release that answered, such as "digit/1".
        glyph: what the network saw.
        crop: what was cut out of the ink.
        by_network: None, or what the network alone says, where a person's hand has changed that.
    """

    alphabet: str
    candidates: tuple[Candidate, ...]
    rejected: str | None
    release: str
    glyph: Glyph
    crop: Ink
    by_network: tuple[Candidate, ...] | None = None

    @property
    def confidence(self) -> float:
        """The probability of the first candidate."""
        return self.candidates[0].probability

    @property
    def other_case(self) -> Candidate | None:
        """The second candidate, if it is the first one's letter in the other case and nearly as likely.

        That is from `OTHER_CASE_FROM` of the first one's probability on. A rejected answer has none.
        """
        best, second = self.candidates[:2]
        is_same_letter = best.character.casefold() == second.character.casefold()
        is_close = second.probability >= OTHER_CASE_FROM * best.probability
        return second if is_same_letter and is_close and not self.rejected else None


@dataclass(frozen=True)
class Calibration:
    """How raw outputs become honest probabilities; fitted on validation data, stored in the release's card.

    Attributes:
        temperature: divides the log-probabilities (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017).
        reject_below: an answer is "uncertain" when the probability of its character, either case, is lower.
        stranger_above: ink is "no_character" when the probability of that, the last output, is higher.
    """

    temperature: float
    reject_below: float
    stranger_above: float

    def apply(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Raw (N, C + 1) → calibrated (N, C + 1); their order stays."""
        powered = np.maximum(probabilities, 1e-12) ** (1 / self.temperature)
        return np.asarray(powered / powered.sum(axis=1, keepdims=True))

    def refusals(self, probabilities: NDArray[np.float32], alphabet: Alphabet) -> list[str | None]:
        """Why each row of calibrated probabilities (N, C + 1) should not be believed, or None."""
        doubtful = certainty(probabilities, alphabet) < self.reject_below
        strange = probabilities[:, -1] > self.stranger_above
        return [
            "no_character" if odd else "uncertain" if weak else None
            for odd, weak in zip(strange.tolist(), doubtful.tolist(), strict=True)
        ]


class Recognizer:
    """What serves an alphabet: one release, ready to answer. Safe to share between threads."""

    def __init__(
        self,
        alphabet: Alphabet,
        release: str,
        engine: Engine,
        calibration: Calibration,
        heights: Heights = MappingProxyType({}),
    ) -> None:
        self.alphabet, self.release, self.calibration = alphabet, release, calibration
        self._engine, self.heights = engine, heights
        self.reads_traces = engine.reads_traces

    def recognize(
        self,
        ink: Ink,
        height: float | None = None,
        hand: Hand | None = None,
        strokes: Strokes | None = None,
    ) -> Prediction:
        """Read one character. Raises NoInk when it is blank.

        Args:
            ink: what it looks like.
            height: how many times as tall as a capital it is, if that is known.
            hand: what the answers of the person who wrote it have taught.
            strokes: what `ink_from_strokes` made the ink of, if it was drawn.
        """
        crop = crop_to_ink(ink)
        glyphs = glyph_from_crop(crop)[None]
        rows = self.probabilities(self.inputs(glyphs, [strokes]))
        if height is not None:
            rows = self._cases.share(rows[0], height)[None]
        adjusted = rows if hand is None else hand.adjust(rows, glyphs)
        prediction = self.predictions(adjusted, glyphs, [crop])[0]
        if (rows == adjusted).all():
            return prediction
        return replace(prediction, by_network=self._ranked(rows[0]))

    def inputs(self, glyphs: NDArray[np.float32], drawn: Sequence[Strokes | None]) -> NDArray[np.float32]:
        """Glyphs (N, 28, 28, 1) for the network: with the traces of those that were drawn, if it reads them."""
        if not self.reads_traces:
            return glyphs
        return np.stack([with_trace(*each) for each in zip(glyphs, drawn, strict=True)])

    def predictions(
        self, rows: NDArray[np.float32], glyphs: Sequence[Glyph] | NDArray[np.float32], crops: Sequence[Ink]
    ) -> list[Prediction]:
        """What calibrated probabilities (N, C + 1) say of glyphs and the crops that these were made of."""
        refusals = self.calibration.refusals(rows, self.alphabet)
        return [self._prediction(*parts) for parts in zip(rows, refusals, glyphs, crops, strict=True)]

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities (N, C + 1); the last is that of no character.

        `inputs` are glyphs (N, 28, 28, 1), or glyphs and their traces (N, 28, 28, 4).
        """
        return self.calibration.apply(self._engine.probabilities(inputs))

    @cached_property
    def _cases(self) -> CasesByHeight:
        return CasesByHeight(self.alphabet, self.heights)

    def _prediction(
        self, row: NDArray[np.float32], refusal: str | None, glyph: Glyph, crop: Ink
    ) -> Prediction:
        return Prediction(
            alphabet=self.alphabet.name,
            candidates=self._ranked(row),
            rejected=refusal,
            release=self.release,
            glyph=glyph,
            crop=crop,
        )

    def _ranked(self, row: NDArray[np.float32]) -> tuple[Candidate, ...]:
        """The characters by calibrated probabilities (C + 1,), best first."""
        order = np.argsort(-row[:-1], kind="stable").tolist()
        characters, values = self.alphabet.characters, row.tolist()
        return tuple(Candidate(characters[i], values[i]) for i in order)


def certainty(probabilities: NDArray[np.float32], alphabet: Alphabet) -> NDArray[np.float32]:
    """Probability (N,) of the best character in either case, of probabilities (N, C + 1)."""
    shares = probabilities[:, :-1]
    return np.asarray((shares * _same_letter(alphabet)[shares.argmax(axis=1)]).sum(axis=1))


@cache
def _same_letter(alphabet: Alphabet) -> NDArray[np.float32]:
    """(C, C): 1 where two characters are the same letter in either case."""
    folded = np.array([character.casefold() for character in alphabet])
    return np.asarray(folded[:, None] == folded, np.float32)
