"""A drawing as a page shows it: its strokes as SVG, or without strokes what the network saw."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.history.tables import Drawing
from app.recognition.pictures import pixels_from_bytes, png_data_url

MARGIN, PEN = 0.14, 0.07
"""Of the longer side of the ink: the paper around it, and the width of the line."""

SMALLEST = 20.0
"""Canvas units; a dot is not blown up to a blot."""

Points = Sequence[Sequence[float]]


@dataclass(frozen=True)
class LineDrawing:
    """`d` and `viewBox` of an SVG, and how wide its line is."""

    path: str
    view_box: str
    line_width: float


def line_drawing(drawing: Drawing) -> LineDrawing | None:
    """The strokes in a square around them; None where there are none."""
    if not drawing.strokes:
        return None
    xs, ys = zip(*((point[0], point[1]) for stroke in drawing.strokes for point in stroke), strict=True)
    side = max(max(xs) - min(xs), max(ys) - min(ys), SMALLEST)
    box = side * (1 + 2 * MARGIN)
    left, top = (min(xs) + max(xs) - box) / 2, (min(ys) + max(ys) - box) / 2
    path = "".join(map(_line, drawing.strokes))
    return LineDrawing(path, f"{left:.1f} {top:.1f} {box:.1f} {box:.1f}", round(side * PEN, 1))


def glyph_url(drawing: Drawing) -> str:
    """The 28×28 picture that the network saw, as a data URL."""
    return png_data_url(pixels_from_bytes(drawing.glyph))


def _line(points: Points) -> str:
    """A tap is a dot: a line of no length that is seen by its round ends."""
    (x, y), *rest = ((point[0], point[1]) for point in points)
    return f"M{x:g} {y:g}" + ("".join(f"L{x:g} {y:g}" for x, y in rest) or "h0.01")
