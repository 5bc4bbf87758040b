"""Ink that is no character: scribbles, symbols, two characters at once. What a network must learn to refuse.

Everything is drawn here, at random and reproducibly. Each kind comes in two families of shapes, one to train on and
one kept apart for `evaluate`, so that a network is judged on strangers that it has never met.
"""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.recognition.normalize import crop_to_ink
from app.recognition.strokes import Strokes
from app.training.glyphs import Glyphs, glyphs_from_images, glyphs_from_strokes

UNLIKE_DIGITS = frozenset("AEFHKMNPRWXdehkmnwx")
"""Letters that nobody takes for a digit: the digit network learns to refuse them."""

Points = NDArray[np.float32]
Shape = Callable[[np.random.Generator], list[Points]]

_PEN_WIDTHS_PX = (1.2, 3.8)
_PAIR_SHAPE = (40, 84)


def negative_glyphs(
    characters: Glyphs, count: int, seed: int, *, held_out: bool = False
) -> dict[str, Glyphs]:
    """`count` glyphs of each kind: "scribbles", "symbols", and "pairs" of `characters` (N, 28, 28) side by side."""
    rng = np.random.default_rng((seed, held_out))
    scribbles = _HELD_OUT_SCRIBBLES if held_out else _SCRIBBLES
    symbols = _HELD_OUT_SYMBOLS if held_out else _SYMBOLS
    return {
        "scribbles": _drawn(scribbles, count, rng),
        "symbols": _drawn(tuple(symbols.values()), count, rng),
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
    return glyphs_from_strokes(drawings, rng.uniform(*_PEN_WIDTHS_PX, count))


def _tilted(strokes: list[Points], rng: np.random.Generator) -> Strokes:
    """Turned by up to 12°, stretched by up to a third, the points a little off."""
    angle, stretch = np.radians(rng.uniform(-12, 12)), np.exp(rng.uniform(-0.3, 0.3))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * [[stretch], [1]]
    return tuple(((s + rng.normal(0, 0.012, s.shape)) @ turn.T).astype(np.float32) for s in strokes)


def _line(*points: tuple[float, float]) -> Points:
    return np.array(points, np.float32)


def _arc(x: float, y: float, radius: float, start: float = 0, end: float = 360, stretch: float = 1) -> Points:
    """Part of an ellipse, in degrees from the right, clockwise on a page where y grows downward."""
    angles = np.radians(np.linspace(start, end, 24))
    return np.stack([x + radius * np.cos(angles), y + stretch * radius * np.sin(angles)], axis=1).astype(
        np.float32
    )


def _curve(corners: NDArray[np.floating]) -> Points:
    """A smooth curve near `corners` (n, 2): quadratic B-spline."""
    middles = (corners[1:] + corners[:-1]) / 2
    t = np.linspace(0, 1, 8)[:, None]
    parts = [
        (1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b
        for a, c, b in zip(middles[:-1], corners[1:-1], middles[1:], strict=True)
    ]
    return np.asarray(np.concatenate(parts), np.float32)


def _wandering(rng: np.random.Generator) -> list[Points]:
    """A pen that wanders and turns back again and again."""
    return [_curve(rng.normal(0, 0.5, (int(rng.integers(16, 30)), 2)).cumsum(axis=0))]


def _zigzag(rng: np.random.Generator) -> list[Points]:
    """A pen that goes to and fro while it moves on."""
    count = int(rng.integers(7, 18))
    across = np.where(np.arange(count) % 2, 1.0, 0.0) + rng.normal(0, 0.15, count)
    along = np.linspace(0, rng.uniform(0.5, 1.8), count) + rng.normal(0, 0.04, count)
    columns = (across, along) if rng.random() < 0.5 else (along, across)
    corners = np.stack(columns, axis=1)
    return [_curve(corners) if rng.random() < 0.5 else corners.astype(np.float32)]


def _loops(rng: np.random.Generator) -> list[Points]:
    """A row of loops, like a telephone doodle."""
    t = np.linspace(0, 2 * np.pi * rng.uniform(3, 6), 120)
    wide, drift = rng.uniform(0.2, 0.6), rng.uniform(0.05, 0.16)
    return [
        np.stack([wide * np.cos(t) + drift * t, rng.uniform(0.4, 0.8) * np.sin(t)], axis=1).astype(np.float32)
    ]


def _splinters(rng: np.random.Generator) -> list[Points]:
    """Five to nine straight strokes thrown about."""
    return [
        rng.uniform(0, 1, (2, 2)).astype(np.float32) + _line((0, 0), (0.05, 0))
        for _ in range(rng.integers(5, 10))
    ]


def _crumple(rng: np.random.Generator) -> list[Points]:
    """One line through random corners: what a hand does to cross everything out."""
    return [_curve(rng.uniform(0, 1, (int(rng.integers(10, 24)), 2)))]


def _hatching(rng: np.random.Generator) -> list[Points]:
    """Parallel strokes, crossed by as many others half of the time."""
    count = int(rng.integers(4, 8))
    rows = [
        _line((0, y), (1, y)) + rng.normal(0, 0.04, (2, 2)).astype(np.float32)
        for y in np.linspace(0, 1, count)
    ]
    return rows + [row[:, ::-1] for row in rows] if rng.random() < 0.5 else rows


def _tangle(rng: np.random.Generator) -> list[Points]:
    """A Lissajous figure: a line that crosses itself many times in good order."""
    t = np.linspace(0, 2 * np.pi, 160)
    across, down = rng.permutation([3, 4, 5, 7])[:2]
    return [np.stack([np.sin(across * t + rng.uniform(0, 3)), np.sin(down * t)], axis=1).astype(np.float32)]


def _star(_rng: np.random.Generator) -> list[Points]:
    angles = np.radians(-90 + 144 * np.arange(6))
    return [np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)]


def _heart(_rng: np.random.Generator) -> list[Points]:
    t = np.linspace(0, 2 * np.pi, 40)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    return [np.stack([np.sin(t) ** 3, y], axis=1).astype(np.float32)]


def _arrow(rng: np.random.Generator) -> list[Points]:
    """Left, right or up; one that points down could be a t or a 1 upside down."""
    arrow = [_line((0, 0.5), (1, 0.5)), _line((0.65, 0.2), (1, 0.5), (0.65, 0.8))]
    turn = int(rng.integers(3))
    return arrow if turn == 0 else [1 - s if turn == 1 else (1 - s)[:, ::-1].copy() for s in arrow]


def _asterisk(rng: np.random.Generator) -> list[Points]:
    count = int(rng.integers(3, 5))
    angles = np.pi * np.arange(count) / count + rng.uniform(0, 0.5)
    return [_line((np.cos(a), np.sin(a)), (-np.cos(a), -np.sin(a))) for a in angles]


def _sun(_rng: np.random.Generator) -> list[Points]:
    angles = np.pi * np.arange(8) / 4
    return [
        _arc(0, 0, 0.5),
        *(_line((0.65 * np.cos(a), 0.65 * np.sin(a)), (np.cos(a), np.sin(a))) for a in angles),
    ]


def _fixed(*strokes: Points) -> Shape:
    return lambda _rng: list(strokes)


_SCRIBBLES: tuple[Shape, ...] = (_wandering, _zigzag, _loops, _splinters)
_HELD_OUT_SCRIBBLES: tuple[Shape, ...] = (_crumple, _hatching, _tangle)

_BOX = _line((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))

_SYMBOLS: Mapping[str, Shape] = MappingProxyType(
    {
        "star": _star,
        "heart": _heart,
        "arrow": _arrow,
        "asterisk": _asterisk,
        "hash": _fixed(
            _line((0.35, 0), (0.25, 1)),
            _line((0.75, 0), (0.65, 1)),
            _line((0, 0.33), (1, 0.33)),
            _line((0, 0.67), (1, 0.67)),
        ),
        "percent": _fixed(_arc(0.2, 0.2, 0.2), _line((0.9, 0), (0.1, 1)), _arc(0.8, 0.8, 0.2)),
        "equals": _fixed(_line((0, 0.3), (1, 0.3)), _line((0, 0.7), (1, 0.7))),
        "dash": _fixed(_line((0, 0.5), (1, 0.5))),
        "dot": _fixed(_line((0, 0))),
        "question mark": _fixed(
            _arc(0.5, 0.3, 0.3, -180, 80),
            _line((0.52, 0.6), (0.5, 0.75)),
            _line((0.5, 0.98), (0.51, 1)),
        ),
        "smiley": _fixed(
            _arc(0.5, 0.5, 0.5),
            _arc(0.33, 0.38, 0.03),
            _arc(0.67, 0.38, 0.03),
            _arc(0.5, 0.55, 0.25, 20, 160),
        ),
        "house": _fixed(_line((0, 0.45), (0, 1), (1, 1), (1, 0.45), (0.5, 0), (0, 0.45), (1, 0.45))),
        "crossed box": _fixed(_BOX, _line((0, 0), (1, 1)), _line((1, 0), (0, 1))),
        "infinity": _fixed(_arc(0.25, 0.5, 0.25, 0, 360), _arc(0.75, 0.5, 0.25, 180, 540)),
        "divided by": _fixed(_line((0, 0.5), (1, 0.5)), _arc(0.5, 0.15, 0.04), _arc(0.5, 0.85, 0.04)),
        "at": _fixed(_arc(0.5, 0.5, 0.2), _line((0.7, 0.3), (0.72, 0.7)), _arc(0.5, 0.5, 0.45, -320, 0)),
        "wave": _fixed(
            _curve(np.array([(0, 0.6), (0.1, 0.5), (0.3, 0.2), (0.6, 0.8), (0.9, 0.5), (1, 0.4)]))
        ),
        "quotes": _fixed(_line((0.2, 0), (0.15, 0.5)), _line((0.6, 0), (0.55, 0.5))),
    }
)

_HELD_OUT_SYMBOLS: Mapping[str, Shape] = MappingProxyType(
    {
        "sun": _sun,
        "envelope": _fixed(
            _line((0, 0), (1.4, 0), (1.4, 1), (0, 1), (0, 0)), _line((0, 0), (0.7, 0.6), (1.4, 0))
        ),
        "window": _fixed(_BOX, _line((0.5, 0), (0.5, 1)), _line((0, 0.5), (1, 0.5))),
        "fish": _fixed(
            _arc(0.4, 0.5, 0.4, 0, 360, 0.6), _line((0.8, 0.5), (1.1, 0.25), (1.1, 0.75), (0.8, 0.5))
        ),
        "tree": _fixed(
            _line((0.5, 1), (0.5, 0.8), (0, 0.8), (0.5, 0), (1, 0.8), (0.5, 0.8)),
            _line((0.2, 0.5), (0.8, 0.5)),
        ),
        "double arrow": _fixed(
            _line((0, 0.5), (1, 0.5)),
            _line((0.25, 0.25), (0, 0.5), (0.25, 0.75)),
            _line((0.75, 0.25), (1, 0.5), (0.75, 0.75)),
        ),
        "nearly equal": _fixed(
            *(
                _curve(np.array([(0, y), (0.2, y - 0.15), (0.5, y), (0.8, y + 0.15), (1, y - 0.05)]))
                for y in (0.3, 0.7)
            )
        ),
        "cube": _fixed(
            _BOX,
            _line((0, 0), (0.4, -0.4), (1.4, -0.4), (1.4, 0.6), (1, 1)),
            _line((1, 0), (1.4, -0.4)),
        ),
        "note": _fixed(
            _arc(0.2, 0.9, 0.15),
            _line((0.35, 0.9), (0.35, 0), (0.9, 0.1), (0.9, 0.95)),
            _arc(0.75, 0.95, 0.15),
        ),
        "therefore": _fixed(_arc(0.5, 0.1, 0.08), _arc(0.1, 0.8, 0.08), _arc(0.9, 0.8, 0.08)),
    }
)
