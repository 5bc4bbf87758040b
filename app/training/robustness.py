"""How much accuracy is lost when the same ink is moved, scaled, inverted: through the whole path, picture to answer."""

from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageOps

from app.recognition.lighting import ink_from_gray
from app.recognition.normalize import normalize
from app.training.corpus import Glyphs

_CANVAS_PX = 84
Change = Callable[[Image.Image], Image.Image]


def _placed(
    picture: Image.Image, *, scale: float = 1.0, shift: tuple[int, int] = (0, 0), turn: float = 0
) -> Image.Image:
    """Dark ink on a white canvas three times the glyph's side, the ink in the middle before it is shifted."""
    ink = ImageOps.invert(picture)
    if turn:
        ink = ink.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    side = round(ink.width * scale)
    ink = ink.resize((side, side), Image.Resampling.BICUBIC)
    canvas = Image.new("L", (_CANVAS_PX, _CANVAS_PX))
    corner = (_CANVAS_PX - side) // 2
    canvas.paste(ink, (corner + shift[0], corner + shift[1]))
    return ImageOps.invert(canvas)


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "unchanged": _placed,
        "shifted 3 px": partial(_placed, shift=(3, -3)),
        "shifted 6 px": partial(_placed, shift=(-6, 6)),
        "shifted 20 px": partial(_placed, shift=(20, 20)),
        "inverted": lambda picture: ImageOps.invert(_placed(picture)),
        "scale 50 %": partial(_placed, scale=0.5),
        "scale 75 %": partial(_placed, scale=0.75),
        "scale 150 %": partial(_placed, scale=1.5),
        "turned −15°": partial(_placed, turn=15),
        "turned +15°": partial(_placed, turn=-15),
    }
)


def changed_glyphs(images: Glyphs, change: str) -> Glyphs:
    """Images uint8 (N, 28, 28), changed and read anew as uploads are."""
    chunks = np.array_split(images, max(1, len(images) // 500))
    with ProcessPoolExecutor() as pool:
        return np.concatenate(list(pool.map(partial(_read_all, change), chunks)))


def _read_all(change: str, images: Glyphs) -> Glyphs:
    pictures = (CHANGES[change](ImageOps.invert(Image.fromarray(image))) for image in images)
    glyphs = [normalize(ink_from_gray(picture))[..., 0] for picture in pictures]
    return (np.stack(glyphs) * 255).round().astype(np.uint8)
