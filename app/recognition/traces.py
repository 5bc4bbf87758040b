"""Strokes → trace: how a drawing was made, laid over its glyph. A picture has none.

A u and a v, an a and a 9, a 5 and an S look alike when written in haste, and are made by different movements. The maps
of direction are an idea of Graham, "Sparse arrays of signatures for online character recognition" (2013), in their
plainest form.
"""

import numpy as np
from numpy.typing import NDArray

from app.recognition.normalize import GLYPH_BOX_PX, GLYPH_PX, Glyph
from app.recognition.strokes import PEN_WIDTH_PX, Strokes

Trace = NDArray[np.float32]
"""(28, 28, 3) in [-1, 1], 0 where the pen was not: to the right, downwards, when (-1 the first point, 1 the last)."""

TRACE_CHANNELS = 3

_PIXELS = GLYPH_PX * GLYPH_PX
_NEIGHBOURS = np.array([[0], [1], [GLYPH_PX], [GLYPH_PX + 1]])
_STEP_PX = 0.5
_LEAST_LENGTH_PX = 0.25
"""Of the path in a pixel: with less, its values fade towards 0."""


def trace_from_strokes(strokes: Strokes, glyph: Glyph, pen_width_px: float = PEN_WIDTH_PX) -> Trace:
    """The trace of strokes that were rendered with this pen and became this glyph.

    Each pixel holds the mean over the path that passes it, multiples of 1/127, so that int8 loses nothing.
    """
    path, steps, times = _path(_placed(strokes, glyph, pen_width_px))
    lengths = np.hypot(steps[0], steps[1])
    corner = np.clip(np.floor(path), 0, GLYPH_PX - 2)
    across, down = np.clip(path - corner, 0, 1)
    shares = np.stack([(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down])
    values = np.stack([lengths, steps[0], steps[1], times * lengths])
    pixels = (corner[1] * GLYPH_PX + corner[0]).astype(np.intp) + _NEIGHBOURS
    places = pixels + _PIXELS * np.arange(len(values))[:, None, None]
    sums = np.bincount(places.ravel(), (values[:, None] * shares).ravel(), _PIXELS * len(values))
    passed, *maps = sums.reshape(-1, GLYPH_PX, GLYPH_PX)
    trace = np.stack(maps, axis=-1) / np.maximum(passed, _LEAST_LENGTH_PX)[..., None]
    return np.asarray((trace * 127).round().astype(np.float32) * np.float32(1 / 127))


def with_trace(glyph: Glyph, strokes: Strokes | None) -> NDArray[np.float32]:
    """(28, 28, 4): a glyph and how it was drawn, if it was."""
    if strokes is None:
        return np.pad(glyph, ((0, 0), (0, 0), (0, TRACE_CHANNELS)))
    return np.concatenate([glyph, trace_from_strokes(strokes, glyph)], axis=-1)


def _placed(strokes: Strokes, glyph: Glyph, pen_width_px: float) -> list[NDArray[np.float32]]:
    """Strokes in pixels of the glyph, whose upper left ink is the pen's edge at their upper left point."""
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    scale = (GLYPH_BOX_PX - pen_width_px) / max(float((points.max(axis=0) - low).max()), 1e-6)
    ink = glyph[..., 0] > 0
    corner = np.array([ink.any(axis=0).argmax(), ink.any(axis=1).argmax()], np.float32)
    return [(stroke - low) * scale + corner + (pen_width_px - 1) / 2 for stroke in strokes]


def _path(
    strokes: list[NDArray[np.float32]],
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """The pen's way in short steps: the middle of each (2, n), what it moves by (2, n), when (n,)."""
    starts = np.concatenate([stroke[:-1] for stroke in strokes]).T
    moves = np.concatenate([stroke[1:] - stroke[:-1] for stroke in strokes]).T
    lengths = np.hypot(moves[0], moves[1])
    parts = np.ceil(lengths / _STEP_PX).astype(np.intp)
    move = np.repeat(np.arange(len(parts)), parts)
    number = np.arange(len(move)) - (parts.cumsum() - parts)[move]
    done = ((number + 0.5) / parts[move]).astype(np.float32)
    times = (lengths.cumsum() - lengths)[move] + done * lengths[move]
    path = starts[:, move] + done * moves[:, move]
    return path, moves[:, move] / parts[move], 2 * times / max(float(lengths.sum()), 1e-6) - 1
