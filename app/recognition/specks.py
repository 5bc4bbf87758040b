"""Dust and crumbs in a photo: small marks that would move the bounding box of the ink."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from app.recognition.normalize import Ink

_WORK_PX = 96
_SMALL_SHARE = 0.02
"""Marks with less of the mass of the largest one are specks; the dot of an i has five times as much."""


def without_specks(ink: Ink) -> Ink:
    """Ink, uint8 (H, W), without the marks that are small beside the largest one."""
    small = Image.fromarray(ink)
    small.thumbnail((_WORK_PX, _WORK_PX), Image.Resampling.BOX)
    mask = np.asarray(small) > 40
    labels = _connected_components(mask)
    masses = np.bincount(labels.ravel())[1:]
    if not masses.size:
        return ink
    keep = np.concatenate([[False], masses >= _SMALL_SHARE * masses.max()])[labels]
    mask_image = Image.fromarray((keep * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(3))
    full = mask_image.resize((ink.shape[1], ink.shape[0]), Image.Resampling.NEAREST)
    return np.asarray(np.minimum(ink, np.asarray(full)))


def _connected_components(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Number the 8-connected regions of `mask` from 1; 0 outside. Each pixel takes its neighbourhood's highest mark."""
    marks = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    while True:
        padded = np.pad(marks, 1)
        rows = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
        spread = np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
        spread = np.where(mask, spread, 0)
        if np.array_equal(spread, marks):
            break
        marks = spread
    return (
        np.unique(marks, return_inverse=True)[1].reshape(mask.shape)
        if not mask.all()
        else np.ones(mask.shape, np.intp)
    )
