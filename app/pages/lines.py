"""Which components are writing, and which of them stand on one line."""

from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from app.pages.components import Box, Components

_LEAST_HEIGHT_SHARE = 0.35
"""Of the page's usual height: smaller marks join a line that others have made."""

_MOST_HEIGHT_SHARE, _MOST_WIDTH_SHARE, _MOST_ASPECT = 4.0, 15.0, 8.0
"""Larger or longer things are edges of the page, shadows, what rules left."""

_OVERLAP_SHARE = 0.35
"""Of the lower of two: neighbours that share so much of their height stand on one line."""

_REACH = 6.0
"""How many heights to the left a line may have ended and still go on."""


@dataclass(frozen=True)
class Line:
    """The components of a line, from left to right, and the height of its larger characters in pixels."""

    members: tuple[int, ...]
    height: float
    box: Box


def usual_height(found: Components, stroke_px: float) -> float:
    """The height of the page's writing: the median over components, the larger ones counting more; 0 without any."""
    heights = (found.boxes[:, 3] - found.boxes[:, 1]).astype(float)
    widths = (found.boxes[:, 2] - found.boxes[:, 0]).astype(float)
    written = np.maximum(heights, widths) >= 3 * stroke_px
    if not written.any():
        return float(heights.max(initial=0))
    chosen = np.sort(heights[written])
    return float(chosen[np.searchsorted(np.cumsum(chosen), 0.5 * chosen.sum())])


def find_lines(found: Components, height: float) -> list[Line]:
    """Lines in reading order. Small marks that no line is near to are dirt and are left out."""
    heights = found.boxes[:, 3] - found.boxes[:, 1]
    widths = found.boxes[:, 2] - found.boxes[:, 0]
    is_written = (heights <= _MOST_HEIGHT_SHARE * height) & (widths <= _MOST_WIDTH_SHARE * height)
    is_written &= (np.maximum(widths, heights) <= 2 * height) | (widths <= _MOST_ASPECT * heights)
    large = np.flatnonzero((heights >= _LEAST_HEIGHT_SHARE * height) & is_written)
    rows = [tuple(row) for row in found.boxes.tolist()]
    lines: list[list[int]] = []
    for index in large[np.argsort(found.boxes[large, 0], kind="stable")].tolist():
        fits = [_fit(rows, line, index) for line in lines]
        best = max(range(len(lines)), key=fits.__getitem__, default=None)
        if best is not None and fits[best] > 0:
            lines[best].append(index)
        else:
            lines.append([index])
    lines = _joined(lines, found.boxes)
    small = np.flatnonzero(is_written & (heights < _LEAST_HEIGHT_SHARE * height)).tolist()
    _add_small_marks(lines, found.boxes, small, height)
    made = [_line(members, found) for members in lines]
    return sorted(made, key=lambda line: (line.box.centre_y, line.box.x))


def _fit(rows: list[tuple[int, ...]], line: list[int], index: int) -> float:
    """Share of its height that a component has in common with the end of a line to its left; 0 when out of reach."""
    left, top, _, bottom = rows[index]
    tail = [rows[i] for i in line[-3:]]
    tops, bottoms = median(row[1] for row in tail), median(row[3] for row in tail)
    if left - max(row[2] for row in tail) > _REACH * max(bottom - top, bottoms - tops):
        return 0.0
    share = max(_shared(top, bottom, tops, bottoms), _shared(top, bottom, tail[-1][1], tail[-1][3]))
    return share if share >= _OVERLAP_SHARE else 0.0


def _shared(top: float, bottom: float, other_top: float, other_bottom: float) -> float:
    """Of the lower one's height."""
    return (min(bottom, other_bottom) - max(top, other_top)) / max(
        min(bottom - top, other_bottom - other_top), 1
    )


def _joined(lines: list[list[int]], boxes: NDArray[np.intp]) -> list[list[int]]:
    """Lines that lie within each other's height over most of it are one: a raised character began a line of its own."""
    whole = sorted(lines, key=len, reverse=True)
    kept: list[list[int]] = []
    for line in whole:
        for other in kept:
            if len(line) <= 2 and _lies_within(boxes[line], boxes[other]):
                other.extend(line)
                break
        else:
            kept.append(line)
    return kept


def _lies_within(few: NDArray[np.intp], many: NDArray[np.intp]) -> bool:
    """Whether a few components stand between neighbours of a line, more than half of their height within these."""
    middle = (few[:, 0].min() + few[:, 2].max()) / 2
    nearest = np.argsort(np.abs((many[:, 0] + many[:, 2]) / 2 - middle), kind="stable")[:3]
    top, bottom = np.median(many[nearest, 1]), np.median(many[nearest, 3])
    low, high = few[:, 1].min(), few[:, 3].max()
    reach = _REACH * max(bottom - top, 1)
    near = many[:, 0].min() - reach <= middle <= many[:, 2].max() + reach
    return bool(near and min(high, bottom) - max(low, top) > 0.6 * max(high - low, 1))


def _add_small_marks(
    lines: list[list[int]], boxes: NDArray[np.intp], small: list[int], height: float
) -> None:
    """Dots, bars and commas join the line that they lie on or just above."""
    for index in small:
        left, top, right, bottom = boxes[index].tolist()
        if max(right - left, bottom - top) > _MOST_HEIGHT_SHARE * height:
            continue
        for line in lines:
            around = boxes[line]
            near = np.abs((around[:, 0] + around[:, 2]) / 2 - (left + right) / 2) < 1.5 * height
            if not near.any():
                continue
            tops, bottoms = around[near, 1].min(), around[near, 3].max()
            if tops - 0.4 * height <= (top + bottom) / 2 <= bottoms + 0.3 * height:
                line.append(index)
                break


def _line(members: list[int], found: Components) -> Line:
    ordered = sorted(members, key=lambda i: int(found.boxes[i, 0]))
    heights = (found.boxes[ordered, 3] - found.boxes[ordered, 1]).astype(float)
    tall = heights[heights >= 0.5 * np.quantile(heights, 0.9)]
    return Line(tuple(ordered), float(np.quantile(tall, 0.6)), Box.around([found.box(i) for i in ordered]))
