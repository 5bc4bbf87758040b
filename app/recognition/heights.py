"""What a drawing's height says about the case of its letter: a glyph is scaled to one size and has lost it.

Height only shares out a letter's probability between its two cases. Which letter it is stays as the network said.
"""

import math
from collections.abc import Mapping
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.errors import NoUsableStroke
from app.recognition.strokes import Strokes

Heights = Mapping[str, tuple[float, float]]
"""By character: mean and spread of ln(height ÷ height of the writer's capitals). Fitted by `app.training.heights`."""

_RANGE = (0.2, 3.0)

_LEAST_DIFFERENCE = 0.2
"""Pairs whose means are closer than this, such as P and p, are not told apart by height."""

_DENSITY_FLOOR = 0.05
"""Of ln(height) in either case: a strange height must not decide alone."""


def parse_cap_height(value: object) -> float:
    """A height from JSON. Raises NoUsableStroke unless it is a number above 0 and below a million."""
    if type(value) not in (int, float) or not 0 < value < 1e6:  # type: ignore[operator]  # refuses NaN as well
        raise NoUsableStroke("The cap height must be a number above 0, not %(given)s.", given=str(value)[:40])
    return float(value)  # type: ignore[arg-type]


def relative_height(strokes: Strokes, cap_height: float) -> float:
    """Height of a drawing ÷ height of a capital, both in canvas units; bounded, for nobody writes beyond that."""
    ys = np.concatenate(strokes)[:, 1]
    height = float(ys.max() - ys.min())  # divided as float32, a dot by a tiny cap height would be 0 / 0
    return float(np.clip(height / cap_height, *_RANGE))


class CasesByHeight:
    """Shares out the probabilities of an alphabet's letters between their cases, where `heights` tells these apart."""

    def __init__(self, alphabet: Alphabet, heights: Heights) -> None:
        known = set(alphabet) & heights.keys()
        pairs = [
            (capital, small)
            for capital, small in zip(ascii_uppercase, ascii_lowercase, strict=True)
            if {capital, small} <= known and abs(heights[capital][0] - heights[small][0]) >= _LEAST_DIFFERENCE
        ]
        fitted = np.array([[heights[c] for c in pair] for pair in pairs]).reshape(-1, 2, 2)
        self._means, self._spreads = fitted[..., 0], fitted[..., 1]
        self._outputs = np.array([[alphabet.index(c) for c in pair] for pair in pairs], int).reshape(-1, 2)

    def share(self, row: NDArray[np.float32], height: float) -> NDArray[np.float32]:
        """Probabilities (C + 1,) after a look at the height: Bayes' rule within each pair of cases, whose sum stays."""
        distances = (math.log(height) - self._means) / self._spreads
        densities = np.exp(distances * distances / -2) / self._spreads + _DENSITY_FLOOR
        before = row[self._outputs]
        weights = before * densities
        shared = row.copy()
        shared[self._outputs] = weights * (before.sum(axis=1) / weights.sum(axis=1))[:, None]
        return shared
