"""Pages for the tests, drawn here: digits as strokes, on papers in poor light."""

import numpy as np
from PIL import Image, ImageDraw

from app.recognition.service import RecognitionRoom

DIGITS: dict[str, list[list[tuple[float, float]]]] = {
    "0": [[(0.5, 0), (0.15, 0.2), (0, 0.5), (0.15, 0.85), (0.4, 1), (0.65, 0.8), (0.75, 0.45), (0.6, 0.1), (0.45, 0)]],
    "1": [[(0.1, 0.2), (0.3, 0), (0.3, 1)]],
    "2": [[(0, 0.25), (0.15, 0.03), (0.45, 0), (0.6, 0.2), (0.5, 0.45), (0, 1), (0.7, 0.97)]],
    "3": [[(0, 0.08), (0.35, 0), (0.6, 0.2), (0.3, 0.45), (0.65, 0.65), (0.55, 0.92), (0.25, 1), (0, 0.9)]],
    "4": [[(0.35, 0), (0, 0.6), (0.7, 0.6)], [(0.5, 0.3), (0.48, 1)]],
    "5": [[(0.65, 0), (0.1, 0), (0.05, 0.45), (0.4, 0.38), (0.65, 0.65), (0.45, 0.97), (0, 0.95)]],
    "6": [[(0.5, 0), (0.15, 0.35), (0, 0.75), (0.2, 1), (0.5, 0.95), (0.6, 0.7), (0.35, 0.55), (0.05, 0.7)]],
    "7": [[(0, 0.02), (0.65, 0), (0.25, 1)]],
    "8": [[(0.55, 0.1), (0.3, 0), (0.08, 0.18), (0.3, 0.42), (0.6, 0.7), (0.4, 1), (0.1, 0.92), (0.05, 0.7),
           (0.5, 0.35), (0.58, 0.12)]],
    ".": [[(0, 0.94), (0.03, 0.98)]],
    "9": [[(0.6, 0.15), (0.3, 0), (0.02, 0.2), (0.15, 0.45), (0.5, 0.4), (0.6, 0.15), (0.58, 0.5), (0.4, 1)]],
}  # fmt: skip
"""Strokes of each digit, and of a point, in units of a digit's height."""


def page(
    *lines: str, height: int = 56, gap: float = 0.35, paper: int = 245, ink: int = 40, pen: int = 5
) -> Image.Image:
    """A page of digits below each other, in mode L; spaces are wide gaps."""
    width = round(max(len(line) for line in lines) * height * (0.75 + gap)) + 160
    picture = Image.new("L", (width, len(lines) * 2 * height + 100), paper)
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(lines):
        x, y = 80.0, 60 + number * 2 * height
        for digit in line:
            strokes = DIGITS.get(digit, [])
            for stroke in strokes:
                draw.line([(x + px * height, y + py * height) for px, py in stroke], ink, pen, joint="curve")
            right = max((px for stroke in strokes for px, _ in stroke), default=0.7)
            x += (right + gap) * height
    return picture


def ruled(picture: Image.Image, pitch: int, level: int = 150, *, squared: bool = False) -> Image.Image:
    """The same page on ruled or squared paper."""
    lined = picture.copy()
    draw = ImageDraw.Draw(lined)
    for y in range(17, picture.height, pitch):
        draw.line((0, y, picture.width, y), level, 2)
    for x in range(11, picture.width if squared else 0, pitch):
        draw.line((x, 0, x, picture.height), level, 2)
    return Image.fromarray(np.minimum(np.asarray(picture), np.asarray(lined)))


def shaded(picture: Image.Image, depth: float = 0.5) -> Image.Image:
    """With a shadow over the right half, and grain."""
    x = np.linspace(0, 1, picture.width)
    light = 1 - depth / (1 + np.exp(-40 * (x - 0.5)))
    grain = np.random.default_rng(0).normal(0, 3, (picture.height, picture.width))
    return Image.fromarray((np.asarray(picture) * light + grain).clip(0, 255).astype(np.uint8))


def loaded_room(folder: str) -> RecognitionRoom:
    """A room with the bundled networks."""
    from pathlib import Path

    room = RecognitionRoom(Path(folder))
    room.load()
    return room
