"""A line → pieces, and the runs of neighbouring pieces that may be characters: over-segmentation.

Components are cut wherever two characters may touch, more often than they do. Which pieces belong together is left to
the networks (R. Casey, E. Lecolinet, "A survey of methods and strategies in character segmentation", PAMI 18(7), 1996).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.pages.components import Box, Components
from app.pages.lines import Line
from app.pages.seams import parts_between
from app.recognition.normalize import Ink

_STACKED_SHARE = 0.65
"""Of the narrower one's width: components that lie so much above each other are one character."""

_MOST_STACKED = 2.5
"""Areas of a line's components together, in areas of the line; writing has up to 1.2."""

MAX_PIECES = 6
"""Pieces of one character."""

_MOST_WIDTH = 1.7
"""Width of a character, in heights of the line."""

_MOST_INNER_GAP, _WIDE, _MOST_WIDE_GAP = 0.4, 1.1, 0.1
"""Free columns inside a character, in heights of the line; and inside one that is wider than so many heights."""


@dataclass(frozen=True)
class Segment:
    """Pieces `start` to `end` (exclusive) taken as one character.

    Attributes:
        box: in pixels of the page.
        crop: its own ink, and nobody else's.
        gap_before, gap_after: free columns to the next ink, in heights of the line; below 0 where it overlaps.
        cut_before, cut_after: ink that was cut through to part it from its neighbours, in stroke widths.
        inner_gap: the widest free column range inside, in heights of the line.
        whole: width of the component that it begins in, in heights of the line.
    """

    start: int
    end: int
    box: Box
    crop: Ink
    gap_before: float
    gap_after: float
    cut_before: float
    cut_after: float
    inner_gap: float
    whole: float

    @property
    def stands_alone(self) -> bool:
        """Whether it was neither cut from its neighbours nor put together from what lies apart."""
        return self.cut_before == self.cut_after == 0 and self.inner_gap <= 0

    def parted(self, places: Sequence[float]) -> "list[Segment]":
        """Parted upright where there is least ink between neighbouring `places` of the page: where no cut parts it."""
        columns = [0]
        for first, second in pairwise(place - self.box.x for place in places):
            left = min(max(round(first), columns[-1]) + 1, self.box.width - 1)
            right = min(max(round(second), left + 1), self.box.width)
            columns.append(left + int(self.crop[:, left:right].sum(axis=0, dtype=int).argmin()))
        return [self._part(left, right) for left, right in pairwise([*columns, self.box.width])]

    def _part(self, left: int, right: int) -> "Segment":
        crop = self.crop[:, left:right]
        box = _tight(crop > 0, self.box.x + left, self.box.y)
        if box is None:
            return self
        y, x = box.y - self.box.y, box.x - self.box.x - left
        return replace(self, box=box, crop=crop[y : y + box.height, x : x + box.width])


@dataclass(frozen=True)
class Pieces:
    """A line in pieces, from left to right.

    Attributes:
        line: what was cut.
        ink: uint8 (H, W), in the line's box.
        owner: int16 (H, W); piece number + 1, 0 for paper.
        boxes: of the pieces.
        cuts: ink that the cut before each goes through, in stroke widths; 0 where nothing was cut.
        wholes: width of the components they were cut from, in heights of the line.
    """

    line: Line
    ink: Ink
    owner: NDArray[np.int16]
    boxes: tuple[Box, ...]
    cuts: tuple[float, ...]
    wholes: tuple[float, ...]

    def __len__(self) -> int:
        return len(self.boxes)

    @cached_property
    def gaps(self) -> NDArray[np.intp]:
        """(N - 1,): free columns before each piece but the first, in pixels; below 0 where it overlaps others."""
        reached = np.maximum.accumulate([box.right for box in self.boxes])
        return np.asarray(np.array([box.x for box in self.boxes])[1:] - reached[:-1])


class _Part(NamedTuple):
    """A part of a component: its mask in the box of the `whole`, its own box, the ink cut through before it."""

    mask: NDArray[np.bool_]
    box: Box
    whole: Box
    cut: float


def cut_line(line: Line, found: Components, ink: Ink, stroke_px: float) -> Pieces:
    """Cut a line into pieces, ordered by where they begin; none where everything lies over everything else."""
    box = line.box
    window = np.s_[box.y : box.bottom, box.x : box.right]
    labels, inside = found.labels[window], ink[window]
    parts: list[_Part] = []
    stacks = [(group, Box.around([found.box(i) for i in group])) for group in _stacks(line, found)]
    if sum(around.width * around.height for _, around in stacks) > _MOST_STACKED * box.width * box.height:
        return _numbered(line, inside, [])
    for group, around in stacks:
        place = np.s_[around.y - box.y : around.bottom - box.y, around.x - box.x : around.right - box.x]
        mask = np.isin(labels[place], [i + 1 for i in group])
        for part, cut in parts_between(mask, inside[place], line.height, stroke_px):
            own = _tight(part, around.x, around.y)
            if own is not None:
                parts.append(_Part(part, own, around, cut))
    return _numbered(line, inside, parts)


def segments_of(pieces: Pieces) -> list[Segment]:
    """Every run of neighbouring pieces that is narrow enough to be one character, and wider ones without a gap."""
    found = []
    most = _MOST_WIDTH * pieces.line.height
    for start in range(len(pieces)):
        for end in range(start + 1, min(start + MAX_PIECES, len(pieces)) + 1):
            box = Box.around(list(pieces.boxes[start:end]))
            if end - start > 1 and box.width > most:
                break
            segment = _segment(pieces, start, end, box)
            is_wide = box.width > _WIDE * pieces.line.height
            if segment.inner_gap > (_MOST_WIDE_GAP if is_wide else _MOST_INNER_GAP):
                break
            found.append(segment)
    return found + [_segment(pieces, *run, box) for run, box in _wide_runs(pieces, most)]


def _wide_runs(pieces: Pieces, least: float) -> list[tuple[tuple[int, int], Box]]:
    """All pieces between two gaps, where they are too wide for one character: several that touch."""
    edges = [0, *(np.flatnonzero(pieces.gaps > 0) + 1).tolist(), len(pieces)]
    runs = [(start, end) for start, end in pairwise(edges) if end - start > 1]
    boxes = [Box.around(list(pieces.boxes[start:end])) for start, end in runs]
    return [(run, box) for run, box in zip(runs, boxes, strict=True) if box.width > least]


def _segment(pieces: Pieces, start: int, end: int, box: Box) -> Segment:
    line, boxes, height = pieces.line.box, pieces.boxes, pieces.line.height
    place = np.s_[box.y - line.y : box.bottom - line.y, box.x - line.x : box.right - line.x]
    owner = pieces.owner[place]
    crop = np.where((owner > start) & (owner <= end), pieces.ink[place], 0).astype(np.uint8)
    before = max((b.right for b in boxes[:start]), default=None)
    after = min((b.x for b in boxes[end:]), default=None)
    reached, inner = boxes[start].right, 0
    for other in boxes[start + 1 : end]:
        inner, reached = max(inner, other.x - reached), max(reached, other.right)
    return Segment(
        start=start,
        end=end,
        box=box,
        crop=crop,
        gap_before=2.0 if before is None else (box.x - before) / height,
        gap_after=2.0 if after is None else (after - box.right) / height,
        cut_before=pieces.cuts[start],
        cut_after=pieces.cuts[end] if end < len(pieces) else 0.0,
        inner_gap=inner / height,
        whole=pieces.wholes[start],
    )


def _stacks(line: Line, found: Components) -> list[list[int]]:
    """Components that lie above each other, as the dot of an i and the bar of a 5 do, taken together."""
    stacks: list[list[int]] = []
    spans: list[tuple[int, int]] = []
    for index in line.members:
        box = found.box(index)
        for place, (left, right) in enumerate(spans):
            shared = min(right, box.right) - max(left, box.x)
            if (
                shared >= _STACKED_SHARE * min(right - left, box.width)
                and max(right, box.right) - min(left, box.x) <= _MOST_WIDTH * line.height
            ):
                stacks[place].append(index)
                spans[place] = (min(left, box.x), max(right, box.right))
                break
        else:
            stacks.append([index])
            spans.append((box.x, box.right))
    return stacks


def _tight(part: NDArray[np.bool_], x: int, y: int) -> Box | None:
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not rows.size:
        return None
    width, height = int(columns[-1] - columns[0]) + 1, int(rows[-1] - rows[0]) + 1
    return Box(x + int(columns[0]), y + int(rows[0]), width, height)


def _numbered(line: Line, ink: Ink, parts: list[_Part]) -> Pieces:
    """Give every part its number, from left to right."""
    owner = np.zeros(ink.shape, np.int16)
    ordered = sorted(parts, key=lambda part: part.box.x)
    for number, part in enumerate(ordered, start=1):
        y, x = part.whole.y - line.box.y, part.whole.x - line.box.x
        owner[y : y + part.mask.shape[0], x : x + part.mask.shape[1]][part.mask] = number
    return Pieces(
        line,
        ink,
        owner,
        tuple(part.box for part in ordered),
        tuple(part.cut for part in ordered),
        tuple(part.whole.width / line.height for part in ordered),
    )
