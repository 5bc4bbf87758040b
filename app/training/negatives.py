"""Ink that is no character: scribbles, symbols, two characters at once. What a network must learn to refuse.

Everything is drawn here, at random and reproducibly. Each kind comes in two families of shapes, one to train on and
one kept apart for `evaluate`, so that a network is judged on strangers that it has never met.
"""

from collections.abc import Sequence

import numpy as np

from app.recognition.normalize import crop_to_ink
from app.recognition.strokes import Strokes
from app.training.glyphs import PEN_WIDTHS_PX, Glyphs, glyphs_from_images, glyphs_from_strokes
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
    characters: Glyphs, count: int, seed: int, *, held_out: bool = False
) -> dict[str, Glyphs]:
    """`count` glyphs of each kind: "scribbles", "symbols", and "pairs" of `characters` (N, 28, 28) side by side."""
    rng = np.random.default_rng((seed, held_out))
    scribbles = HELD_OUT_SCRIBBLES if held_out else SCRIBBLES
    symbols = tuple(HELD_OUT_SYMBOLS.values()) if held_out else _SYMBOLS
    return {
        "scribbles": _drawn(scribbles, count, rng),
        "symbols": _drawn(symbols, count, rng),
        "pairs": glyphs_from_images(pairs(characters, count, rng)),
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


def _drawn(shapes: Sequence[Shape], count: int, rng: np.random.Generator) -> Glyphs:
    """`count` drawings of shapes picked at random, each tilted, stretched and drawn with another pen."""
    drawings = [_tilted(shapes[int(rng.integers(len(shapes)))](rng), rng) for _ in range(count)]
    return glyphs_from_strokes(drawings, rng.uniform(*PEN_WIDTHS_PX, count))


def _tilted(strokes: list[Points], rng: np.random.Generator) -> Strokes:
    """Turned by up to 12°, stretched by up to a third, the points a little off."""
    angle, stretch = np.radians(rng.uniform(-12, 12)), np.exp(rng.uniform(-0.3, 0.3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [[stretch], [1]]
    return tuple(((s + rng.normal(0, 0.012, s.shape)) @ turn.T).astype(np.float32) for s in strokes)
