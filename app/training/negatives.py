"""Ink that is no character: scribbles, symbols, two characters at once. What a network must learn to refuse.

Everything is drawn here, at random and reproducibly. Each kind comes in two families of shapes, one to train on and
one kept apart for `evaluate`, so that a network is judged on strangers that it has never met.
"""

from collections.abc import Sequence

import numpy as np

from app.recognition.normalize import GLYPH_BOX_PX, crop_to_ink
from app.recognition.strokes import Strokes
from app.training.glyphs import PEN_WIDTHS_PX, Glyphs, Shown, glyphs_from_images, shown_from_strokes
from app.training.inventions import INVENTIONS
from app.training.scribbles import HELD_OUT_SCRIBBLES, SCRIBBLES
from app.training.shapes import Points, Shape
from app.training.symbols import HELD_OUT_SYMBOLS, SYMBOLS

UNLIKE_DIGITS = frozenset("AEFHKMNPRWXdehkmnwx")
"""Letters that nobody takes for a digit: the digit network learns to refuse them."""

_SYMBOLS = (*SYMBOLS.values(), *INVENTIONS * 9)
"""More than forty with a name, and nearly as many inventions."""

_PAIR_SHAPE = (40, 84)


def negative_glyphs(
    characters: Glyphs, drawings: Sequence[Strokes], count: int, seed: int, *, held_out: bool = False
) -> dict[str, Shown]:
    """`count` glyphs of each kind, drawn but for the pairs of pictures.

    They are "scribbles", "symbols", "pairs" of `characters` (N, 28, 28) side by side, and "drawn pairs" of `drawings`.
    """
    rng = np.random.default_rng((seed, held_out))
    scribbles = HELD_OUT_SCRIBBLES if held_out else SCRIBBLES
    symbols = tuple(HELD_OUT_SYMBOLS.values()) if held_out else _SYMBOLS
    return {
        "scribbles": _drawn(scribbles, count, rng),
        "symbols": _drawn(symbols, count, rng),
        "pairs": Shown(glyphs_from_images(pairs(characters, count, rng))),
        "drawn pairs": _drawn_pairs(drawings, count, rng),
    }


def pairs(characters: Glyphs, count: int, rng: np.random.Generator) -> Glyphs:
    """Ink (count, 40, 84): two of `characters` side by side, one to eight pixels apart, a little up or down."""
    height, width = _PAIR_SHAPE
    pictures = np.zeros((count, height, width), np.uint8)
    for picture in pictures:
        left, right = (crop_to_ink(characters[i]) for i in rng.integers(len(characters), size=2))
        x = 28 - left.shape[1]
        for ink in (left, right):
            y = (height - ink.shape[0]) // 2 + int(rng.integers(-4, 5))
            picture[y : y + ink.shape[0], x : x + ink.shape[1]] = ink
            x += ink.shape[1] + int(rng.integers(1, 9))
    return pictures


def _drawn_pairs(drawings: Sequence[Strokes], count: int, rng: np.random.Generator) -> Shown:
    """Two of `drawings` at a time, as large as each other, side by side, the ink of whatever pen a little apart."""
    pens = rng.uniform(*PEN_WIDTHS_PX, count)
    return shown_from_strokes([_drawn_pair(drawings, pen, rng) for pen in pens], pens)


def _drawn_pair(drawings: Sequence[Strokes], pen_width_px: float, rng: np.random.Generator) -> Strokes:
    """Each 1 tall or wide; one after the other, a little up or down."""
    sized = []
    for i in rng.integers(len(drawings), size=2):
        points = np.concatenate(drawings[i])
        size = max(float(np.ptp(points, axis=0).max()), 1e-6)
        centre = (points.min(axis=0) + points.max(axis=0)) / 2
        sized.append([(stroke - centre) / size for stroke in drawings[i]])
    widths = [float(np.ptp(np.concatenate(strokes)[:, 0])) for strokes in sized]
    air, drop = rng.uniform(0.05, 0.4), rng.uniform(-0.2, 0.2)
    pen = pen_width_px / (GLYPH_BOX_PX - pen_width_px)  # of the longer side of the two together
    gap = max((air + pen * sum(widths)) / (1 - pen), air + pen * (1 + abs(drop)))
    places = [(-widths[0] / 2, 0), (widths[1] / 2 + gap, drop)]
    return tuple(
        (stroke + np.array(place)).astype(np.float32)
        for strokes, place in zip(sized, places, strict=True)
        for stroke in strokes
    )


def _drawn(shapes: Sequence[Shape], count: int, rng: np.random.Generator) -> Shown:
    """`count` drawings of shapes picked at random, each tilted and stretched."""
    return _shown([_tilted(shapes[int(rng.integers(len(shapes)))](rng), rng) for _ in range(count)], rng)


def _shown(drawings: Sequence[Strokes], rng: np.random.Generator) -> Shown:
    """Each drawn with another pen."""
    return shown_from_strokes(drawings, rng.uniform(*PEN_WIDTHS_PX, len(drawings)))


def _tilted(strokes: list[Points], rng: np.random.Generator) -> Strokes:
    """Turned by up to 12°, stretched by up to a third, the points a little off."""
    angle, stretch = np.radians(rng.uniform(-12, 12)), np.exp(rng.uniform(-0.3, 0.3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [[stretch], [1]]
    return tuple(((s + rng.normal(0, 0.012, s.shape)) @ turn.T).astype(np.float32) for s in strokes)
