"""Ink → glyph, the MNIST way. The only copy: training, serving, upload and retraining all come through here.

Source of the recipe: LeCun, Cortes, Burges, "The MNIST database": size-normalised to fit a 20×20 box with the aspect
kept, then placed in 28×28 with the centre of mass at the centre.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.recognition.errors import NoInk

Ink = NDArray[np.uint8]
"""(H, W); 0 is paper, 255 is ink."""

Glyph = NDArray[np.float32]
"""(28, 28, 1) in [0, 1], multiples of 1/255, so that storing it as uint8 loses nothing."""

GLYPH_PX = 28
GLYPH_BOX_PX = 20

_FAINT = 4
"""Ink below this is the soft edge of a stroke: it does not move the bounding box."""

_WORK_PX = 84
"""Larger crops are first made this large: enough to measure and thicken strokes, cheap enough to do it always."""

_THIN_PX = 1.25
"""Strokes that would be thinner than this in the glyph box would fade; they are thickened first."""


def crop_to_ink(ink: Ink) -> Ink:
    """Cut out the bounding box of the ink. Raises NoInk when there is none."""
    visible = ink >= _FAINT
    rows, columns = np.flatnonzero(visible.any(axis=1)), np.flatnonzero(visible.any(axis=0))
    if not rows.size:
        raise NoInk("There is nothing to read: the picture is blank. Draw or upload one character.")
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def glyph_from_crop(crop: Ink) -> Glyph:
    """Scale a crop (from `crop_to_ink`) into the 20×20 box and centre it by mass in 28×28."""
    if max(crop.shape) > _WORK_PX:
        crop = _stretch(_fit(crop, _WORK_PX, gap=1.0))
    if max(crop.shape) > 2 * GLYPH_BOX_PX:
        crop = _thicken(crop)
    return _centre_by_mass(_stretch(_fit(crop, GLYPH_BOX_PX)))


def normalize(ink: Ink) -> Glyph:
    """Ink → glyph. Raises NoInk when there is nothing to see."""
    return glyph_from_crop(crop_to_ink(ink))


def _fit(ink: Ink, side: int, gap: float = 2.0) -> Ink:
    """Resize so that the longer side is `side` pixels; averaged first to no less than `gap` times that."""
    height, width = ink.shape
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (width, height):
        return ink
    image = Image.fromarray(np.ascontiguousarray(ink))
    return np.asarray(image.resize(size, Image.Resampling.BICUBIC, reducing_gap=gap))


def _stretch(ink: Ink) -> Ink:
    """Scale the levels so that the darkest ink is 255: thin strokes fade when an image shrinks."""
    darkest = int(ink.max())
    return ink if darkest in (0, 255) else (ink * np.float32(255 / darkest)).round().astype(np.uint8)


def _thicken(ink: Ink) -> Ink:
    """Widen strokes to `_THIN_PX`; their width is twice the area over the pixels that an erosion takes away."""
    thin = _THIN_PX * max(ink.shape) / GLYPH_BOX_PX
    for _ in range(2):
        solid = np.pad(ink > 127, 1)
        area = np.count_nonzero(solid)
        inner = solid[1:-1, 1:-1] & solid[:-2, 1:-1] & solid[2:, 1:-1] & solid[1:-1, :-2] & solid[1:-1, 2:]
        outline = area - np.count_nonzero(inner)
        if outline == 0 or 2 * area / outline >= thin:
            break
        ink = _dilate(ink)
    return ink


def _dilate(ink: Ink) -> Ink:
    """Grow strokes by one pixel on each side."""
    padded = np.pad(ink, 2)
    rows = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
    grown: Ink = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    return grown


def _centre_by_mass(ink: Ink) -> Glyph:
    """Place in 28×28 so that the centre of mass is at (14, 14), as in MNIST's own files."""
    height, width = ink.shape
    rows = ink.sum(axis=1, dtype=np.float64)
    mass = rows.sum()
    centre_y = (rows @ np.arange(height)) / mass
    centre_x = (ink.sum(axis=0, dtype=np.float64) @ np.arange(width)) / mass
    top = min(max(round(GLYPH_PX / 2 - centre_y), 0), GLYPH_PX - height)
    left = min(max(round(GLYPH_PX / 2 - centre_x), 0), GLYPH_PX - width)
    glyph = np.zeros((GLYPH_PX, GLYPH_PX, 1), np.float32)
    glyph[top : top + height, left : left + width, 0] = ink * np.float32(1 / 255)
    return glyph
