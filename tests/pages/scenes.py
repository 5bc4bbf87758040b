"""Scenes without handwriting, drawn here: landscapes, walls, leaves, cats, and print; with textures, all `SCENES`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tests.pages.textures import (
    Rng,
    canvas,
    clouds,
    empty_paper,
    fabric,
    fur,
    gradient,
    grass,
    noise,
    photo,
    ruled_paper,
    sky,
    strokes,
    values_of,
    wood,
)

_SENTENCE = (
    "The quick brown fox jumps over the lazy dog while seventeen clerks count 4280 boxes of paper in room 61 "
    "and write nothing down because the list was printed last week on page 93 of the yearly report of the office"
)
PRINTED = _SENTENCE.replace(" ", "")
"""What stands on a printed page, without the spaces."""

_FONTS = (
    "DejaVuSans.ttf",
    "DejaVuSerif.ttf",
    "DejaVuSansMono.ttf",
    "DejaVuSans-Bold.ttf",
    "DejaVuSerif-Italic.ttf",
)


def landscape(rng: Rng) -> Image.Image:
    """Ridges behind ridges under a sky, with a sun and a row of trees."""
    height, width = 900, 1300
    values = 0.7 + 0.3 * clouds(rng, height, width, 500)
    y, x = np.mgrid[0:height, 0:width]
    values[(x - rng.integers(width)) ** 2 + (y - 150) ** 2 < rng.integers(20, 70) ** 2] = 1.0
    rows = int(rng.integers(3, 7))
    for number in range(rows):
        ridge = clouds(rng, 4, width, 2, 7, 0.6)[0] * 220 + 250 + number * 500 / rows
        level = 0.65 - 0.55 * number / rows
        values = np.where(y > ridge, level + 0.1 * clouds(rng, height, width, 60), values)
    picture = Image.fromarray((values.clip(0, 1) * 255).astype(np.uint8))
    draw = ImageDraw.Draw(picture)
    for left in rng.integers(0, width, int(rng.integers(5, 40))).tolist():
        tall = int(rng.integers(20, 90))
        draw.polygon(
            [(left, 800), (left + tall // 3, 800 - tall), (left + 2 * tall // 3, 800)], int(rng.integers(60))
        )
    return photo(values_of(picture), rng)


def bricks(rng: Rng) -> Image.Image:
    """A wall: bricks of different brightness, with light or dark joints."""
    picture, draw = canvas(rng)
    tall, gap = int(rng.integers(25, 90)), int(rng.integers(2, 9))
    wide = int(tall * rng.uniform(1.5, 3))
    for row, top in enumerate(range(0, picture.height, tall)):
        for left in range(-(row % 2) * wide // 2, picture.width, wide):
            level = int(np.clip(rng.normal(110, 25), 0, 255))
            draw.rectangle((left, top, left + wide - gap, top + tall - gap), level)
    return photo(values_of(picture) + 0.1 * clouds(rng, picture.height, picture.width, 50) - 0.05, rng)


def pebbles(rng: Rng) -> Image.Image:
    """Round stones side by side, lit from above."""
    picture, draw = canvas(rng, 0.2)
    for _ in range(int(rng.integers(300, 1500))):
        x, y, size = (
            int(rng.integers(picture.width)),
            int(rng.integers(picture.height)),
            int(rng.integers(12, 60)),
        )
        level, flat = int(rng.integers(70, 230)), rng.uniform(0.6, 1)
        for inner in range(5):
            reach = size * (1 - inner / 8)
            draw.ellipse(
                (x - reach, y - flat * reach - inner, x + reach, y + flat * reach - inner),
                level - 25 + 9 * inner,
            )
    return photo(values_of(picture), rng)


def houses(rng: Rng) -> Image.Image:
    """Fronts with rows of windows."""
    picture, draw = canvas(rng, 0.9)
    left = 0
    while left < picture.width:
        wide, top, level = int(rng.integers(120, 350)), int(rng.integers(80, 350)), int(rng.integers(90, 220))
        draw.rectangle((left, top, left + wide, picture.height), level)
        size = int(rng.integers(12, 40))
        for y in range(top + 20, picture.height - 60, round(size * 2.1)):
            for x in range(left + 15, left + wide - size, round(size * 1.7)):
                draw.rectangle((x, y, x + size, y + round(1.4 * size)), int(rng.integers(20, 90)))
        left += wide + 3
    return photo(values_of(picture), rng)


def leaves(rng: Rng) -> Image.Image:
    """Leaves over leaves, each with its vein."""
    picture, draw = canvas(rng, 0.25)
    for _ in range(int(rng.integers(80, 600))):
        x, y, size = rng.uniform(0, picture.width), rng.uniform(0, picture.height), rng.uniform(20, 90)
        turn, along = rng.uniform(0, 2 * np.pi), np.linspace(0, np.pi, 9)
        ahead, aside = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        t = np.concatenate([-np.cos(along), np.cos(along)]) * size
        s = np.concatenate([np.sin(along), -np.sin(along)]) * size * 0.35
        level = int(rng.integers(40, 200))
        outline = np.array([x, y]) + t[:, None] * ahead + s[:, None] * aside
        draw.polygon([tuple(p) for p in outline.tolist()], level, level // 2)
        draw.line(
            [tuple(p) for p in (np.array([[x, y]]) + np.array([[-1], [1]]) * size * ahead).tolist()],
            level // 2,
            2,
        )
    return photo(values_of(picture), rng)


def cat(rng: Rng) -> Image.Image:
    """A face with ears, eyes, nose and whiskers, in fur, before something blurred."""
    picture, draw = canvas(rng)
    picture.paste(
        Image.fromarray((255 * clouds(rng, picture.height, picture.width, 700, 3)).astype(np.uint8))
    )
    x, y, size, coat = (
        picture.width / 2,
        picture.height / 2,
        picture.height * rng.uniform(0.2, 0.35),
        rng.uniform(50, 200),
    )
    for side in (-1, 1):
        draw.polygon(
            [(x + side * size * a, y + size * b) for a, b in ((0.9, -0.4), (0.75, -1.4), (0.2, -0.9))],
            int(coat),
        )
    draw.ellipse((x - 1.1 * size, y - size, x + 1.1 * size, y + size), int(coat))
    angles = np.arctan2(*(np.mgrid[0 : picture.height, 0 : picture.width] - np.array([y, x])[:, None, None]))
    strokes(
        rng, draw, angles + rng.normal(0, 0.2, angles.shape), int(rng.integers(500, 6_000)), size / 8, 2, 50
    )
    for side in (-1, 1):
        eye = x + side * 0.45 * size
        draw.ellipse((eye - 0.2 * size, y - 0.4 * size, eye + 0.2 * size, y - 0.1 * size), 210, 20, 3)
        draw.ellipse((eye - 0.06 * size, y - 0.4 * size, eye + 0.06 * size, y - 0.1 * size), 10)
        for slope in (-0.2, 0.0, 0.2):
            draw.line(
                (x + side * 0.2 * size, y + 0.35 * size, x + side * 1.3 * size, y + (0.35 + slope) * size),
                245,
                2,
            )
    draw.polygon(
        [(x - 0.12 * size, y + 0.2 * size), (x + 0.12 * size, y + 0.2 * size), (x, y + 0.35 * size)], 40
    )
    draw.arc((x - 0.3 * size, y + 0.2 * size, x, y + 0.55 * size), 0, 160, 30, 3)
    draw.arc((x, y + 0.2 * size, x + 0.3 * size, y + 0.55 * size), 20, 180, 30, 3)
    return photo(values_of(picture), rng)


def print_page(rng: Rng) -> Image.Image:
    """Some printed lines or a whole page, in several fonts and sizes."""
    size, font_name = int(rng.integers(14, 60)), str(rng.choice(_FONTS))
    font, num_lines = ImageFont.truetype(font_name, size), int(rng.integers(3, 30))
    picture = Image.new("L", (26 * size, round(1.5 * size * (num_lines + 2))), int(rng.integers(200, 256)))
    draw = ImageDraw.Draw(picture)
    for number in range(num_lines):
        start = int(rng.integers(len(_SENTENCE) - 38))
        words = _SENTENCE[start : start + 38].strip()
        draw.text((size, round(1.5 * size * (number + 1))), words, int(rng.integers(0, 60)), font)
    return photo(values_of(picture), rng)


_ALL = (
    empty_paper, ruled_paper, gradient, noise, sky, fur, grass, wood, fabric, landscape, bricks, pebbles, houses,
    leaves, cat, print_page,
)  # fmt: skip

SCENES: Mapping[str, Callable[[Rng], Image.Image]] = MappingProxyType(
    {scene.__name__: scene for scene in _ALL}
)
"""By name; each draws another picture for another `rng`."""
