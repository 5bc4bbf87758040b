"""Symbols that have no name: put together at random, so that a network meets more kinds than anyone could list."""

import numpy as np

from app.training.shapes import BOX, Points, Shape, arc, line

_MIRROR = np.array([-1, 1], np.float32)


def contraption(rng: np.random.Generator) -> list[Points]:
    """Five to eight parts in a heap: a picture of nothing in particular."""
    return [_part(rng, rng.uniform(0.15, 0.5)) + _place(rng, 0, 1) for _ in range(rng.integers(5, 9))]


def emblem(rng: np.random.Generator) -> list[Points]:
    """A closed frame with two to four parts in it: what signs, faces, dials and boxes have in common.

    Not one: a ring with a line in it is somebody's 0 or Q.
    """
    frames = [1.1 * arc(0, 0, 1, stretch=rng.uniform(0.7, 1.3)), 2.4 * BOX - 1.2, 1.2 * polygon(rng)]
    inside = [_part(rng, rng.uniform(0.25, 0.9)) + _place(rng, -0.4, 0.4) for _ in range(rng.integers(2, 5))]
    return [frames[int(rng.integers(3))].astype(np.float32), *inside]


def mirrored(rng: np.random.Generator) -> list[Points]:
    """Three to five parts and their images in an upright mirror, like a plane, a plant or a mask.

    Not fewer: two lines and their images are an M, a W or an H.
    """
    half = [_part(rng, rng.uniform(0.2, 0.6)) + _place(rng, 0.2, 1) for _ in range(rng.integers(3, 6))]
    return [*half, *(part * _MIRROR for part in half)]


def row(rng: np.random.Generator) -> list[Points]:
    """One small part three to five times, side by side or in a ring: like ∴ or a string of beads.

    Never one above the other: thick beads become an I.
    """
    count, part = int(rng.integers(3, 6)), _part(rng, rng.uniform(0.1, 0.25))
    angles = 2 * np.pi * np.arange(count) / count
    beads = np.stack([np.linspace(-1, 1, count), np.zeros(count)], axis=1)
    ring = np.stack([np.sin(angles), -np.cos(angles)], axis=1)
    places = beads if rng.random() < 0.4 else ring
    return [part + place.astype(np.float32) for place in places]


def polygon(rng: np.random.Generator) -> Points:
    """Five to eight corners on a circle, sometimes every other one drawn in: a wheel with dents."""
    count, dent = int(rng.integers(5, 9)), rng.uniform(0.45, 1) if rng.random() < 0.5 else 1.0
    corners = 2 * count if dent < 1 else count
    angles = 2 * np.pi * np.arange(corners + 1) / corners + rng.uniform(0, np.pi)
    radii = np.where(np.arange(corners + 1) % 2, dent, 1.0)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1).astype(np.float32)


INVENTIONS: tuple[Shape, ...] = (contraption, emblem, mirrored, row)


def _part(rng: np.random.Generator, size: float) -> Points:
    """A line, an arc, a ring, a box, a polygon or a zigzag around (0, 0), `size` being half its extent."""
    start, span = rng.uniform(0, 360), rng.uniform(100, 300)
    part = (
        line((-size, 0), (size, 0)),
        line((0, -size), (0, size)),
        line((-size, size), (size, -size)),
        arc(0, 0, size, start, start + span),
        arc(0, 0, size, stretch=rng.uniform(0.6, 1.4)),
        size * (2 * BOX - 1),
        size * polygon(rng),
        line((-size, 0), (-size / 3, -size), (size / 3, size), (size, 0)),
    )[int(rng.integers(8))]
    return np.asarray(part, np.float32)


def _place(rng: np.random.Generator, low: float, high: float) -> Points:
    return rng.uniform(low, high, 2).astype(np.float32)
