"""A photographed page → its ink: shadows, coloured paper, pencil, dark pages."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from app.recognition.lighting import MIN_CONTRAST, otsu_threshold
from app.recognition.normalize import Ink

_BLOCK_PX = 8
"""Side of the blocks whose brightest part is paper; narrower than the gaps between strokes."""

_REACH_BLOCKS = 7
"""How many blocks wide a blot may be and still be ink: wider dark things are shadows."""

_NOISE_SPREADS = 4.0
"""Paper's own grain stays below this many of its standard deviations."""

_FAINT_SHARE = 0.3
"""Of the ink's usual depth: what is fainter is not written."""

_MAX_NOISE = 20.0

_GRAIN_MEDIANS = 3
"""Heights beyond so many times their median are no grain."""


def ink_of_page(gray: Image.Image) -> Ink:
    """Ink, uint8 (H, W), of a picture in mode L; all zero when nothing stands out from the paper."""
    absorbed = absorbed_by_page(gray)
    return ink_between(absorbed, *ink_range(absorbed))


def absorbed_by_page(gray: Image.Image) -> NDArray[np.uint8]:
    """Share (of 255) of the light that each place of a picture (H, W) in mode L swallows, be it dark or light ink."""
    if _is_ink_lighter(gray):
        gray = ImageOps.invert(gray)
    return _absorbed(gray)


def ink_between(absorbed: NDArray[np.uint8], low: float, high: float) -> Ink:
    """Ink, uint8 (H, W): none where `low` or less is absorbed, black from `high` on; none at all if `high` is 0."""
    if high <= low:
        return np.zeros_like(absorbed)
    levels = ((np.arange(256) - low) / (high - low) * 255).round().clip(0, 255).astype(np.uint8)
    ink: Ink = levels[absorbed]
    return ink


def ink_range(absorbed: NDArray[np.uint8], above: float = 0.0) -> tuple[float, float]:
    """(low, high): shares at which ink begins and at which it is black; both 0 when nothing stands out.

    What absorbs no more than `above` is printed, not written.
    """
    low, high = _ink_range(np.bincount(absorbed.ravel(), minlength=256).astype(np.float64), above)
    return (low, high) if high >= MIN_CONTRAST else (0.0, 0.0)


def _is_ink_lighter(gray: Image.Image) -> bool:
    """Whether what stands out from its surroundings is brighter than they are, as on a blackboard."""
    pixels = np.asarray(gray.reduce(max(1, max(gray.size) // 400)))
    if np.median(pixels) >= 128:
        return False
    bright, dark = _energy(_closed(pixels, 5) - pixels), _energy(pixels - _opened(pixels, 5))
    return bool(dark > 1.5 * bright)


def _energy(heights: NDArray[np.uint8]) -> float:
    """Sum of squares of what rises above the grain, which is a few times the median."""
    histogram = np.bincount(heights.ravel(), minlength=256)
    middle = int(np.searchsorted(np.cumsum(histogram), heights.size / 2))
    return float(histogram @ (np.arange(256.0) - _GRAIN_MEDIANS * middle).clip(0) ** 2)


def _closed(pixels: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """Without dark things narrower than `width`, an odd number of pixels."""
    return _extreme(_extreme(pixels, width, np.maximum), width, np.minimum)


def _opened(pixels: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """Without bright things narrower than `width`, an odd number of pixels."""
    return _extreme(_extreme(pixels, width, np.minimum), width, np.maximum)


def _extreme(pixels: NDArray[np.uint8], width: int, choose: np.ufunc) -> NDArray[np.uint8]:
    """The highest or lowest value in the square around each place."""
    for _ in range(2):  # down the columns, and once more turned over
        found, reached = np.pad(pixels.T, ((width // 2, width // 2), (0, 0)), mode="edge"), 1
        while reached < width:
            step = min(reached, width - reached)
            found, reached = choose(found[:-step], found[step:]), reached + step
        pixels = found
    return pixels


def _absorbed(gray: Image.Image) -> Ink:
    """Share (of 255) of the light falling on each place that the page swallows there."""
    light = _light(gray)
    fallen = np.asarray(light.resize(gray.size, Image.Resampling.BILINEAR))
    absorbed: Ink = _shares_absorbed()[fallen, np.asarray(gray)]
    return absorbed


@cache
def _shares_absorbed() -> Ink:
    """uint8 (256, 256): the share, by the light that falls on a place and its brightness."""
    table = 255 - np.arange(256, dtype=np.float32)[None] * 255 / np.arange(1, 257)[:, None]
    return table.clip(0, 255).astype(np.uint8)


def _light(gray: Image.Image) -> Image.Image:
    """Brightness of the paper, one value for each block: ink is closed over, then grain is smoothed."""
    size = (max(1, gray.width // _BLOCK_PX), max(1, gray.height // _BLOCK_PX))
    fine = gray.resize((size[0] * 4, size[1] * 4), Image.Resampling.BOX).filter(ImageFilter.BoxBlur(1))
    brightest = np.asarray(fine).reshape(size[1], 4, size[0], 4).max(axis=(1, 3))
    framed = np.pad(brightest, _REACH_BLOCKS, mode="edge")
    closed = Image.fromarray(_closed(framed, _REACH_BLOCKS))
    smooth = closed.filter(ImageFilter.MedianFilter(3)).filter(ImageFilter.BoxBlur(1))
    return smooth.crop((_REACH_BLOCKS, _REACH_BLOCKS, _REACH_BLOCKS + size[0], _REACH_BLOCKS + size[1]))


def darker_half(absorbed: NDArray[np.uint8]) -> float:
    """The share from which on ink is the darker of two kinds: writing among stains, grain, or the shade of a table."""
    histogram = np.bincount(absorbed.ravel(), minlength=256).astype(np.float64)
    low, _ = _ink_range(histogram, 0.0)
    return float(otsu_threshold(np.where(np.arange(256) > low, histogram, 0)))


def _ink_range(histogram: NDArray[np.float64], least: float) -> tuple[float, float]:
    """(low, high): depths at which ink begins and at which it is black; high is 0 for blank paper."""
    floor = max(_noise(histogram), least)
    levels = np.arange(256)
    above = np.where(levels > max(floor, MIN_CONTRAST / 2), histogram, 0)
    if above.sum() < 8:
        return 0.0, 0.0
    shares = np.cumsum(above) / above.sum()
    high = float(np.searchsorted(shares, 0.8))
    return max(floor, _FAINT_SHARE * high), high


def _noise(histogram: NDArray[np.float64]) -> float:
    """Depth that the paper's grain reaches, from its median and the half that lies below three quarters."""
    shares = np.cumsum(histogram) / histogram.sum()
    middle, upper = np.searchsorted(shares, [0.5, 0.75]).tolist()
    return float(min(middle + _NOISE_SPREADS * max(upper - middle, 1) / 0.6745, middle + _MAX_NOISE))
