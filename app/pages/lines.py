"""Which components are writing, and which of them stand on one line."""

from collections.abc import Sequence
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

_FEWEST_BARS, _BAR_FILLED, _BAR_WIDTH, _BAR_UNEVENNESS = 4, 0.8, 0.25, 0.04
"""Of so many or more bars: the share of their boxes that is ink, their width and how unlike they are, in heights."""

_FEWEST_TANGLED, _MOST_OVERLAP = 5, 1.7
"""Of so many lines or more: their areas together, in areas of the page that they cover. Narrow writing has 1.4."""

_MOST_LARGE, _MOST_LINES = 3_000, 300
"""Marks that are no dots, and lines: a page with more of them is grass, or noise."""

_MOST_SMALL, _MOST_MEMBERS = 3_000, 600
"""Dots that are looked at, the largest; components of a line, for one that has more is dirt."""


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
    """Lines in reading order; none where there are more marks or lines than a page of writing has.

    Small marks that no line is near to are dirt and are left out, and so are the bars of printed combs.
    """
    heights = found.boxes[:, 3] - found.boxes[:, 1]
    widths = found.boxes[:, 2] - found.boxes[:, 0]
    is_written = (heights <= _MOST_HEIGHT_SHARE * height) & (widths <= _MOST_WIDTH_SHARE * height)
    is_written &= (np.maximum(widths, heights) <= 2 * height) | (widths <= _MOST_ASPECT * heights)
    large = np.flatnonzero((heights >= _LEAST_HEIGHT_SHARE * height) & is_written)
    if len(large) > _MOST_LARGE:
        return []
    begun = _begun(large[np.argsort(found.boxes[large, 0], kind="stable")].tolist(), found)
    if len(begun) > _MOST_LINES:
        return []
    lines = _joined(begun, found.boxes)
    small = np.flatnonzero(is_written & (heights < _LEAST_HEIGHT_SHARE * height))
    largest = np.sort(small[np.argsort(-found.masses[small], kind="stable")[:_MOST_SMALL]])
    _add_small_marks(lines, found, largest.tolist(), height)
    written = [line.members for line in lines if len(line.members) <= _MOST_MEMBERS]
    made = [_line(members, found) for members in written if not _is_comb(members, found)]
    return sorted(made, key=lambda line: (line.box.centre_y, line.box.x))


class _Growing:
    """A line that components still join, and its right end, which those that come next have to fit."""

    def __init__(self, index: int, box: Box) -> None:
        self.members: list[int] = []
        self.top, self.bottom, self.left, self.right = box.y, box.bottom, box.x, box.right
        self._tail: list[Box] = []
        self.add(index, box)

    def add(self, index: int, box: Box) -> None:
        """One more component."""
        self.members.append(index)
        self.top, self.bottom = min(self.top, box.y), max(self.bottom, box.bottom)
        self.left, self.right = min(self.left, box.x), max(self.right, box.right)
        self._tail = [*self._tail[-2:], box]
        self._end = max(other.right for other in self._tail)
        self._tops = median(other.y for other in self._tail)
        self._bottoms = median(other.bottom for other in self._tail)

    def join(self, other: "_Growing") -> None:
        """Take over what another line has."""
        self.members += other.members
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)
        self.left, self.right = min(self.left, other.left), max(self.right, other.right)

    def fit(self, box: Box) -> float:
        """Share of its height that a component has in common with the end of the line; 0 when out of reach."""
        if box.x - self._end > _REACH * max(box.height, self._bottoms - self._tops):
            return 0.0
        last = self._tail[-1]
        share = max(
            _shared(box.y, box.bottom, self._tops, self._bottoms),
            _shared(box.y, box.bottom, last.y, last.bottom),
        )
        return share if share >= _OVERLAP_SHARE else 0.0


def _begun(large: list[int], found: Components) -> list[_Growing]:
    """Lines of components that are given from left to right; no more than one above the most that a page may have."""
    lines: list[_Growing] = []
    for index in large:
        box = found.box(index)
        fits = [line.fit(box) for line in lines]
        best = max(range(len(lines)), key=fits.__getitem__, default=None)
        if best is not None and fits[best] > 0:
            lines[best].add(index, box)
        elif len(lines) <= _MOST_LINES:
            lines.append(_Growing(index, box))
    return lines


def _shared(top: float, bottom: float, other_top: float, other_bottom: float) -> float:
    """Of the lower one's height."""
    return (min(bottom, other_bottom) - max(top, other_top)) / max(
        min(bottom - top, other_bottom - other_top), 1
    )


def _joined(lines: list[_Growing], boxes: NDArray[np.intp]) -> list[_Growing]:
    """Lines that lie within each other's height over most of it are one: a raised character began a line of its own."""
    kept: list[_Growing] = []
    for line in sorted(lines, key=lambda line: len(line.members), reverse=True):
        for other in kept if len(line.members) <= 2 else ():
            is_beside = line.top < other.bottom and line.bottom > other.top
            if is_beside and _lies_within(boxes[line.members], boxes[other.members]):
                other.join(line)
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


def _add_small_marks(lines: list[_Growing], found: Components, small: list[int], height: float) -> None:
    """Dots, bars and commas join the line that they lie on or just above."""
    for index in small:
        box = found.box(index)
        if max(box.width, box.height) > _MOST_HEIGHT_SHARE * height:
            continue
        for line in lines:
            if len(line.members) <= _MOST_MEMBERS and _lies_on(box, found.boxes, line, height):
                line.add(index, box)
                break


def _lies_on(box: Box, boxes: NDArray[np.intp], line: _Growing, height: float) -> bool:
    """Whether a mark stands between the top and the bottom of the part of a line that it is near to."""
    above, below, aside = 0.4 * height, 0.3 * height, 1.5 * height
    if not (line.top - above <= box.centre_y <= line.bottom + below):
        return False
    if not (line.left - aside < box.centre_x < line.right + aside):
        return False
    around = boxes[line.members]
    near = np.abs((around[:, 0] + around[:, 2]) / 2 - box.centre_x) < aside
    if not near.any():
        return False
    return bool(around[near, 1].min() - above <= box.centre_y <= around[near, 3].max() + below)


def _is_comb(members: list[int], found: Components) -> bool:
    """Whether all that stands on a line, but for specks, are upright bars of one height, as only a ruler makes them."""
    heights = found.boxes[members, 3] - found.boxes[members, 1]
    bars = np.array(members)[heights > 0.5 * heights.max()]
    if len(bars) < _FEWEST_BARS:
        return False
    left, top, right, bottom = found.boxes[bars].T
    heights, widths = bottom - top, right - left
    most = _BAR_UNEVENNESS * heights.max()
    are_solid = (found.masses[bars] >= _BAR_FILLED * heights * widths).all()
    are_thin = (widths <= _BAR_WIDTH * heights).all()
    return bool(are_solid and are_thin and np.ptp(top) <= most and np.ptp(bottom) <= most)


def are_tangled(lines: Sequence[Line]) -> bool:
    """Whether lines run through each other everywhere, as blades of grass or hairs do, and writing never does."""
    if len(lines) < _FEWEST_TANGLED:
        return False
    around = Box.around([line.box for line in lines])
    covered = np.zeros((around.height, around.width), bool)
    for line in lines:
        y, x = line.box.y - around.y, line.box.x - around.x
        covered[y : y + line.box.height, x : x + line.box.width] = True
    areas = sum(line.box.width * line.box.height for line in lines)
    return bool(areas > _MOST_OVERLAP * np.count_nonzero(covered))


def _line(members: list[int], found: Components) -> Line:
    ordered = sorted(members, key=lambda i: int(found.boxes[i, 0]))
    heights = (found.boxes[ordered, 3] - found.boxes[ordered, 1]).astype(float)
    tall = heights[heights >= 0.5 * np.quantile(heights, 0.9)]
    return Line(tuple(ordered), float(np.quantile(tall, 0.6)), Box.around([found.box(i) for i in ordered]))
