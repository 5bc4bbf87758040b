"""Gray picture → ink: which side is paper, how the light falls, what is noise."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from app.recognition.normalize import Ink
from app.recognition.specks import without_specks

MIN_CONTRAST = 20
"""Levels between paper and ink below which a picture counts as blank."""

_LIGHT_MAP_PX = 48
"""Longest side of the map of the paper's brightness."""

_UNEVEN_LEVELS = 12
"""Paper whose brightness varies by more than this across the picture is corrected for light."""

_PLAIN_LEVELS, _PLAIN_SHARE = 2, 0.75
"""A picture of which this share lies within so many levels of the paper was drawn, not photographed."""

_RINGING_SHARE = 0.08
"""Marks fainter than this share of the ink are what JPEG leaves around a stroke, not ink."""

_LEVELS = np.arange(256)


def ink_from_gray(gray: Image.Image) -> Ink:
    """Turn a picture in mode L into ink, uint8 (H, W); all zero when nothing stands out from the paper."""
    histogram = np.asarray(gray.histogram())
    paper = _paper_level(gray)
    if _is_ink_lighter(histogram, paper):
        gray, paper, histogram = ImageOps.invert(gray), 255 - paper, histogram[::-1]
    light = None if _is_plain(histogram, paper) else _uneven_light(gray)
    if light is None:
        depth = (paper - _LEVELS).clip(0)
        return _ink_from_depth(gray, depth, np.bincount(depth, histogram, 256).astype(np.float64))
    absorbed = _share_absorbed(gray, light)
    return _ink_from_depth(absorbed, _LEVELS, np.asarray(absorbed.histogram(), np.float64))


def _ink_from_depth(picture: Image.Image, depth: NDArray[np.intp], histogram: NDArray[np.float64]) -> Ink:
    """Ink of a picture whose level i lies `depth[i]` below the paper; `histogram` counts the depths."""
    threshold = otsu_threshold(histogram)
    noise, high = _noise_level(histogram, threshold), _ink_level(histogram, threshold)
    low = max(noise, _RINGING_SHARE * high)
    if high < MIN_CONTRAST or high - low < MIN_CONTRAST / 2:
        return np.zeros((picture.height, picture.width), np.uint8)
    levels = ((depth - low) / (high - low) * 255).round().clip(0, 255).astype(int).tolist()
    ink = np.asarray(picture.point(levels))
    return ink if noise == 0 else without_specks(ink)


def _paper_level(gray: Image.Image) -> int:
    """Paper is what lies along the border: the median there."""
    pixels = np.asarray(gray)
    border = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    return int(np.partition(border, border.size // 2)[border.size // 2])


def _is_ink_lighter(histogram: NDArray[np.intp], paper: int) -> bool:
    """Ink differs from paper, and may be darker or lighter: whichever extreme is farther from the paper."""
    shares = np.cumsum(histogram)
    darkest, lightest = np.searchsorted(shares, [0.005 * shares[-1], 0.995 * shares[-1]]).tolist()
    return bool(lightest - paper > paper - darkest)


def _is_plain(histogram: NDArray[np.intp], paper: int) -> bool:
    """Whether nearly all that could be paper has one level, as in a drawing: there is no light to correct."""
    close = histogram[max(paper - _PLAIN_LEVELS, 0) : paper + _PLAIN_LEVELS + 1].sum()
    return bool(close > _PLAIN_SHARE * histogram.sum())


def _uneven_light(gray: Image.Image) -> NDArray[np.uint8] | None:
    """The light map of a picture whose paper is not equally bright everywhere."""
    if max(gray.size) <= _LIGHT_MAP_PX:
        return None
    light = _light_map(gray)
    return light if int(light.max()) - int(light.min()) > _UNEVEN_LEVELS else None


def _share_absorbed(gray: Image.Image, light: NDArray[np.uint8]) -> Image.Image:
    """Depth as a share (of 255) of the light that falls on each place: a shadow dims ink and paper alike."""
    fallen = np.asarray(Image.fromarray(light).resize(gray.size, Image.Resampling.BICUBIC), np.float32)
    share = 255 * (1 - np.asarray(gray) / np.maximum(fallen, 1))
    return Image.fromarray(share.clip(0, 255).astype(np.uint8))


def _light_map(gray: Image.Image) -> NDArray[np.uint8]:
    """Brightness of the paper alone, at `_LIGHT_MAP_PX`: the ink is closed over, then the map is smoothed."""
    scale = _LIGHT_MAP_PX / max(gray.size)
    size = (max(1, round(gray.width * scale)), max(1, round(gray.height * scale)))
    small = np.asarray(gray.resize(size, Image.Resampling.BOX))
    closed = -_highest_around(-_highest_around(small.astype(np.int16), 15), 7)
    return np.asarray(Image.fromarray(closed.astype(np.uint8)).filter(ImageFilter.BoxBlur(4)))


def _highest_around(values: NDArray[np.int16], width: int) -> NDArray[np.int16]:
    """The highest value in the square of `width` around each place."""
    for axis in (0, 1):
        reach = [(width // 2, width // 2) if a == axis else (0, 0) for a in (0, 1)]
        values = sliding_window_view(np.pad(values, reach, mode="edge"), width, axis=axis).max(axis=-1)
    return values


def otsu_threshold(histogram: NDArray[np.float64]) -> int:
    """The level that best splits a histogram in two (Otsu, IEEE Trans. SMC 9(1), 1979); 0 when it has but one level."""
    weight = np.cumsum(histogram)
    moment = np.cumsum(histogram * np.arange(256))
    rest = weight[-1] - weight
    splits = (weight > 0) & (rest > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (moment[-1] * weight / weight[-1] - moment) ** 2 / (weight * rest)
    return int(np.where(splits, between, -1.0).argmax()) if splits.any() else 0


def _noise_level(histogram: NDArray[np.float64], threshold: int) -> float:
    """Depth that the paper's own grain reaches; 0 for a clean drawing."""
    paper = histogram[: threshold + 1]
    levels = np.arange(threshold + 1)
    mean = float(paper @ levels / max(paper.sum(), 1))
    spread = float(np.sqrt(paper @ (levels - mean) ** 2 / max(paper.sum(), 1)))
    clean = paper[0] > 0.9 * paper.sum()
    return 0.0 if clean else min(mean + 3 * spread, float(threshold))


def _ink_level(histogram: NDArray[np.float64], threshold: int) -> float:
    """Depth that three quarters of the ink do not exceed: small pictures are mostly edges of strokes, and paler."""
    ink = np.cumsum(histogram[threshold + 1 :])
    return float(threshold + 1 + np.searchsorted(ink, 0.75 * ink[-1])) if ink.size and ink[-1] else 0.0
