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


def parse_cap_height(value: object) -> float:
    """A height from JSON. Raises NoUsableStroke unless it is a number above 0 and below a million."""
    if type(value) not in (int, float) or not 0 < value < 1e6:  # type: ignore[operator]  # refuses NaN as well
        raise NoUsableStroke(f"The cap height must be a number above 0, not {str(value)[:40]}.")
    return float(value)  # type: ignore[arg-type]


def relative_height(strokes: Strokes, cap_height: float) -> float:
    """Height of a drawing ÷ height of a capital, both in canvas units; bounded, for nobody writes beyond that."""
    ys = np.concatenate(strokes)[:, 1]
    return float(np.clip((ys.max() - ys.min()) / cap_height, *_RANGE))


def share_by_height(
    row: NDArray[np.float32], alphabet: Alphabet, heights: Heights, height: float
) -> NDArray[np.float32]:
    """Probabilities (C + 1,) after a look at the height: Bayes' rule within each pair of cases, whose sum stays."""
    shared = row.copy()
    for capital, small in zip(ascii_uppercase, ascii_lowercase, strict=True):
        if not {small, capital} <= heights.keys() or small not in alphabet or capital not in alphabet:
            continue
        if abs(heights[capital][0] - heights[small][0]) < _LEAST_DIFFERENCE:
            continue
        pair = [alphabet.index(capital), alphabet.index(small)]
        weights = row[pair] * [_density(height, *heights[c]) for c in (capital, small)]
        shared[pair] = row[pair].sum() * weights / weights.sum()
    return shared


def _density(height: float, mean: float, spread: float) -> float:
    """Of ln(height) under a normal distribution with a floor: a strange height must not decide alone."""
    distance = (math.log(height) - mean) / spread
    return math.exp(-distance * distance / 2) / spread + 0.05
