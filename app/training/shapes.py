"""What drawings are made of: lines, arcs, smooth curves. In any unit; y grows downward."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
Shape = Callable[[np.random.Generator], list[Points]]


def line(*points: tuple[float, float]) -> Points:
    """Straight strokes from point to point."""
    return np.array(points, np.float32)


def arc(x: float, y: float, radius: float, start: float = 0, end: float = 360, stretch: float = 1) -> Points:
    """Part of an ellipse, in degrees from the right, clockwise on a page where y grows downward."""
    angles = np.radians(np.linspace(start, end, 24))
    return np.stack([x + radius * np.cos(angles), y + stretch * radius * np.sin(angles)], axis=1).astype(
        np.float32
    )


def curve(corners: NDArray[np.floating]) -> Points:
    """A smooth curve near `corners` (n, 2): quadratic B-spline."""
    middles = (corners[1:] + corners[:-1]) / 2
    t = np.linspace(0, 1, 8)[:, None]
    parts = [
        (1 - t) ** 2 * a + 2 * t * (1 - t) * c + t**2 * b
        for a, c, b in zip(middles[:-1], corners[1:-1], middles[1:], strict=True)
    ]
    return np.asarray(np.concatenate(parts), np.float32)


def fixed(*strokes: Points) -> Shape:
    """The shape that is always these strokes."""
    return lambda _rng: list(strokes)


BOX = line((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))
