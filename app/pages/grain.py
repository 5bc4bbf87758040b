"""Grain: what poor light, a fax or dust leaves on a picture, a pixel here and a pixel there."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

_STANDS_OUT_LEVELS, _GRAINY_SHARE = 20, 0.0015
"""A pixel that is so much darker, or brighter, than each of its eight neighbours stands alone; so many are grain.

Photographs with a standard deviation of 8 levels have 0.0004 at most, tiny digits 0.0014, 12 levels from 0.0026 on.
"""

_ON_EITHER_SIDE = 0.25
"""Of `_GRAINY_SHARE`, the bright and the dark ones each: a sensor makes both, print and dust dark ones alone."""


def without_grain(gray: Image.Image) -> Image.Image:
    """A picture in mode L without its grain: no pen leaves many pixels that stand alone.

    Where a sensor made it, all is smoothed; else only what stands alone goes, so that thin pens stay.
    """
    bright, dark = _alone(gray)
    alone = bright | dark
    if alone.mean() <= _GRAINY_SHARE:
        return gray
    smooth = gray.filter(ImageFilter.MedianFilter(3))
    if min(bright.mean(), dark.mean()) > _ON_EITHER_SIDE * _GRAINY_SHARE:
        return smooth
    return Image.fromarray(np.where(alone, np.asarray(smooth), np.asarray(gray)))


def _alone(gray: Image.Image) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which pixels are brighter, and which darker, than all their neighbours: (H, W) each."""
    padded = np.pad(np.asarray(gray), 1, mode="edge")
    middle = padded[1:-1, 1:-1]
    brightest, darkest = (_of_neighbours(padded, choose) for choose in (np.maximum, np.minimum))
    # Of bytes, a difference that would be negative is capped first.
    above = np.maximum(middle, brightest) - brightest
    below = darkest - np.minimum(middle, darkest)
    return above > _STANDS_OUT_LEVELS, below > _STANDS_OUT_LEVELS


def _of_neighbours(padded: NDArray[np.uint8], choose: np.ufunc) -> NDArray[np.uint8]:
    """The extreme of the eight neighbours of each pixel: (H + 2, W + 2) → (H, W)."""
    rows = choose(choose(padded[:, :-2], padded[:, 1:-1]), padded[:, 2:])
    beside = choose(padded[1:-1, :-2], padded[1:-1, 2:])
    extreme: NDArray[np.uint8] = choose(choose(rows[:-2], rows[2:]), beside)
    return extreme
