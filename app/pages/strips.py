"""Digits read together: a network sees strips of a line, and says at every place which digit is there, if any.

It need not know where one digit ends and the next begins, so what cuts cannot part is no harder for it. It was trained
with CTC by `app.training.strips`. What it says between two cuts is evidence on what lies there, beside that of the
networks for single characters.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.components import Box
from app.pages.ctc import NONE, Columns, aligned, log_of_one, of_several
from app.pages.segment import Pieces, Segment
from app.recognition.alphabets import DIGITS
from app.recognition.engine import Engine, LiteRTEngine
from app.recognition.normalize import Ink

TRAINED = Path(__file__).parent / "strips.tflite"

STRIP_PX = 28
"""Height of what the network sees."""

WIDTHS_PX = (64, 128, 192, 256, 320)
"""A strip is filled up to one of these."""

COLUMN_PX = 2
"""The network answers once for so many columns."""

INK_PX, _SIDE_PX = 24, 3
"""Height of the ink in a strip, and the paper at its sides."""

_SPARE = 0.4
"""Above and below what most pieces reach, as a share of their height: more than that is left out."""

_WORD_GAP = 0.6
"""Free columns between two strips, in heights of the line."""

_LEAST_HEIGHT = 0.5
"""Of the line's: what is lower, as a dash is, is not made as tall as a digit."""

_LEAST_SEVERAL, _LEAST_PX = 0.05, 6
"""Probability of several digits from which on it is asked which, and the height: a speck says anything."""


@dataclass(frozen=True)
class Strip:
    """What the network says of the pieces `start` to `end` (exclusive) of a line; column i is at left + i * step."""

    start: int
    end: int
    columns: Columns
    left: float
    step: float

    def between(self, left: float, right: float) -> tuple[int, int]:
        """The columns between two places of the page: the first, and the one after the last.

        No digit that is held for several columns is parted: it belongs to the side where most of it is.
        """
        places = [(x - self.left) / self.step + 0.5 for x in (left, right)]
        first, last = (self.edges[int(min(max(place, 0.0), len(self.columns)))] for place in places)
        return first, last

    @cached_property
    def edges(self) -> list[int]:
        """For every place between two columns, the nearest one at which no digit is held."""
        said = self.columns.argmax(axis=1)
        is_held = np.concatenate([[False], (said[1:] == said[:-1]) & (said[1:] != NONE), [False]])
        free = np.flatnonzero(~is_held)
        return [int(free[np.abs(free - edge).argmin()]) for edge in range(len(is_held))]


@dataclass(frozen=True)
class Said:
    """What the strips of a line say of its segments.

    Attributes:
        ones: float64 (N, 10); logarithms of the probabilities that a segment is each digit and nothing else.
        several: by segment, the probabilities of texts of two digits or more; only of what stands alone.
        strips: of the line, from left to right.
        bounds: float64 (N + 1,); where on the page each piece begins.
    """

    ones: NDArray[np.float64]
    several: Mapping[int, Mapping[str, float]]
    strips: tuple[Strip, ...]
    bounds: NDArray[np.float64]

    def places(self, segment: Segment, text: str) -> list[float]:
        """Where on the page each digit of a text is, if the segment says it."""
        strip = next(s for s in self.strips if s.start <= segment.start < s.end)
        first, last = strip.between(self.bounds[segment.start], self.bounds[segment.end])
        return [strip.left + (first + at) * strip.step for at in aligned(strip.columns[first:last], text)]


def strip_picture(ink: Ink, scale: float) -> NDArray[np.uint8]:
    """Ink as the network sees it, uint8 (28, W): scaled, with paper at its sides, in the middle of the height."""
    height, width = (max(1, round(side * scale)) for side in ink.shape)
    picture = Image.fromarray(np.ascontiguousarray(ink))
    small = np.asarray(
        picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0), np.float32
    )
    strip = np.zeros((STRIP_PX, width + 2 * _SIDE_PX), np.uint8)
    top = (STRIP_PX - height) // 2
    strip[top : top + height, _SIDE_PX : _SIDE_PX + width] = small * (255 / max(float(small.max()), 1.0))
    return strip


def usual_rows(tops: Sequence[float], bottoms: Sequence[float]) -> tuple[int, int]:
    """The rows between which most digits of a strip lie, and a little to spare; `tops` and `bottoms` are theirs."""
    top, bottom = float(np.median(tops)), float(np.median(bottoms))
    spare = _SPARE * (bottom - top)
    return round(top - spare), round(bottom + spare)


def hear_strips(lines: Sequence[tuple[Pieces, list[Segment]]]) -> list[Said]:
    """Show all strips of a page's lines to the network."""
    cut = [_cut(pieces) for pieces, _ in lines]
    answers = iter(_answers([picture for strips in cut for _, picture in strips]))
    return [
        _said(pieces, segments, tuple(replace(strip, columns=next(answers)) for strip, _ in strips))
        for (pieces, segments), strips in zip(lines, cut, strict=True)
    ]


def _said(pieces: Pieces, segments: list[Segment], strips: tuple[Strip, ...]) -> Said:
    bounds = _bounds(pieces)
    by_piece = {piece: strip for strip in strips for piece in range(strip.start, strip.end)}
    ones = np.full((len(segments), len(DIGITS)), -np.inf)
    several = {}
    for number, segment in enumerate(segments):
        strip = by_piece[segment.start]
        if segment.end > strip.end:
            continue
        first, last = strip.between(bounds[segment.start], bounds[segment.end])
        columns = strip.columns[first:last]
        ones[number] = log_of_one(columns)
        if segment.stands_alone and segment.box.height >= _LEAST_PX:
            rest = 1 - float(np.exp(ones[number]).sum()) - math.exp(float(columns[:, NONE].sum()))
            if rest > _LEAST_SEVERAL:
                several[number] = of_several(columns)
    return Said(ones, several, strips, bounds)


def _bounds(pieces: Pieces) -> NDArray[np.float64]:
    """(N + 1,): where on the page each piece begins, halfway from the one before; the line's ends are endless."""
    lefts = np.array([box.x for box in pieces.boxes], np.float64)
    reached = np.maximum.accumulate([box.right for box in pieces.boxes])
    between = np.maximum.accumulate((reached[:-1] + lefts[1:]) / 2)
    return np.concatenate([[-np.inf], between, [np.inf]])


def _cut(pieces: Pieces) -> list[tuple[Strip, NDArray[np.uint8]]]:
    """The strips of a line, about which nothing is known yet, and their pictures."""
    strips = []
    for start, end in _spans(pieces):
        box = _box(pieces, start, end)
        scale = INK_PX / box.height
        y, x = box.y - pieces.line.box.y, box.x - pieces.line.box.x
        rows = slice(max(y, 0), y + box.height)
        owner, ink = (values[rows, x : x + box.width] for values in (pieces.owner, pieces.ink))
        own = np.where((owner > start) & (owner <= end), ink, 0).astype(np.uint8)
        own = np.pad(own, ((max(-y, 0), y + box.height - max(y, 0) - len(own)), (0, 0)))
        left = box.x - (_SIDE_PX - COLUMN_PX / 2) / scale
        strips.append(
            (Strip(start, end, np.empty((0, NONE + 1)), left, COLUMN_PX / scale), strip_picture(own, scale))
        )
    return strips


def _spans(pieces: Pieces) -> list[tuple[int, int]]:
    """First piece of each strip, and the one after its last: words, and parts of those that are too wide."""
    gaps = pieces.gaps
    edges = [0, *(np.flatnonzero(gaps > _WORD_GAP * pieces.line.height) + 1).tolist(), len(pieces)]
    spans, waiting = [], list(pairwise(edges))[::-1]
    while waiting:
        start, end = waiting.pop()
        if end - start == 1 or _width_px(pieces, start, end) <= WIDTHS_PX[-1]:
            spans.append((start, end))
        else:
            middle = start + 1 + int(gaps[start : end - 1].argmax())
            waiting += [(middle, end), (start, middle)]
    return spans


def _box(pieces: Pieces, start: int, end: int) -> Box:
    """Of a strip: as wide as its pieces, and as tall as most of them are, with a little to spare.

    What reaches far above or below, as the tail of a 7 does, would make all the others small.
    """
    wide = Box.around(list(pieces.boxes[start:end]))
    least = _LEAST_HEIGHT * pieces.line.height
    tall = [box for box in pieces.boxes[start:end] if box.height >= least]
    if not tall:
        middle = wide.y + wide.height / 2
        return Box(wide.x, round(middle - least / 2), wide.width, max(round(least), 1))
    top, bottom = usual_rows([box.y for box in tall], [box.bottom for box in tall])
    top, bottom = max(top, wide.y), min(bottom, wide.bottom)
    return Box(wide.x, top, wide.width, max(bottom - top, 1))


def _width_px(pieces: Pieces, start: int, end: int) -> float:
    box = _box(pieces, start, end)
    return box.width * INK_PX / box.height + 2 * _SIDE_PX


def _answers(pictures: Sequence[NDArray[np.uint8]]) -> list[Columns]:
    """What the network says of pictures (28, any); those of a width are shown together."""
    answers: list[Columns] = [np.empty((0, NONE + 1))] * len(pictures)
    widths = [next((w for w in WIDTHS_PX if picture.shape[1] <= w), WIDTHS_PX[-1]) for picture in pictures]
    for width in sorted(set(widths)):
        chosen = [number for number, own in enumerate(widths) if own == width]
        shown = np.zeros((len(chosen), STRIP_PX, width, 1), np.float32)
        for place, number in enumerate(chosen):
            picture = pictures[number][:, :width]
            shown[place, :, : picture.shape[1], 0] = picture / np.float32(255)
        for number, said in zip(chosen, _network().probabilities(shown), strict=True):
            answers[number] = np.log(said[0].clip(1e-6, 1), dtype=np.float64)
    return answers


@cache
def _network() -> Engine:
    return LiteRTEngine(TRAINED)
