"""Capital or small: told by how tall a letter is beside the others of its line, and by what hangs below the line."""

import math
from collections.abc import Mapping, Sequence
from string import ascii_lowercase, ascii_uppercase

import numpy as np
from numpy.typing import NDArray

from app.pages.components import Box
from app.recognition.alphabets import Alphabet
from app.recognition.heights import CasesByHeight, Heights

_OTHER_HEIGHT = (-0.05, 0.3)
"""Of digits, and of letters whose height nobody fitted: as capitals."""

_GUESS_SPREAD = 0.35
"""Of ln(height of capitals ÷ usual height of the line) before any letter is looked at."""

_HANGING = "gjpqy"
_HANGS, _STANDS = (0.4, 0.18), (0.0, 0.1)
"""Mean and spread of how far letters hang below the line, in heights of a capital, as print has them."""

_DENSITY_FLOOR = 0.05
_FEWEST_LETTERS = 3
"""With fewer there is no line to compare with."""


def share_by_case(
    shares: NDArray[np.float64],
    boxes: Sequence[Box],
    chosen: Sequence[int],
    alphabet: Alphabet,
    heights: Heights,
    line_height: float,
) -> NDArray[np.float64]:
    """Probabilities (N, C) of segments after a look at the line, whose letters are likely the `chosen` segments.

    What a letter has in both cases together stays as it was.
    """
    if not heights or len(chosen) < _FEWEST_LETTERS:
        return shares
    logs = np.log([max(box.height, 1) for box in boxes])
    capital = _capital_height(shares[list(chosen)], logs[list(chosen)], alphabet, heights, line_height)
    ground = float(np.median([boxes[i].bottom for i in chosen]))
    by_height = CasesByHeight(alphabet, heights)
    pairs = _hanging_pairs(alphabet)
    resolved = shares.astype(np.float32)
    for row, height, box in zip(resolved, np.exp(logs) / capital, boxes, strict=True):
        row[:] = by_height.share(row, float(np.clip(height, 0.2, 3.0)))
        _share_by_hanging(row, (box.bottom - ground) / capital, pairs)
    return resolved.astype(np.float64)


def _capital_height(
    shares: NDArray[np.float64],
    logs: NDArray[np.float64],
    alphabet: Alphabet,
    heights: Mapping[str, tuple[float, float]],
    line_height: float,
) -> float:
    """The height of a capital under which the letters' heights are likeliest, in pixels."""
    means, spreads = np.array([heights.get(c, _OTHER_HEIGHT) for c in alphabet]).T
    grid = math.log(line_height) + np.linspace(-1, 1, 61)
    away = (logs[None, :, None] - grid[:, None, None] - means) / spreads
    densities = np.exp(away * away / -2) / spreads + _DENSITY_FLOOR
    likely = np.log((densities * shares).sum(axis=2)).sum(axis=1)
    likely -= ((grid - math.log(line_height)) / _GUESS_SPREAD) ** 2 / 2
    return float(np.exp(grid[likely.argmax()]))


def _hanging_pairs(alphabet: Alphabet) -> list[tuple[int, int]]:
    """Outputs of (capital, small) letters of which the small one hangs below the line."""
    pairs = zip(ascii_uppercase, ascii_lowercase, strict=True)
    return [
        (alphabet.index(a), alphabet.index(b)) for a, b in pairs if b in _HANGING and {a, b} <= set(alphabet)
    ]


def _share_by_hanging(row: NDArray[np.float32], below: float, pairs: list[tuple[int, int]]) -> None:
    """Bayes' rule within each pair."""
    stands, hangs = (
        math.exp(-(((below - mean) / spread) ** 2) / 2) / spread + _DENSITY_FLOOR
        for mean, spread in (_STANDS, _HANGS)
    )
    for capital, small in pairs:
        both, weight = row[capital] + row[small], row[capital] * stands + row[small] * hangs
        if weight > 0:
            row[capital], row[small] = (
                both * row[capital] * stands / weight,
                both * row[small] * hangs / weight,
            )
