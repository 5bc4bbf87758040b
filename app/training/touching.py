"""Pictures of two digits that touch, and of what is not two: what the network of `app.pages.pairs` learns from.

Digits of one hand and one pen are set side by side, overlapping as hurried writing does. Now and then there are more
than two, and a window is cut out of them, as cutting a line does: well, or through a digit.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.pairs import pair_glyph
from app.recognition.alphabets import DIGITS
from app.recognition.normalize import Ink
from app.training.datasets import Labelled
from app.training.lines import Hand

_HEIGHT_PX = 40
"""Of the writer's capitals."""

_PENS_PX = (2.4, 3.4, 4.6)
_MOST_DRAWINGS, _FEWEST_DIGITS = 14, 6
_MOST_HEIGHTS = 2.25
_INK_LEVEL = 40

_TOUCHING, _NEAR = (-0.22, -0.03), (0.02, 0.3)
"""Gaps of the pictures' boxes, in heights."""

_SLIDING_SHARE, _TOUCHING_SHARE, _PAIR_SHARE = 0.35, 0.92, 0.5
_WINDOW_SHARE, _MISCUT_SHARE = 0.8, 0.4
_OTHER_LENGTHS = (1, 2, 3, 3, 4)

Shelf = Mapping[str, Sequence[Ink]]
"""By digit: drawings of one hand and one pen, tightly cropped."""


class Example(NamedTuple):
    """A picture, uint8 (28, 40), its two digits (0 where there are not two), and whether there are two."""

    glyph: NDArray[np.uint8]
    first: int
    second: int
    is_pair: bool


def shelves_of(hands: Iterable[Hand]) -> list[Shelf]:
    """The digits of every hand that has written enough of them, with several pens."""
    known = [(hand, [d for d in DIGITS if d in hand.characters]) for hand in hands]
    return [
        {digit: _kept(hand.drawings(digit, _MOST_DRAWINGS, _HEIGHT_PX, pen)) for digit in digits}
        for hand, digits in known
        if len(digits) >= _FEWEST_DIGITS
        for pen in _PENS_PX
    ]


def _kept(drawings: Sequence[Ink]) -> list[Ink]:
    cut = (_tight(ink) for ink in drawings)
    return [ink for ink in cut if ink is not None and max(ink.shape) < _MOST_HEIGHTS * _HEIGHT_PX]


def shelf_of(data: Labelled) -> Shelf:
    """Images of digits, at twice their size, as if one hand had written them all."""
    shelf: dict[str, list[Ink]] = {}
    for image, label in zip(data.images, data.labels, strict=True):
        ink = _tight(image)
        if ink is not None:
            shelf.setdefault(str(label), []).append(_scaled(ink, 2.0, 2.0))
    return shelf


def example(shelf: Shelf, rng: np.random.Generator) -> Example:
    """One picture, half of the time of a pair and nothing else."""
    is_plain = rng.random() < _PAIR_SHARE
    count = 2 if is_plain else int(rng.choice(_OTHER_LENGTHS))
    known = list(shelf)
    text = [known[int(rng.integers(len(known)))] for _ in range(count)]
    drawings = [_varied(shelf[d][int(rng.integers(len(shelf[d])))], rng) for d in text]
    ink, spans = _side_by_side(drawings, rng)
    start, end, is_pair = 0, count, count == 2
    if count > 2 and rng.random() < _WINDOW_SHARE:
        is_pair = bool(rng.random() < 0.6)
        start = int(rng.integers(count - is_pair))
        end = start + 1 + is_pair
    left, right = _sides(spans, start, end, rng)
    if count > 1 and not is_plain and rng.random() < _MISCUT_SHARE:
        is_pair = False
        left, right = _miscut(spans[int(rng.integers(start, end))], left, right, rng)
    window = _sheared(_window(ink, left, right, rng), rng.uniform(-0.25, 0.25))
    if window is None or window.shape[0] < 6:
        return example(shelf, rng)
    glyph = (pair_glyph(window)[..., 0] * 255).round().astype(np.uint8)
    first, second = (int(text[start]), int(text[start + 1])) if is_pair else (0, 0)
    return Example(glyph, first, second, is_pair)


def _varied(ink: Ink, rng: np.random.Generator) -> Ink:
    size = rng.uniform(0.85, 1.2)
    return _scaled(ink, size, size * rng.uniform(0.9, 1.1))


def _side_by_side(drawings: Sequence[Ink], rng: np.random.Generator) -> tuple[Ink, list[tuple[int, int]]]:
    """On one base line, more or less; the ink and the columns of each."""
    is_touching = rng.random() < _TOUCHING_SHARE
    lefts = [0]
    for before, after in pairwise(drawings):
        lefts.append(round(lefts[-1] + _offset(before, after, is_touching, rng)))
    lefts = [left - min(lefts) for left in lefts]
    bottoms = [rng.normal(0, 1.5) for _ in drawings]
    tops = [round(bottom - ink.shape[0]) for bottom, ink in zip(bottoms, drawings, strict=True)]
    tops = [top - min(tops) for top in tops]
    spans = [(left, left + ink.shape[1]) for left, ink in zip(lefts, drawings, strict=True)]
    height = max(top + ink.shape[0] for top, ink in zip(tops, drawings, strict=True))
    page = np.zeros((height, max(right for _, right in spans)), np.uint8)
    for top, (left, right), ink in zip(tops, spans, drawings, strict=True):
        place = page[top : top + ink.shape[0], left:right]
        np.maximum(place, ink, out=place)
    return page, spans


def _offset(before: Ink, after: Ink, is_touching: bool, rng: np.random.Generator) -> float:
    """How far to the right of a drawing the next one begins."""
    width = before.shape[1]
    if not is_touching:
        return float(width + rng.uniform(*_NEAR) * _HEIGHT_PX)
    if rng.random() < _SLIDING_SHARE:
        return float(max(width - _free_columns(before, after) + 1 - rng.uniform(0, 3), 0.5 * width))
    gap = rng.uniform(*_TOUCHING) * _HEIGHT_PX
    return float(width + max(gap, -0.25 * min(width, after.shape[1]) - 4))


def _free_columns(before: Ink, after: Ink) -> int:
    """How far the second may be slid into the first, both on one base line, until their ink meets."""
    height = min(len(before), len(after))
    right, left = before[-height:] >= 80, after[-height:] >= 80
    behind = np.where(right.any(axis=1), right[:, ::-1].argmax(axis=1), 99)
    ahead = np.where(left.any(axis=1), left.argmax(axis=1), 99)
    return int((behind + ahead).min())


def _sides(
    spans: Sequence[tuple[int, int]], start: int, end: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Columns between which the drawings `start` to `end` lie, the cuts about where neighbours meet."""
    left, right = 0.0, float(max(right for _, right in spans))
    if start > 0:
        left = (spans[start - 1][1] + spans[start][0]) / 2 + rng.uniform(-2, 2)
    if end < len(spans):
        right = (spans[end][0] + spans[end - 1][1]) / 2 + rng.uniform(-2, 2)
    return left, right


def _miscut(
    span: tuple[int, int], left: float, right: float, rng: np.random.Generator
) -> tuple[float, float]:
    """With one of the sides moved into a drawing."""
    column = span[0] + rng.uniform(0.3, 0.75) * (span[1] - span[0])
    return (column, right) if rng.random() < 0.5 else (left, column)


def _window(ink: Ink, left: float, right: float, rng: np.random.Generator) -> Ink | None:
    """What lies between two sides, which lean a little unless they are the edges."""
    rows = np.arange(ink.shape[0])[:, None] - ink.shape[0] / 2
    columns = np.arange(ink.shape[1])[None]
    first, second = rng.uniform(-0.15, 0.15, 2)
    inside = np.ones(ink.shape, bool)
    if left > 0:
        inside &= columns >= left + first * rows
    if right < ink.shape[1]:
        inside &= columns < right + second * rows
    return _tight(np.where(inside, ink, 0).astype(np.uint8))


def _sheared(ink: Ink | None, slant: float) -> Ink | None:
    if ink is None:
        return None
    height, width = ink.shape
    margin = int(abs(slant) * height) + 1
    picture = Image.fromarray(np.pad(ink, ((0, 0), (margin, margin))))
    matrix = (1, slant, -slant * height / 2, 0, 1, 0)
    size = (width + 2 * margin, height)
    return _tight(
        np.asarray(picture.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))
    )


def _scaled(ink: Ink, tall: float, wide: float) -> Ink:
    size = (max(2, round(ink.shape[1] * wide)), max(2, round(ink.shape[0] * tall)))
    return np.asarray(Image.fromarray(np.ascontiguousarray(ink)).resize(size, Image.Resampling.BICUBIC))


def _tight(ink: Ink) -> Ink | None:
    rows, columns = (np.flatnonzero((ink >= _INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else None
