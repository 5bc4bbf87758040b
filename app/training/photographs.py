"""Pages that look photographed: composed lines on papers drawn here, in poor light, tilted, blurred."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

PAPERS = ("plain", "ruled", "squared", "yellow", "boxes")
TABLES = (30, 90, 150, 200, 250)
"""How bright they are."""


@dataclass(frozen=True)
class Scene:
    """How a page is photographed: its paper, the tilt in degrees, the shadow from 0 to 1.

    `table` is how bright the table is on which the page lies, 0 to 255; without one the page fills the picture.
    """

    paper: str = "plain"
    tilt_deg: float = 0.0
    shadow: float = 0.0
    ink_level: int = 60
    grain: float = 5.0
    table: int | None = None


def photograph(lines: Sequence[NDArray[np.uint8]], scene: Scene, rng: np.random.Generator) -> Image.Image:
    """A photograph, in colours, of lines of ink, uint8 (H, W), below each other."""
    width = max(line.shape[1] for line in lines) + 160
    pitch = max(line.shape[0] for line in lines) + 24
    paper = _paper(scene.paper, (width, pitch * len(lines) + 120))
    pixels = np.asarray(paper, np.float32).copy()
    for number, line in enumerate(lines):
        top, left = 60 + number * pitch, 80 + int(rng.integers(-20, 20))
        strength = (line / 255.0 * (1 - scene.ink_level / 255))[..., None]
        pixels[top : top + line.shape[0], left : left + line.shape[1]] *= 1 - strength
        if scene.paper == "boxes":
            _box(pixels, left, top, line)
    page = Image.fromarray(pixels.clip(0, 255).astype(np.uint8))
    seen = np.asarray(_cropped(page, scene) if scene.table is None else _on_table(page, scene, scene.table))
    lit = Image.fromarray((seen * _light(seen.shape, scene, rng)).clip(0, 255).astype(np.uint8))
    soft = lit.filter(ImageFilter.GaussianBlur(0.7))
    noise = rng.normal(0, scene.grain, (soft.height, soft.width, 1))
    return Image.fromarray((np.asarray(soft) + noise).clip(0, 255).astype(np.uint8))


def _cropped(page: Image.Image, scene: Scene) -> Image.Image:
    """A page as it is tilted, without what is beside it."""
    slope = math.tan(math.radians(abs(scene.tilt_deg)))
    left, top = math.ceil(page.height * slope / 2), math.ceil(page.width * slope / 2)
    tilted = page.rotate(-scene.tilt_deg, Image.Resampling.BICUBIC)
    return tilted.crop((left, top, page.width - left, page.height - top))


def _on_table(page: Image.Image, scene: Scene, table: int) -> Image.Image:
    """A tilted page on a wooden table."""
    width, height = round(1.35 * page.width) + 60, round(1.35 * page.height) + 60
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wood = (table + 12 * np.sin(y / 9 + 2 * np.sin(x / 120))).clip(0, 255).astype(np.uint8)
    seen = Image.merge("RGB", [Image.fromarray(wood)] * 3)
    place = (width - page.width) // 2, (height - page.height) // 2
    sheet, shape = Image.new("RGB", seen.size), Image.new("L", seen.size)
    sheet.paste(page, place)
    shape.paste(255, (*place, place[0] + page.width, place[1] + page.height))
    seen.paste(
        sheet.rotate(-scene.tilt_deg, Image.Resampling.BICUBIC),
        mask=shape.rotate(-scene.tilt_deg, Image.Resampling.BICUBIC),
    )
    return seen


def _paper(kind: str, size: tuple[int, int]) -> Image.Image:
    colour = (250, 232, 150) if kind == "yellow" else (244, 243, 238)
    paper = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(paper)
    if kind in ("ruled", "squared"):
        pitch = 72 if kind == "ruled" else 30
        for y in range(20, size[1], pitch):
            draw.line((0, y, size[0], y), (150, 170, 205), 2)
        for x in range(15, size[0] if kind == "squared" else 0, pitch):
            draw.line((x, 0, x, size[1]), (150, 170, 205), 2)
    return paper


def _box(pixels: NDArray[np.float32], left: int, top: int, line: NDArray[np.uint8]) -> None:
    """A printed frame around a line."""
    bottom, right = top + line.shape[0] + 4, left + line.shape[1] + 4
    for place in (np.s_[top - 4 : top - 2, left - 4 : right], np.s_[bottom : bottom + 2, left - 4 : right]):
        pixels[place] = 90
    for place in (np.s_[top - 4 : bottom, left - 4 : left - 2], np.s_[top - 4 : bottom, right - 2 : right]):
        pixels[place] = 90


def _light(shape: tuple[int, ...], scene: Scene, rng: np.random.Generator) -> NDArray[np.float32]:
    """Falls off to one side; a shadow with a soft edge lies across."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / max(shape)
    light = 1 - 0.25 * x
    edge = (x + y - float(rng.uniform(0.4, 0.9))) * 25
    return np.asarray((light * (1 - scene.shadow / (1 + np.exp(-edge))))[..., None], np.float32)
