"""How tall each character is written, beside its writer's capitals: fitted on UNIPEN, whose strokes keep their size."""

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import LETTERS
from app.recognition.heights import Heights
from app.training.datasets import Labelled

_PLAIN_CAPITALS = tuple("ABDEFGHNQRT")
"""Capitals that look like no small letter, and all stand between the same two lines."""

_FEWEST_CAPITALS, _FEWEST_SAMPLES = 5, 20
_LEAST_SPREAD = 0.2


def fit_heights(data: Labelled) -> Heights:
    """For each letter with enough samples: median and spread (from the quartiles) of the logarithm of its height.

    A writer with fewer than `_FEWEST_CAPITALS` plain capitals says nothing about size and is left out.
    """
    logs = np.log(relative_heights(data))
    found = {}
    for letter in LETTERS:
        values = logs[(data.labels == letter) & np.isfinite(logs)]
        if len(values) >= _FEWEST_SAMPLES:
            low, middle, high = np.quantile(values, [0.25, 0.5, 0.75])
            spread = max((high - low) / 1.35, _LEAST_SPREAD)
            found[letter] = (round(float(middle), 3), round(float(spread), 3))
    return found


def relative_heights(data: Labelled) -> NDArray[np.float64]:
    """Height ÷ the median height of the writer's plain capitals (N,); NaN for a writer who has too few of them."""
    assert data.strokes is not None
    assert data.writers is not None
    tops_and_bottoms = [np.concatenate(strokes)[:, 1] for strokes in data.strokes]
    heights = np.array([max(float(np.ptp(ys)), 1e-3) for ys in tops_and_bottoms])
    relative = np.full(len(heights), np.nan)
    plain = np.isin(data.labels, _PLAIN_CAPITALS)
    for writer in np.unique(data.writers):
        own = data.writers == writer
        if np.count_nonzero(own & plain) >= _FEWEST_CAPITALS:
            relative[own] = heights[own] / np.median(heights[own & plain])
    return relative
