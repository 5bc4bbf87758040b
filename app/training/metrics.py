"""Figures of merit from probabilities (N, C + 1) and right answers (N,), both in the order of an alphabet.

The last output, "no character", takes no part in what is answered, only in what is refused: a page shows the best
character beside its doubt.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.recognizer import Calibration, certainty

Probabilities = NDArray[np.float32]
Truth = NDArray[np.intp]

MERGED_LETTERS = "CIJKLMOPSUVWXYZ"
"""Letters whose two cases look alike: EMNIST ByMerge counts each once, 62 classes become 47 (37 of the 52 letters)."""

_CALIBRATION_BINS = 15
_Z = 1.96
"""Standard deviations to each side that hold 95 % of a normal distribution."""


@dataclass(frozen=True)
class Scores:
    """The figures of one release on one evaluation set; all shares are in percent.

    Attributes:
        count: samples.
        accuracy: exact; low, high: its 95 % interval (Wilson).
        case_insensitive: right when the letter is right in either case.
        merged: right when right, or when the letter is one of `MERGED_LETTERS` in either case.
        macro_recall: mean over the characters of the share found.
        top3: the right letter, in either case, is among the three most probable.
        calibration_error: expected calibration error, 15 bins, of the first candidate.
        letter_calibration_error: the same of its letter, in either case.
        rejected: share that is refused.
        confident_error: share wrong (either case counts as right) among the 95 % that it is surest of.
    """

    count: int
    accuracy: float
    low: float
    high: float
    case_insensitive: float
    merged: float
    macro_recall: float
    top3: float
    calibration_error: float
    letter_calibration_error: float
    rejected: float
    confident_error: float


def score(probabilities: Probabilities, truth: Truth, alphabet: Alphabet, calibration: Calibration) -> Scores:
    """All figures at once."""
    shares = probabilities[:, :-1]
    best = shares.argmax(axis=1)
    correct = best == truth
    low, high = wilson_interval(int(correct.sum()), len(truth))
    sure, letter_correct = certainty(probabilities, alphabet), letter_right(probabilities, truth, alphabet)
    risk = risk_by_coverage(sure, letter_correct)
    return Scores(
        count=len(truth),
        accuracy=_percent(correct.mean()),
        low=_percent(low),
        high=_percent(high),
        case_insensitive=_percent(letter_correct.mean()),
        merged=_percent((_merged(alphabet)[best] == _merged(alphabet)[truth]).mean()),
        macro_recall=_percent(np.mean([correct[truth == c].mean() for c in np.unique(truth)])),
        top3=_percent(_found_in_top3(shares, truth, alphabet).mean()),
        calibration_error=_percent(calibration_error(shares.max(axis=1), correct)),
        letter_calibration_error=_percent(calibration_error(sure, letter_correct)),
        rejected=share_refused(probabilities, alphabet, calibration),
        confident_error=_percent(risk[round(0.95 * len(risk)) - 1]),
    )


def share_refused(probabilities: Probabilities, alphabet: Alphabet, calibration: Calibration) -> float:
    """Percent of the rows that are refused, for whatever reason."""
    refusals = calibration.refusals(probabilities, alphabet)
    return _percent(np.mean([refusal is not None for refusal in refusals]))


def letter_right(probabilities: Probabilities, truth: Truth, alphabet: Alphabet) -> NDArray[np.bool_]:
    """Whether the best character is the right one, in either case (N,)."""
    folded = _folded(alphabet)
    return np.asarray(folded[probabilities[:, :-1].argmax(axis=1)] == folded[truth])


def risk_by_coverage(certainty: NDArray[np.floating], correct: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Share wrong among the k answers given with most certainty, for k = 1 … N (El-Yaniv, Wiener, JMLR 11, 2010)."""
    wrong = ~correct[np.argsort(-certainty, kind="stable")]
    return np.asarray(np.cumsum(wrong) / np.arange(1, len(wrong) + 1))


def _found_in_top3(shares: NDArray[np.float32], truth: Truth, alphabet: Alphabet) -> NDArray[np.bool_]:
    """Whether the right letter, in either case, is among the three most probable letters."""
    letters, of_character = np.unique(_folded(alphabet), return_inverse=True)
    merged = np.zeros((len(shares), len(letters)), np.float32)
    np.add.at(merged.T, of_character, shares.T)
    return np.asarray((np.argsort(-merged, axis=1)[:, :3] == of_character[truth][:, None]).any(axis=1))


def wilson_interval(right: int, count: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, JASA 22, 1927)."""
    share, spread = right / count, _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / count + spread / count / 4) / (1 + spread)
    return middle - half, middle + half


def calibration_error(confidence: NDArray[np.floating], correct: NDArray[np.bool_]) -> float:
    """Mean distance between confidence and accuracy over bins of equal width, weighted by their counts."""
    bins = np.minimum((confidence * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, confidence.astype(np.float64) - correct, _CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(correct))


def confusion(probabilities: Probabilities, truth: Truth) -> NDArray[np.intp]:
    """Counts (C, C): row = right character, column = answer."""
    size = probabilities.shape[1] - 1
    best = probabilities[:, :-1].argmax(axis=1)
    return np.bincount(truth * size + best, minlength=size * size).reshape(size, size)


def _folded(alphabet: Alphabet) -> NDArray[np.str_]:
    return np.array([character.upper() for character in alphabet.characters])


def _merged(alphabet: Alphabet) -> NDArray[np.str_]:
    return np.array([c.upper() if c.upper() in MERGED_LETTERS else c for c in alphabet.characters])


def _percent(share: float | np.floating) -> float:
    return round(100 * float(share), 2)
