"""Ways from top to bottom of a component that cross little ink: where characters may touch."""

import numpy as np
from numpy.typing import NDArray

from app.recognition.normalize import Ink

_WIDE_SHARE = 0.75
"""Of the line's height: wider components may be several characters."""

_SEAM_STEP_SHARE = 0.14
"""Of the line's height: the least distance of two cuts."""

_SEAM_MOST_STROKES = 2.6
"""Ink that a cut may cross, in stroke widths."""

_STEPS = np.array([0, -1, 1], np.int8)
"""Columns aside, of the way from the same column, from the left and from the right."""


def parts_between(
    mask: NDArray[np.bool_], ink: Ink, height: float, stroke_px: float
) -> list[tuple[NDArray[np.bool_], float]]:
    """The parts of a component between its possible cuts, and the ink that the cut before each goes through."""
    if mask.shape[1] <= _WIDE_SHARE * height:
        return [(mask, 0.0)]
    seams, costs = _seams(np.where(mask, ink, 0), height, stroke_px)
    if not seams:
        return [(mask, 0.0)]
    columns = np.arange(mask.shape[1])
    number = sum((columns[None, :] >= seam[:, None]).astype(np.int16) for seam in seams)
    return [(mask & (number == i), 0.0 if i == 0 else costs[i - 1]) for i in range(len(seams) + 1)]


def _seams(ink: Ink, height: float, stroke_px: float) -> tuple[list[NDArray[np.intp]], list[float]]:
    """Ways from top to bottom that cross little ink, apart from each other; columns (H,), and what each crosses."""
    cost = ink / 255.0 + 0.02
    total, steps = _cheapest_ways(cost)
    limit = _SEAM_MOST_STROKES * stroke_px + 0.02 * len(cost) + 1
    step = max(2, round(_SEAM_STEP_SHARE * height))
    chosen: list[tuple[float, NDArray[np.intp]]] = []
    for bottom in np.argsort(total, kind="stable").tolist():
        if total[bottom] > limit:
            break
        way = _way_to(bottom, steps)
        middle = float(way.mean())
        if not step <= middle <= ink.shape[1] - step:
            continue
        if all(abs(middle - float(other.mean())) >= step for _, other in chosen):
            chosen.append((float(total[bottom]), way))
    chosen.sort(key=lambda pair: float(pair[1].mean()))
    crossed = [float(ink[np.arange(len(way)), way].sum() / 255 / stroke_px) for _, way in chosen]
    return [way for _, way in chosen], crossed


def _cheapest_ways(cost: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """For each column of the last row: cost of the cheapest way there, at most one column aside a row."""
    total = cost[0]
    steps = np.zeros(cost.shape, np.int8)
    ways = np.full((3, cost.shape[1]), np.inf)
    for row in range(1, len(cost)):
        ways[0] = total
        ways[1, 1:] = total[:-1] + 0.3
        ways[2, :-1] = total[1:] + 0.3
        steps[row] = _STEPS[ways.argmin(axis=0)]
        total = ways.min(axis=0) + cost[row]
    return total, steps


def _way_to(bottom: int, steps: NDArray[np.int8]) -> NDArray[np.intp]:
    way = np.empty(len(steps), np.intp)
    column = bottom
    for row in range(len(steps) - 1, -1, -1):
        way[row] = column
        column += int(steps[row, column])
    return way
