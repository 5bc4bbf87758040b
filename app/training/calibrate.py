"""Fit what makes probabilities honest, on validation data alone."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.recognizer import Calibration
from app.training.metrics import Probabilities, certainty

REFUSED_SHARE = 0.01
"""Share of real characters in the validation data that the rejection threshold may refuse."""


def fit_calibration(
    sets: Sequence[tuple[Probabilities, NDArray[np.bool_]]], alphabet: Alphabet
) -> Calibration:
    """The temperature of least log-loss and the threshold that refuses `REFUSED_SHARE`; every set counts the same.

    Each set is (raw probabilities (N, C), allowed (N, C)).
    """
    temperatures = np.arange(0.5, 3.001, 0.02).tolist()
    losses = [
        np.mean([_log_loss(Calibration(t, 0).apply(p), allowed) for p, allowed in sets]) for t in temperatures
    ]
    temperature = round(temperatures[int(np.argmin(losses))], 2)
    calibrated = [certainty(Calibration(temperature, 0).apply(p), alphabet) for p, _ in sets]
    thresholds = [float(np.quantile(values, REFUSED_SHARE)) for values in calibrated]
    return Calibration(temperature, round(float(np.mean(thresholds)), 4))


def _log_loss(probabilities: Probabilities, allowed: NDArray[np.bool_]) -> float:
    return float(-np.log(np.maximum((probabilities * allowed).sum(axis=1), 1e-12)).mean())
