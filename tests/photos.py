"""Photographs of pages with handwriting, composed here: a hand that shakes, paper with a shadow and grain."""

import io
import random
from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.browser.drawings import FOUR, SEVEN, THREE, ZERO, Drawing

ONE: Drawing = [[(128, 90), (150, 60), (148, 130), (146, 228)]]
DRAWINGS = {"0": ZERO, "1": ONE, "3": THREE, "4": FOUR, "7": SEVEN}
_PAD = 280


def photo(lines: Sequence[str], kind: str = "JPEG", glyph_px: int = 90, seed: int = 1) -> bytes:
    """A file with a photograph of these lines, made of the characters in `DRAWINGS` and spaces."""
    hand = random.Random(seed)
    size = (glyph_px * (max(map(len, lines)) + 2), round(glyph_px * (1.7 * len(lines) + 1.5)))
    page = Image.new("L", size, 255)
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            corner = (glyph_px * (column + 1), glyph_px * (0.8 + 1.7 * row))
            _draw(page, DRAWINGS.get(character, []), corner, glyph_px, hand)
    return _photographed(page.filter(ImageFilter.GaussianBlur(0.8)), kind, seed)


def _draw(
    page: Image.Image, drawing: Drawing, corner: tuple[float, float], glyph_px: int, hand: random.Random
) -> None:
    scale = glyph_px / _PAD * hand.uniform(1.0, 1.15)
    slant, lift = hand.uniform(-0.12, 0.12), hand.uniform(-0.05, 0.05) * glyph_px
    for stroke in drawing:
        points = [
            (
                corner[0] + (x + slant * (_PAD - y) + hand.gauss(0, 1.5)) * scale,
                corner[1] + (y + hand.gauss(0, 1.5)) * scale + lift,
            )
            for x, y in stroke
        ]
        ImageDraw.Draw(page).line(points, 40, max(3, glyph_px // 18), joint="curve")


def _photographed(page: Image.Image, kind: str, seed: int) -> bytes:
    """Light that falls off to one side, a shadow over a corner, and grain."""
    noise = np.random.default_rng(seed)
    y, x = np.mgrid[0 : page.height, 0 : page.width] / max(page.size)
    light = 225 - 50 * x - 25 * y - 35 / (1 + np.exp(-20 * (x + y - 0.9)))
    pixels = np.asarray(page, np.float64) / 255 * light + noise.normal(0, 2.5, light.shape)
    tint = pixels[..., None] * np.array([1.0, 0.97, 0.9])
    file = io.BytesIO()
    Image.fromarray(tint.clip(0, 255).astype(np.uint8)).save(file, kind)
    return file.getvalue()
