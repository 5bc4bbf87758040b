"""Lines of one writer's own characters, composed on a base line: what page reading is chosen and judged by.

Within a writer the sizes are true: the strokes keep their height, so that case can be told by it. Where the characters
stand is known for tablets on which people wrote on lines ("app:"); others are stood on the line as print does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from app.recognition.strokes import Strokes
from app.training.datasets import Labelled

LINE_HEIGHT_PX = 48
"""Height of the writer's capitals and digits."""

_DESCENDERS: Mapping[str, float] = {"g": 0.45, "j": 0.3, "p": 0.45, "q": 0.45, "y": 0.45}
"""Share of the height that hangs below the base line."""

_PLAIN_TALL = tuple("ABDEFGHNRT0123456789")


@dataclass(frozen=True)
class Spacing:
    """Gaps between characters, as shares of a capital's height, drawn uniformly; negative ones overlap."""

    least: float
    most: float


SEPARATED, TOUCHING = Spacing(0.12, 0.4), Spacing(-0.08, 0.0)

_MOST_OVERLAP = 0.25
"""Of the narrower one's width: nobody writes a 1 into a 0."""


@dataclass(frozen=True)
class ComposedLine:
    """A line and what it says: ink, uint8 (H, W); the box (left, top, right, bottom) of each character."""

    ink: NDArray[np.uint8]
    text: str
    boxes: tuple[tuple[float, float, float, float], ...]


class Writer:
    """One writer's characters, at their true sizes beside each other."""

    def __init__(self, data: Labelled) -> None:
        assert data.strokes is not None
        heights = [_extent(s)[1] for s in data.strokes]
        tall = [h for h, c in zip(heights, data.labels, strict=True) if c in _PLAIN_TALL]
        self.capital = float(np.median(tall or heights))
        self._by_character: dict[str, list[Strokes]] = {}
        for strokes, label in zip(data.strokes, data.labels, strict=True):
            self._by_character.setdefault(str(label), []).append(strokes)

    @property
    def characters(self) -> str:
        """What this writer can write."""
        return "".join(sorted(self._by_character))

    def pick(self, character: str, rng: np.random.Generator) -> Strokes:
        """One of the writer's drawings, in units of a capital's height, its box's left bottom corner at (0, 0)."""
        own = self._by_character[character]
        strokes = own[int(rng.integers(len(own)))]
        points = np.concatenate(strokes)
        corner = np.array([points[:, 0].min(), points[:, 1].max()], np.float32)
        drawn = tuple((s - corner) / self.capital for s in strokes)
        drop = _DESCENDERS.get(character, 0.0) * _extent(drawn)[1]
        return tuple(s + np.array([0, drop], np.float32) for s in drawn)

    def drawings(self, character: str, most: int, height_px: int, pen_px: float) -> list[NDArray[np.uint8]]:
        """The first `most` of the writer's drawings of a character as ink, uint8 (H, W), at their true sizes."""
        own = self._by_character.get(character, [])[:most]
        drawn = [tuple(stroke / self.capital for stroke in strokes) for strokes in own]
        return [_rendered([strokes], character, height_px, pen_px).ink for strokes in drawn]


def writers_of(data: Labelled, fewest: int = 20) -> dict[str, Writer]:
    """Every writer who has at least `fewest` samples."""
    assert data.writers is not None
    found = {}
    for writer in np.unique(data.writers):
        own = data.where(data.writers == writer)
        if len(own) >= fewest:
            found[str(writer)] = Writer(own)
    return found


def compose(
    writer: Writer,
    text: str,
    rng: np.random.Generator,
    spacing: Spacing = SEPARATED,
    *,
    pen_px: float | None = None,
    height_px: int = LINE_HEIGHT_PX,
) -> ComposedLine:
    """Write `text`, whose words are parted by single spaces, in one hand on one line."""
    placed: list[Strokes] = []
    x = 0.0
    for character in text:
        if character == " ":
            x += rng.uniform(0.6, 0.9)
            continue
        strokes = writer.pick(character, rng)
        if placed:
            narrower = min(_extent(strokes)[0], _extent(placed[-1])[0])
            x += max(rng.uniform(spacing.least, spacing.most), -_MOST_OVERLAP * narrower)
        placed.append(tuple(s + np.array([x, 0], np.float32) for s in strokes))
        x = max(x, float(np.concatenate(placed[-1])[:, 0].max()))
    pen = pen_px if pen_px is not None else float(rng.uniform(0.06, 0.12) * height_px)
    return _rendered(placed, text, height_px, pen)


def _rendered(placed: Sequence[Strokes], text: str, height_px: int, pen: float) -> ComposedLine:
    points = np.concatenate([p for strokes in placed for p in strokes])
    margin = pen + 12
    low = points.min(axis=0) * height_px - margin
    width, height = np.ceil((np.ptp(points, axis=0) * height_px) + 2 * margin).astype(int).tolist()
    raster = Image.new("L", (2 * width, 2 * height))
    draw = ImageDraw.Draw(raster)
    boxes = []
    for strokes in placed:
        moved = [stroke * height_px - low for stroke in strokes]
        for stroke in moved:
            _draw(draw, stroke * 2, 2 * pen)
        box = np.concatenate(moved)
        boxes.append((*(box.min(axis=0) - pen / 2).tolist(), *(box.max(axis=0) + pen / 2).tolist()))
    return ComposedLine(np.asarray(raster.reduce(2)), text, tuple(boxes))


def _draw(draw: ImageDraw.ImageDraw, points: NDArray[np.float32], pen: float) -> None:
    path = points.ravel().tolist()
    if len(points) > 1:
        draw.line(path, fill=255, width=max(1, round(pen)))
    for x, y in zip(path[::2], path[1::2], strict=True):
        draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=255)


def _extent(strokes: Strokes) -> tuple[float, float]:
    width, height = np.ptp(np.concatenate(strokes), axis=0).tolist()
    return width, max(height, 1e-3)
