"""Strips of digits, apart, near and touching: what the network of `app.pages.strips` learns from.

Digits of one hand and one pen are set side by side on a line that may rise or fall, overlapping as in hurried writing.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.strips import INK_PX, strip_picture, usual_rows
from app.recognition.alphabets import DIGITS
from app.recognition.normalize import Ink
from app.training.datasets import Labelled
from app.training.lines import Writer

_HEIGHT_PX = 40
"""Of the writer's capitals."""

_PENS_PX = (2.4, 3.4, 4.6)
_MOST_DRAWINGS, _FEWEST_DIGITS = 14, 6
_MOST_HEIGHTS = 2.25
_INK_LEVEL = 40

_LENGTHS = (1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 7, 8, 9, 10)

_SPACING_SHARES: Mapping[str, float] = {"touching": 0.45, "apart": 0.2, "mixed": 0.35}
_WHEN_TOUCHING: Mapping[str, float] = {"overlapping": 0.65, "slid": 0.25, "near": 0.1}
_WHEN_MIXED = ("apart", "near", "overlapping", "slid")

_GAPS: Mapping[str, tuple[float, float]] = {
    "apart": (0.05, 0.5),
    "near": (-0.05, 0.15),
    "overlapping": (-0.22, 0.0),
}
"""Between the boxes of two digits, in heights."""

_MOST_SLANT, _DRIFT, _UNEVEN_PX = 0.25, 0.02, 2.5
"""Of the writing either way; how much the line rises or falls, and how far each digit is from it, usually."""

_SIZES, _TALL_SHARE, _TALLER, _HANGS = (0.75, 1.25), 0.08, (1.25, 1.8), 1.25
"""Of digits on a line; some are taller still, and what is taller than the others by this factor hangs below."""

Shelf = Mapping[str, Sequence[Ink]]
"""By digit: drawings of one hand and one pen, tightly cropped."""


def shelves_of(writers: Iterable[Writer]) -> list[Shelf]:
    """The digits of every hand that has written enough of them, with several pens."""
    known = [(writer, [d for d in DIGITS if d in writer.characters]) for writer in writers]
    return [
        {digit: _kept(writer.drawings(digit, _MOST_DRAWINGS, _HEIGHT_PX, pen)) for digit in digits}
        for writer, digits in known
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


def strip_of(shelf: Shelf, rng: np.random.Generator) -> tuple[NDArray[np.uint8], str]:
    """A strip as the network sees it, uint8 (28, W), and the digits on it."""
    known = list(shelf)
    text = [known[int(rng.integers(len(known)))] for _ in range(int(rng.choice(_LENGTHS)))]
    drawings = [_varied(shelf[d][int(rng.integers(len(shelf[d])))], rng) for d in text]
    ink = _sheared(_side_by_side(drawings, rng), rng.uniform(-_MOST_SLANT, _MOST_SLANT))
    return strip_picture(ink, INK_PX / ink.shape[0]), "".join(text)


def _varied(ink: Ink, rng: np.random.Generator) -> Ink:
    size = rng.uniform(*_SIZES)
    tall = rng.uniform(*_TALLER) if rng.random() < _TALL_SHARE else 1.0
    return _scaled(ink, size * tall, size * rng.uniform(0.9, 1.1))


def _side_by_side(drawings: Sequence[Ink], rng: np.random.Generator) -> Ink:
    """On one base line, more or less, as tall as most of it is; what is much taller hangs below, and is cropped."""
    spacing = _one_of(_SPACING_SHARES, rng)
    lefts = [0]
    for before, after in pairwise(drawings):
        lefts.append(round(lefts[-1] + _offset(before, after, spacing, rng)))
    lefts = [left - min(lefts) for left in lefts]
    drift = rng.normal(0, _DRIFT)
    usual = float(np.median([len(ink) for ink in drawings]))
    hanging = [max(len(ink) - _HANGS * usual, 0.0) for ink in drawings]
    bottoms = [rng.normal(0, _UNEVEN_PX) + drift * x + below for x, below in zip(lefts, hanging, strict=True)]
    tops = [round(bottom - ink.shape[0]) for bottom, ink in zip(bottoms, drawings, strict=True)]
    tops = [top - min(tops) for top in tops]
    height = max(top + ink.shape[0] for top, ink in zip(tops, drawings, strict=True))
    width = max(left + ink.shape[1] for left, ink in zip(lefts, drawings, strict=True))
    strip = np.zeros((height, width), np.uint8)
    for top, left, ink in zip(tops, lefts, drawings, strict=True):
        place = strip[top : top + ink.shape[0], left : left + ink.shape[1]]
        np.maximum(place, ink, out=place)
    ends = [top + ink.shape[0] for top, ink in zip(tops, drawings, strict=True)]
    first, last = usual_rows(tops, ends)
    return strip[max(first, 0) : last]


def _offset(before: Ink, after: Ink, spacing: str, rng: np.random.Generator) -> float:
    """How far to the right of a drawing the next one begins."""
    if spacing == "touching":
        spacing = _one_of(_WHEN_TOUCHING, rng)
    elif spacing == "mixed":
        spacing = str(rng.choice(_WHEN_MIXED))
    width = before.shape[1]
    if spacing == "slid":
        return float(max(width - _free_columns(before, after) + 1 - rng.uniform(0, 3), 0.5 * width))
    gap = float(rng.uniform(*_GAPS[spacing])) * _HEIGHT_PX
    return float(width + max(gap, -0.28 * min(width, after.shape[1]) - 3))


def _one_of(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    return str(rng.choice(list(shares), p=list(shares.values())))


def _free_columns(before: Ink, after: Ink) -> int:
    """How far the second may be slid into the first, both on one base line, until their ink meets."""
    height = min(len(before), len(after))
    right, left = before[-height:] >= 80, after[-height:] >= 80
    behind = np.where(right.any(axis=1), right[:, ::-1].argmax(axis=1), 99)
    ahead = np.where(left.any(axis=1), left.argmax(axis=1), 99)
    return int((behind + ahead).min())


def _sheared(ink: Ink, slant: float) -> Ink:
    height, width = ink.shape
    margin = int(abs(slant) * height) + 1
    picture = Image.fromarray(np.pad(ink, ((0, 0), (margin, margin))))
    matrix = (1, slant, -slant * height / 2, 0, 1, 0)
    size = (width + 2 * margin, height)
    sheared = np.asarray(picture.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR))
    cut = _tight(sheared)
    return ink if cut is None else cut


def _scaled(ink: Ink, tall: float, wide: float) -> Ink:
    size = (max(2, round(ink.shape[1] * wide)), max(2, round(ink.shape[0] * tall)))
    return np.asarray(Image.fromarray(np.ascontiguousarray(ink)).resize(size, Image.Resampling.BICUBIC))


def _tight(ink: Ink) -> Ink | None:
    rows, columns = (np.flatnonzero((ink >= _INK_LEVEL).any(axis=axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else None
