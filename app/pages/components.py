"""Which pixels of a picture hang together: connected components, found by runs of rows instead of pixel by pixel."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels: left, top, width, height."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row below it."""
        return self.y + self.height

    @property
    def centre_x(self) -> float:
        """The middle column."""
        return self.x + self.width / 2

    @property
    def centre_y(self) -> float:
        """The middle row."""
        return self.y + self.height / 2

    @staticmethod
    def around(boxes: "list[Box]") -> "Box":
        """The smallest box that holds all `boxes`, of which there is at least one."""
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
        return Box(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Components:
    """The 8-connected components of a mask.

    Attributes:
        labels: int32 (H, W); 0 is paper, component i is i + 1.
        boxes: int (N, 4); left, top, right, bottom, the latter two exclusive.
        masses: int (N,); pixels of each.
    """

    labels: NDArray[np.int32]
    boxes: NDArray[np.intp]
    masses: NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.masses)

    def box(self, index: int) -> Box:
        """The box of a component."""
        left, top, right, bottom = self.boxes[index].tolist()
        return Box(left, top, right - left, bottom - top)


def connected_components(mask: NDArray[np.bool_]) -> Components:
    """Number the 8-connected regions of `mask` (H, W)."""
    height, width = mask.shape
    starts, ends = _runs(mask)
    group = _groups(starts, ends, width + 2)
    rows, lefts, rights = starts // (width + 2), starts % (width + 2), ends % (width + 2)
    count = int(group.max()) + 1 if group.size else 0
    boxes = np.empty((count, 4), np.intp)
    boxes[:, :2], boxes[:, 2:] = max(height, width), 0
    for column, values, extreme in (
        (0, lefts, np.minimum),
        (1, rows, np.minimum),
        (2, rights, np.maximum),
        (3, rows + 1, np.maximum),
    ):
        extreme.at(boxes[:, column], group, values)
    masses = np.bincount(group, rights - lefts, count).astype(np.intp)
    return Components(_painted(mask, group, rights - lefts), boxes, masses)


def _runs(mask: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Where runs of True start and end (exclusive), as positions in rows that are two pixels longer."""
    padded = np.zeros((mask.shape[0], mask.shape[1] + 2), np.int8)
    padded[:, :-2] = mask
    steps = np.diff(padded.ravel(), prepend=np.int8(0))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)


def _groups(starts: NDArray[np.intp], ends: NDArray[np.intp], stride: int) -> NDArray[np.intp]:
    """The component of each run, numbered from 0 in reading order of their first runs."""
    first = np.searchsorted(ends, starts + stride, side="left")
    last = np.searchsorted(starts, ends + stride, side="right")
    num_below = np.maximum(last - first, 0)
    upper = np.repeat(np.arange(len(starts)), num_below)
    lower = np.arange(len(upper)) - np.repeat(np.cumsum(num_below) - num_below, num_below) + first[upper]
    group = np.arange(len(starts))
    while True:
        least = np.minimum(group[upper], group[lower])
        if np.array_equal(least, group[upper]) and np.array_equal(least, group[lower]):
            break
        for side in (upper, lower):
            np.minimum.at(group, group[side], least)
        while not np.array_equal(group, group[group]):
            group = group[group]
    return np.asarray(np.unique(group, return_inverse=True)[1])


def _painted(
    mask: NDArray[np.bool_], group: NDArray[np.intp], lengths: NDArray[np.intp]
) -> NDArray[np.int32]:
    labels = np.zeros(mask.shape, np.int32)
    labels[mask] = np.repeat((group + 1).astype(np.int32), lengths)
    return labels
