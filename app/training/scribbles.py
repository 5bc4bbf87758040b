"""Scribbles: what a hand does that writes nothing."""

import numpy as np

from app.training.shapes import Points, Shape, curve, line


def _wandering(rng: np.random.Generator) -> list[Points]:
    """A pen that wanders and turns back again and again."""
    return [curve(rng.normal(0, 0.5, (int(rng.integers(16, 30)), 2)).cumsum(axis=0))]


def _zigzag(rng: np.random.Generator) -> list[Points]:
    """A pen that goes to and fro while it moves on."""
    count = int(rng.integers(7, 18))
    across = np.where(np.arange(count) % 2, 1.0, 0.0) + rng.normal(0, 0.15, count)
    along = np.linspace(0, rng.uniform(0.5, 1.8), count) + rng.normal(0, 0.04, count)
    columns = (across, along) if rng.random() < 0.5 else (along, across)
    corners = np.stack(columns, axis=1)
    return [curve(corners) if rng.random() < 0.5 else corners.astype(np.float32)]


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
        rng.uniform(0, 1, (2, 2)).astype(np.float32) + line((0, 0), (0.05, 0))
        for _ in range(rng.integers(5, 10))
    ]


def _spiral(rng: np.random.Generator) -> list[Points]:
    """Two and a half to five turns, which no character has."""
    t = np.linspace(0, 2 * np.pi * rng.uniform(2.5, 5), 160)
    radius = np.linspace(rng.uniform(0, 0.2), 1, len(t)) * rng.choice((-1, 1))
    return [
        np.stack([radius * np.cos(t), rng.uniform(0.6, 1.2) * radius * np.sin(t)], axis=1).astype(np.float32)
    ]


def _scrawl(rng: np.random.Generator) -> list[Points]:
    """Four to seven short bent strokes, one over the other."""
    return [
        curve(rng.uniform(0, 1, 2) + rng.normal(0, 0.25, (int(rng.integers(4, 8)), 2)).cumsum(axis=0))
        for _ in range(rng.integers(4, 8))
    ]


def _rose(rng: np.random.Generator) -> list[Points]:
    """A rose curve, three to eight petals through one point."""
    petals = int(rng.integers(3, 6))
    t = np.linspace(0, 2 * np.pi, 160)
    radius = np.cos(petals * t + rng.uniform(0, 3)) + rng.uniform(0, 0.3)
    return [np.stack([radius * np.cos(t), radius * np.sin(t)], axis=1).astype(np.float32)]


def _smudge(rng: np.random.Generator) -> list[Points]:
    """An area filled by going to and fro."""
    count = int(rng.integers(22, 40))
    along = np.linspace(-1, 1, count)
    reach = np.sqrt(1 - 0.95 * along**2) * np.where(np.arange(count) % 2, 1, -1) * rng.uniform(0.5, 1.2)
    return [np.stack([reach + rng.normal(0, 0.08, count), along], axis=1).astype(np.float32)]


def _crumple(rng: np.random.Generator) -> list[Points]:
    """One line through random corners: what a hand does to cross everything out."""
    return [curve(rng.uniform(0, 1, (int(rng.integers(10, 24)), 2)))]


def _hatching(rng: np.random.Generator) -> list[Points]:
    """Parallel strokes, crossed by as many others half of the time."""
    count = int(rng.integers(4, 8))
    rows = [
        line((0, y), (1, y)) + rng.normal(0, 0.04, (2, 2)).astype(np.float32)
        for y in np.linspace(0, 1, count)
    ]
    return rows + [row[:, ::-1] for row in rows] if rng.random() < 0.5 else rows


def _tangle(rng: np.random.Generator) -> list[Points]:
    """A Lissajous figure: a line that crosses itself many times in good order."""
    t = np.linspace(0, 2 * np.pi, 160)
    across, down = rng.permutation([3, 4, 5, 7])[:2]
    return [np.stack([np.sin(across * t + rng.uniform(0, 3)), np.sin(down * t)], axis=1).astype(np.float32)]


SCRIBBLES: tuple[Shape, ...] = (
    _wandering,
    _zigzag,
    _loops,
    _splinters,
    _spiral,
    _scrawl,
    _rose,
    _smudge,
)
HELD_OUT_SCRIBBLES: tuple[Shape, ...] = (_crumple, _hatching, _tangle)
