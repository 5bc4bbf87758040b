"""Strokes → ink. A drawing is rendered here, at one pen width, whatever pen or screen it was drawn with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.recognition.errors import NoUsableStroke, TooManyPoints
from app.recognition.normalize import GLYPH_BOX_PX, Ink

Strokes = tuple[NDArray[np.float32], ...]
"""Pen-down to pen-up, one array (n, 2) of x, y each; y grows downward; any unit, the same for all."""

RASTER_SCALE = 4
"""Raster pixels to one pixel of the 20×20 glyph box: room to anti-alias when the ink is normalised."""

PEN_WIDTH_PX = 2.4
"""Pen width in pixels of the glyph box; MNIST's strokes are 2 to 3 wide."""


@dataclass(frozen=True)
class StrokeLimits:
    """Most points and strokes of one drawing; 0 turns a limit off."""

    max_points: int = 10_000
    max_strokes: int = 500


def parse_strokes(value: object, limits: StrokeLimits) -> Strokes:
    """Read `[[[x, y, t?, pressure?], …], …]` as it comes from JSON; only x and y are used.

    Raises NoUsableStroke when it has another shape, holds no point or a number that is not finite,
    TooManyPoints when it exceeds `limits`.
    """
    if not isinstance(value, list):
        raise NoUsableStroke("Strokes must be a list of strokes, each a list of [x, y] points.")
    if limits.max_strokes and len(value) > limits.max_strokes:
        raise TooManyPoints(
            "A drawing may have %(most)s strokes; this one has %(count)s.",
            most=limits.max_strokes,
            count=len(value),
        )
    num_points = sum(len(stroke) for stroke in value if isinstance(stroke, list))
    if limits.max_points and num_points > limits.max_points:
        raise TooManyPoints(
            "A drawing may have %(most)s points; this one has %(count)s.",
            most=limits.max_points,
            count=num_points,
        )
    strokes = tuple(_parse_stroke(stroke) for stroke in value if stroke != [])
    if not strokes:
        raise NoUsableStroke("There is no stroke in this drawing. Draw something and try again.")
    return strokes


def _parse_stroke(value: object) -> NDArray[np.float32]:
    if not isinstance(value, list):
        raise NoUsableStroke("Each stroke must be a list of [x, y] points.")
    for point in value:
        if not isinstance(point, list) or not 2 <= len(point) <= 4:
            raise NoUsableStroke(
                "A point must be [x, y], [x, y, t] or [x, y, t, pressure], not %(given)s.",
                given=str(point)[:40],
            )
        if type(point[0]) not in (int, float) or type(point[1]) not in (int, float):
            raise NoUsableStroke("Coordinates must be numbers, not %(given)s.", given=str(point)[:40])
        if not (abs(point[0]) <= 1e6 and abs(point[1]) <= 1e6):  # refuses NaN as well
            raise NoUsableStroke(
                "Coordinates must be finite and below a million, not %(given)s.", given=str(point)[:40]
            )
    return np.array([point[:2] for point in value], dtype=np.float32)


def ink_from_strokes(
    strokes: Strokes, pen_width_px: float = PEN_WIDTH_PX, raster_scale: float = RASTER_SCALE
) -> Ink:
    """Render strokes so that the drawing, pen included, just fits the glyph box, `raster_scale` times enlarged.

    Args:
        strokes: at least one point in all; a stroke of one point is a dot.
        pen_width_px: pen width in pixels of the glyph box.
        raster_scale: pixels to one pixel of the glyph box; at 1 the ink is as jagged as in a tiny drawing program.

    Returns:
        ink, uint8 (H, W), the longer side about `GLYPH_BOX_PX * raster_scale`.
    """
    points = np.concatenate(strokes)
    low = points.min(axis=0)
    extent = points.max(axis=0) - low
    pen = pen_width_px * raster_scale
    scale = (GLYPH_BOX_PX * raster_scale - pen) / max(float(extent.max()), 1e-6)
    width, height = (np.ceil(extent * scale + pen).astype(int) + 2).tolist()
    raster = Image.new("L", (width, height))
    draw = ImageDraw.Draw(raster)
    for stroke in strokes:
        _draw_stroke(draw, (stroke - low) * scale + pen / 2 + 0.5, pen)
    return np.asarray(raster)


def _draw_stroke(draw: ImageDraw.ImageDraw, points: NDArray[np.float32], pen: float) -> None:
    """Draw one polyline with round joins and caps."""
    path = points.ravel().tolist()
    if len(points) > 1:
        draw.line(path, fill=255, width=max(1, round(pen)))
    radius = pen / 2
    for x, y in zip(path[::2], path[1::2], strict=True):
        draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
