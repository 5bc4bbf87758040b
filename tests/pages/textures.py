"""Paper and textures without handwriting, drawn here as a camera sees them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Gray = NDArray[np.float64]
"""(H, W), 0 black to 1 white."""

Rng = np.random.Generator


def clouds(rng: Rng, height: int, width: int, coarsest: int, octaves: int = 5, fading: float = 0.55) -> Gray:
    """Fractal noise in [0, 1]: random grids, each finer and fainter than the one before."""
    total = np.zeros((height, width))
    for octave in range(octaves):
        cells = max(2, min(height, width) * 2**octave // coarsest)
        grid = Image.fromarray(rng.random((cells, cells * width // height + 1)).astype(np.float32))
        total += fading**octave * np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC))
    return np.asarray((total - total.min()) / np.ptp(total))


def photo(values: Gray, rng: Rng, grain: float = 0.01) -> Image.Image:
    """As a camera sees it: a little soft, a little grainy."""
    soft = Image.fromarray((values.clip(0, 1) * 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7))
    noisy = np.asarray(soft) + rng.normal(0, 255 * grain, values.shape)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def canvas(rng: Rng, level: float | None = None) -> tuple[Image.Image, ImageDraw.ImageDraw]:
    """A picture of some size and one brightness, and what draws on it."""
    size = int(rng.integers(700, 1400)), int(rng.integers(600, 1200))
    picture = Image.new("L", size, round(255 * (rng.uniform(0.3, 0.9) if level is None else level)))
    return picture, ImageDraw.Draw(picture)


def values_of(picture: Image.Image) -> Gray:
    """The brightness of each pixel."""
    return np.asarray(picture) / 255.0


def strokes(
    rng: Rng, draw: ImageDraw.ImageDraw, angles: Gray, count: int, length: float, width: int, spread: float
) -> None:
    """Short bent strokes along a field of angles, of many brightnesses."""
    height, across = angles.shape
    for x, y, bend, level in zip(
        rng.integers(across, size=count), rng.integers(height, size=count),
        rng.normal(0, 0.5, count), rng.normal(110, spread, count), strict=True,
    ):  # fmt: skip
        angle, points, at = angles[y, x], [(float(x), float(y))], np.array([x, y], float)
        for _ in range(4):
            at = at + length / 4 * np.array([np.cos(angle), np.sin(angle)])
            angle += bend / 4
            points.append((float(at[0]), float(at[1])))
        draw.line(points, int(np.clip(level, 0, 255)), width)


def empty_paper(rng: Rng) -> Image.Image:
    """In uneven light, perhaps with a fold, perhaps with the table around it."""
    height, width = int(rng.integers(600, 1400)), int(rng.integers(600, 1400))
    values = rng.uniform(0.55, 0.97) * (0.75 + 0.25 * clouds(rng, height, width, height, 2))
    for _ in range(int(rng.integers(3))):
        x = int(rng.integers(width // 4, 3 * width // 4))
        values[:, x : x + 3] *= rng.uniform(0.8, 0.95)
    if rng.random() < 0.5:
        edge = int(rng.integers(20, 120))
        values[:, :edge] = values[-edge:] = rng.uniform(0.05, 0.4)
    return photo(values, rng)


def ruled_paper(rng: Rng) -> Image.Image:
    """Ruled or squared, and nothing on it."""
    picture, draw = canvas(rng, rng.uniform(0.75, 0.97))
    pitch, level = int(rng.integers(26, 70)), int(rng.integers(90, 190))
    for y in range(pitch, picture.height, pitch):
        draw.line((0, y, picture.width, y), level, 2)
    if rng.random() < 0.5:
        for x in range(pitch, picture.width, pitch):
            draw.line((x, 0, x, picture.height), level, 2)
    turned = picture.rotate(rng.normal(0, 2), Image.Resampling.BICUBIC, fillcolor=picture.getpixel((1, 1)))
    return photo(values_of(turned), rng)


def gradient(rng: Rng) -> Image.Image:
    """From one brightness to another, with a dark corner."""
    y, x = np.mgrid[0:900, 0:1200] / 1000
    slope = rng.normal(size=2)
    return photo(0.5 + 0.4 * np.tanh(slope[0] * (x - 0.6) + slope[1] * (y - 0.45)) - 0.3 * x * y, rng)


def noise(rng: Rng) -> Image.Image:
    """Random pixels, small or large, sharp or soft."""
    cell = int(rng.choice([1, 2, 4, 8, 16, 32]))
    small = Image.fromarray((rng.random((900 // cell, 1200 // cell)) * 255).astype(np.uint8))
    return small.resize((1200, 900), rng.choice([Image.Resampling.NEAREST, Image.Resampling.BICUBIC]))


def sky(rng: Rng) -> Image.Image:
    """Clouds; sharpened, they are marble or a stained wall."""
    values = clouds(rng, 900, 1200, int(rng.integers(80, 900)), 6)
    return photo(values if rng.random() < 0.5 else np.abs(2 * values - 1) ** 0.4, rng)


def fur(rng: Rng) -> Image.Image:
    """Hairs along a field of directions."""
    picture, draw = canvas(rng)
    angles = 2 * np.pi * clouds(rng, picture.height, picture.width, 900, 3)
    strokes(
        rng, draw, angles, int(rng.integers(3_000, 14_000)), rng.uniform(15, 50), int(rng.integers(1, 4)), 45
    )
    return photo(values_of(picture), rng)


def grass(rng: Rng) -> Image.Image:
    """Blades, upright more or less, thin or thick, dense or sparse."""
    picture, draw = canvas(rng)
    angles = rng.normal(-np.pi / 2, 0.35, (picture.height, picture.width))
    strokes(
        rng, draw, angles, int(rng.integers(300, 6_000)), rng.uniform(25, 90), int(rng.integers(2, 7)), 55
    )
    return photo(values_of(picture), rng)


def wood(rng: Rng) -> Image.Image:
    """Rings, bent and stretched along the board, with gaps between boards."""
    y, x = np.mgrid[0:900, 0:1300] / 900
    rings = np.sin(2 * np.pi * rng.uniform(8, 40) * (y + 0.3 * clouds(rng, 900, 1300, 700, 4) + 0.05 * x))
    values = rng.uniform(0.35, 0.75) + rng.uniform(0.03, 0.15) * rings + 0.08 * clouds(rng, 900, 1300, 20, 2)
    values[:: int(rng.integers(150, 400))] *= 0.3
    return photo(values, rng)


def fabric(rng: Rng) -> Image.Image:
    """Threads over and under each other; a checked or dotted print on it."""
    y, x = np.mgrid[0:900, 0:1200]
    pitch = rng.uniform(4, 30)
    values = 0.55 + 0.2 * np.sin(2 * np.pi * x / pitch) * np.sin(2 * np.pi * y / pitch)
    large = int(rng.integers(30, 120))
    kind = rng.integers(3)
    if kind == 0:
        values -= 0.3 * ((x // large + y // large) % 2)
    elif kind == 1:
        values -= 0.4 * (((x % large - large / 2) ** 2 + (y % large - large / 2) ** 2) < (0.3 * large) ** 2)
    return photo(values + 0.15 * clouds(rng, 900, 1200, 600, 3), rng)
