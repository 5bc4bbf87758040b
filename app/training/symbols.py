"""Symbols with a name: what people draw that is neither a digit nor a letter."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from app.training.shapes import BOX, Points, Shape, arc, curve, fixed, line


def _star(_rng: np.random.Generator) -> list[Points]:
    angles = np.radians(-90 + 144 * np.arange(6))
    return [np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)]


def _heart(_rng: np.random.Generator) -> list[Points]:
    t = np.linspace(0, 2 * np.pi, 40)
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)) / 16
    return [np.stack([np.sin(t) ** 3, y], axis=1).astype(np.float32)]


def _arrow(rng: np.random.Generator) -> list[Points]:
    """Left, right or up; one that points down could be a t or a 1 upside down."""
    arrow = [line((0, 0.5), (1, 0.5)), line((0.65, 0.2), (1, 0.5), (0.65, 0.8))]
    turn = int(rng.integers(3))
    return arrow if turn == 0 else [1 - s if turn == 1 else (1 - s)[:, ::-1].copy() for s in arrow]


def _asterisk(rng: np.random.Generator) -> list[Points]:
    count = int(rng.integers(3, 5))
    angles = np.pi * np.arange(count) / count + rng.uniform(0, 0.5)
    return [line((np.cos(a), np.sin(a)), (-np.cos(a), -np.sin(a))) for a in angles]


def _sun(_rng: np.random.Generator) -> list[Points]:
    angles = np.pi * np.arange(8) / 4
    return [
        arc(0, 0, 0.5),
        *(line((0.65 * np.cos(a), 0.65 * np.sin(a)), (np.cos(a), np.sin(a))) for a in angles),
    ]


def _flower(_rng: np.random.Generator) -> list[Points]:
    angles = 2 * np.pi * np.arange(5) / 5
    petals = [arc(0.45 * float(np.cos(a)), 0.45 * float(np.sin(a)), 0.24) for a in angles]
    return [arc(0, 0, 0.2), *petals, line((0, 0.7), (0.05, 1.6))]


def _pentagram(rng: np.random.Generator) -> list[Points]:
    return [*_star(rng), arc(0, 0, 1.05)]


SYMBOLS: Mapping[str, Shape] = MappingProxyType(
    {
        "star": _star,
        "heart": _heart,
        "arrow": _arrow,
        "asterisk": _asterisk,
        "hash": fixed(
            line((0.35, 0), (0.25, 1)),
            line((0.75, 0), (0.65, 1)),
            line((0, 0.33), (1, 0.33)),
            line((0, 0.67), (1, 0.67)),
        ),
        "percent": fixed(arc(0.2, 0.2, 0.2), line((0.9, 0), (0.1, 1)), arc(0.8, 0.8, 0.2)),
        "equals": fixed(line((0, 0.3), (1, 0.3)), line((0, 0.7), (1, 0.7))),
        "dash": fixed(line((0, 0.5), (1, 0.5))),
        "dot": fixed(line((0, 0))),
        "question mark": fixed(
            arc(0.5, 0.3, 0.3, -180, 80),
            line((0.52, 0.6), (0.5, 0.75)),
            line((0.5, 0.98), (0.51, 1)),
        ),
        "smiley": fixed(
            arc(0.5, 0.5, 0.5),
            arc(0.33, 0.38, 0.03),
            arc(0.67, 0.38, 0.03),
            arc(0.5, 0.55, 0.25, 20, 160),
        ),
        "house": fixed(line((0, 0.45), (0, 1), (1, 1), (1, 0.45), (0.5, 0), (0, 0.45), (1, 0.45))),
        "crossed box": fixed(BOX, line((0, 0), (1, 1)), line((1, 0), (0, 1))),
        "infinity": fixed(arc(0.25, 0.5, 0.25, 0, 360), arc(0.75, 0.5, 0.25, 180, 540)),
        "divided by": fixed(line((0, 0.5), (1, 0.5)), arc(0.5, 0.15, 0.04), arc(0.5, 0.85, 0.04)),
        "at": fixed(arc(0.5, 0.5, 0.2), line((0.7, 0.3), (0.72, 0.7)), arc(0.5, 0.5, 0.45, -320, 0)),
        "wave": fixed(curve(np.array([(0, 0.6), (0.1, 0.5), (0.3, 0.2), (0.6, 0.8), (0.9, 0.5), (1, 0.4)]))),
        "quotes": fixed(line((0.2, 0), (0.15, 0.5)), line((0.6, 0), (0.55, 0.5))),
        "flower": _flower,
        "pentagram": _pentagram,
        "stick man": fixed(
            arc(0.5, 0.18, 0.18),
            line((0.5, 0.36), (0.5, 0.7)),
            line((0.15, 0.5), (0.85, 0.45)),
            line((0.2, 1), (0.5, 0.7), (0.8, 1)),
        ),
        "key": fixed(
            arc(0.2, 0.5, 0.2),
            line((0.4, 0.5), (1.2, 0.5)),
            line((0.9, 0.5), (0.9, 0.7)),
            line((1.1, 0.5), (1.1, 0.75)),
        ),
        "cup": fixed(line((0, 0), (0.1, 1), (0.7, 1), (0.8, 0), (0, 0)), arc(0.8, 0.45, 0.25, -80, 100)),
        "clock": fixed(arc(0.5, 0.5, 0.5), line((0.5, 0.2), (0.5, 0.5), (0.75, 0.6))),
        "ladder": fixed(
            line((0.3, 0), (0.2, 1)),
            line((0.7, 0), (0.8, 1)),
            *(line((0.26, y), (0.74, y)) for y in (0.15, 0.38, 0.62, 0.85)),
        ),
        "crossed circle": fixed(
            arc(0.5, 0.5, 0.5), line((0.15, 0.15), (0.85, 0.85)), line((0.85, 0.15), (0.15, 0.85))
        ),
        "target": fixed(arc(0.5, 0.5, 0.5), arc(0.5, 0.5, 0.25), arc(0.5, 0.5, 0.03)),
        "not equal": fixed(line((0, 0.3), (1, 0.3)), line((0, 0.7), (1, 0.7)), line((0.8, 0), (0.2, 1))),
        "plus or minus": fixed(
            line((0.5, 0), (0.5, 0.7)), line((0.1, 0.35), (0.9, 0.35)), line((0.1, 0.95), (0.9, 0.95))
        ),
        "brackets": fixed(line((0.3, 0), (0, 0), (0, 1), (0.3, 1)), line((0.7, 0), (1, 0), (1, 1), (0.7, 1))),
        "ticked box": fixed(BOX, line((0.2, 0.5), (0.45, 0.8), (1.1, -0.1))),
        "cloud": fixed(
            arc(0.25, 0.5, 0.25, 90, 270),
            arc(0.5, 0.3, 0.28, 190, 350),
            arc(0.85, 0.45, 0.28, 250, 450),
            line((0.25, 0.75), (0.85, 0.73)),
        ),
        "lightning": fixed(
            line((0.5, 0), (0, 0.6), (0.4, 0.55), (0.2, 1), (0.8, 0.35), (0.4, 0.4), (0.7, 0), (0.5, 0))
        ),
        "noughts and crosses": fixed(
            *(line((x, 0), (x, 1)) for x in (0.33, 0.67)),
            *(line((0, y), (1, y)) for y in (0.33, 0.67)),
            arc(0.5, 0.5, 0.1),
            line((0.05, 0.05), (0.25, 0.25)),
            line((0.25, 0.05), (0.05, 0.25)),
        ),
        "stairs": fixed(line((0, 1), (0, 0.75), (0.33, 0.75), (0.33, 0.4), (0.67, 0.4), (0.67, 0), (1, 0))),
        "eye": fixed(arc(0.5, 0.85, 0.6, 215, 325), arc(0.5, 0.15, 0.6, 35, 145), arc(0.5, 0.5, 0.15)),
        "ellipsis": fixed(line((0, 0)), line((0.5, 0)), line((1, 0))),
        "cat": fixed(
            arc(0.5, 0.6, 0.4),
            line((0.15, 0.4), (0.15, 0), (0.4, 0.2)),
            line((0.6, 0.2), (0.85, 0), (0.85, 0.4)),
            line((0.1, 0.65), (-0.2, 0.6)),
            line((0.9, 0.65), (1.2, 0.6)),
        ),
    }
)

HELD_OUT_SYMBOLS: Mapping[str, Shape] = MappingProxyType(
    {
        "sun": _sun,
        "envelope": fixed(
            line((0, 0), (1.4, 0), (1.4, 1), (0, 1), (0, 0)), line((0, 0), (0.7, 0.6), (1.4, 0))
        ),
        "window": fixed(BOX, line((0.5, 0), (0.5, 1)), line((0, 0.5), (1, 0.5))),
        "fish": fixed(
            arc(0.4, 0.5, 0.4, 0, 360, 0.6), line((0.8, 0.5), (1.1, 0.25), (1.1, 0.75), (0.8, 0.5))
        ),
        "tree": fixed(
            line((0.5, 1), (0.5, 0.8), (0, 0.8), (0.5, 0), (1, 0.8), (0.5, 0.8)),
            line((0.2, 0.5), (0.8, 0.5)),
        ),
        "double arrow": fixed(
            line((0, 0.5), (1, 0.5)),
            line((0.25, 0.25), (0, 0.5), (0.25, 0.75)),
            line((0.75, 0.25), (1, 0.5), (0.75, 0.75)),
        ),
        "nearly equal": fixed(
            *(
                curve(np.array([(0, y), (0.2, y - 0.15), (0.5, y), (0.8, y + 0.15), (1, y - 0.05)]))
                for y in (0.3, 0.7)
            )
        ),
        "cube": fixed(
            BOX,
            line((0, 0), (0.4, -0.4), (1.4, -0.4), (1.4, 0.6), (1, 1)),
            line((1, 0), (1.4, -0.4)),
        ),
        "note": fixed(
            arc(0.2, 0.9, 0.15),
            line((0.35, 0.9), (0.35, 0), (0.9, 0.1), (0.9, 0.95)),
            arc(0.75, 0.95, 0.15),
        ),
        "therefore": fixed(arc(0.5, 0.1, 0.08), arc(0.1, 0.8, 0.08), arc(0.9, 0.8, 0.08)),
    }
)
