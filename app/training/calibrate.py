"""Fit what makes probabilities honest, on validation data alone."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.recognizer import Calibration, certainty
from app.training.metrics import Probabilities, calibration_error

REFUSED_SHARE = 0.008
"""Share of real characters in the validation data that each of the two thresholds may refuse."""


def fit_calibration(
    sets: Sequence[tuple[Probabilities, NDArray[np.bool_]]], alphabet: Alphabet
) -> Calibration:
    """The temperature of least calibration error and the thresholds that refuse `REFUSED_SHARE`.

    Each set is (raw probabilities (N, C + 1), allowed (N, C + 1)), of characters; every set counts the same. The
    log-loss would be the usual measure, but a handful of mislabelled samples decide it, and all others are doubted.
    """
    temperatures = np.arange(0.5, 3.001, 0.02).tolist()
    errors = [
        np.mean([_error(Calibration(t, 0, 1).apply(p), allowed) for p, allowed in sets]) for t in temperatures
    ]
    temperature = round(temperatures[int(np.argmin(errors))], 2)
    calibrated = [Calibration(temperature, 0, 1).apply(p) for p, _ in sets]
    least_certain = [np.quantile(certainty(p, alphabet), REFUSED_SHARE) for p in calibrated]
    strangest = [np.quantile(p[:, -1], 1 - REFUSED_SHARE) for p in calibrated]
    # Rounded to the lenient side, never to the end of the scale: a very sure network would refuse everything.
    reject_below = min(math.floor(1e4 * np.mean(least_certain)) / 1e4, 0.9999)
    stranger_above = max(math.ceil(1e4 * np.mean(strangest)) / 1e4, 0.0001)
    return Calibration(temperature, reject_below, stranger_above)


def _error(probabilities: Probabilities, allowed: NDArray[np.bool_]) -> float:
    """Expected calibration error of the first candidate."""
    shares = probabilities[:, :-1]
    right = allowed[np.arange(len(shares)), shares.argmax(axis=1)]
    return calibration_error(shares.max(axis=1), right)
