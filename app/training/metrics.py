"""Figures of merit from probabilities (N, C) and right answers (N,), both in the order of an alphabet."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.recognizer import case_pairs

Probabilities = NDArray[np.float32]
Truth = NDArray[np.intp]

MERGED_LETTERS = "CIJKLMOPSUVWXYZ"
"""Letters whose two cases look alike: EMNIST ByMerge counts each once, 62 classes become 47 (37 of the 52 letters)."""

_CALIBRATION_BINS = 15


@dataclass(frozen=True)
class Scores:
    """The figures of one release on one evaluation set; all shares are in percent.

    Attributes:
        count: samples.
        accuracy: exact; low, high: its 95 % interval (Wilson).
        case_insensitive: right when the letter is right in either case.
        merged: right when right, or when the letter is one of `MERGED_LETTERS` in either case.
        macro_recall: mean over the characters of the share found.
        top3: the right character is among the first three.
        calibration_error: expected calibration error, 15 bins, of the first candidate.
        rejected: share that the rejection threshold refuses.
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
    rejected: float


def score(probabilities: Probabilities, truth: Truth, alphabet: Alphabet, reject_below: float) -> Scores:
    """All figures at once."""
    best = probabilities.argmax(axis=1)
    correct = best == truth
    low, high = wilson_interval(int(correct.sum()), len(truth))
    top3 = (np.argsort(-probabilities, axis=1)[:, :3] == truth[:, None]).any(axis=1)
    return Scores(
        count=len(truth),
        accuracy=_percent(correct.mean()),
        low=_percent(low),
        high=_percent(high),
        case_insensitive=_percent((_folded(alphabet)[best] == _folded(alphabet)[truth]).mean()),
        merged=_percent((_merged(alphabet)[best] == _merged(alphabet)[truth]).mean()),
        macro_recall=_percent(np.mean([correct[truth == c].mean() for c in np.unique(truth)])),
        top3=_percent(top3.mean()),
        calibration_error=_percent(calibration_error(probabilities.max(axis=1), correct)),
        rejected=_percent((certainty(probabilities, alphabet) < reject_below).mean()),
    )


def certainty(probabilities: Probabilities, alphabet: Alphabet) -> NDArray[np.float32]:
    """Probability of the best character in either case (N,): what rejection looks at."""
    same_letter = np.zeros((len(alphabet), len(alphabet)), np.float32)
    for index, pair in enumerate(case_pairs(alphabet)):
        same_letter[index, list(pair)] = 1
    best = probabilities.argmax(axis=1)
    return np.asarray((probabilities * same_letter[best]).sum(axis=1))


def wilson_interval(right: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson, JASA 22, 1927)."""
    share, spread = right / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / count + spread / count / 4) / (1 + spread)
    return middle - half, middle + half


def calibration_error(confidence: NDArray[np.floating], correct: NDArray[np.bool_]) -> float:
    """Mean distance between confidence and accuracy over bins of equal width, weighted by their counts."""
    bins = np.minimum((confidence * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    gaps = np.bincount(bins, confidence.astype(np.float64) - correct, _CALIBRATION_BINS)
    return float(np.abs(gaps).sum() / len(correct))


def confusion(probabilities: Probabilities, truth: Truth) -> NDArray[np.intp]:
    """Counts (C, C): row = right character, column = answer."""
    size = probabilities.shape[1]
    return np.bincount(truth * size + probabilities.argmax(axis=1), minlength=size * size).reshape(size, size)


def _folded(alphabet: Alphabet) -> NDArray[np.str_]:
    return np.array([character.upper() for character in alphabet.characters])


def _merged(alphabet: Alphabet) -> NDArray[np.str_]:
    return np.array([c.upper() if c.upper() in MERGED_LETTERS else c for c in alphabet.characters])


def _percent(share: float | np.floating) -> float:
    return round(100 * float(share), 2)
