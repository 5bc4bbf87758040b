"""How much accuracy is lost when the same ink is moved, scaled, spoilt: through the whole path, picture to answer."""

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from app.recognition.lighting import ink_from_gray
from app.recognition.normalize import GLYPH_BOX_PX, normalize
from app.recognition.pictures import glyph_pixels
from app.training.glyphs import Glyphs, on_all_cores, on_paper

InkChange = Callable[[NDArray[np.uint8]], Image.Image]

CHANGES: Mapping[str, InkChange] = MappingProxyType(
    {
        "unchanged": on_paper,
        "shifted 3 px": partial(on_paper, shift=(3, -3)),
        "shifted 6 px": partial(on_paper, shift=(-6, 6)),
        "shifted 20 px": partial(on_paper, shift=(20, 20)),
        "inverted": lambda ink: ImageOps.invert(on_paper(ink)),
        "scale 50 %": partial(on_paper, scale=0.5),
        "scale 75 %": partial(on_paper, scale=0.75),
        "scale 150 %": partial(on_paper, scale=1.5),
        "turned −30°": partial(on_paper, turn=30),
        "turned −15°": partial(on_paper, turn=15),
        "turned +15°": partial(on_paper, turn=-15),
        "turned +30°": partial(on_paper, turn=-30),
        "blurred": lambda ink: on_paper(ink).filter(ImageFilter.GaussianBlur(1.2)),
        "grainy": lambda ink: _grainy(on_paper(ink)),
        "12 px high": lambda ink: on_paper(ink, scale=12 / GLYPH_BOX_PX),
        "8 px high": lambda ink: on_paper(ink, scale=8 / GLYPH_BOX_PX),
    }
)


def changed_glyphs(images: Glyphs, change: str) -> Glyphs:
    """Images uint8 (N, 28, 28), changed and read anew as uploads are."""
    chunks = np.array_split(images, max(1, len(images) // 500))
    return on_all_cores(partial(_read_all, change), chunks)


def _grainy(picture: Image.Image) -> Image.Image:
    """With noise of 12 levels, the same for the same picture."""
    pixels = np.asarray(picture, np.float32)
    noise = np.random.default_rng(int(pixels.sum())).normal(0, 12, pixels.shape)
    return Image.fromarray((pixels + noise).clip(0, 255).astype(np.uint8))


def _read_all(change: str, images: Glyphs) -> Glyphs:
    return glyph_pixels(np.stack([normalize(ink_from_gray(CHANGES[change](ink))) for ink in images]))
