"""Where a bright sheet of paper lies on something darker: what is around it was not written."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from app.pages.components import connected_components

_BLOCK_PX = 8
"""The sheet's outline is found to so many pixels."""

_TRIED = 24
"""Levels of brightness that may part a sheet from its surroundings."""

_LEAST_STEP = 1.3
"""How many times brighter than what lies beside it a sheet is, all along; no shadow's edge is so sharp."""

_LEAST_SHARE, _MOST_SHARE = 0.1, 0.95
"""Of the picture, that is a sheet."""

_MOST_CUT = 0.4
"""Of its outline, that the picture's own edge cuts off."""

_LEAST_FILLED = 0.97
"""Of its rows and columns between their ends: a sheet has no bays."""

_LEAST_BLANK = 0.8
"""Of its blocks: most of a sheet is paper."""

_EDGE_BLOCKS = 2
"""So much of the sheet's edge is taken for its surroundings, whose shade reaches into it."""

Mask = NDArray[np.bool_]


def sheet_of(gray: Image.Image) -> Mask | None:
    """The pixels (H, W) of a picture in mode L that lie on a sheet, or None when no one sheet stands out."""
    if min(gray.size) < 8 * _BLOCK_PX:
        return None
    blocks = np.asarray(gray.reduce(_BLOCK_PX).filter(ImageFilter.MedianFilter(3)))
    levels = np.unique(np.linspace(int(blocks.min()), int(blocks.max()), _TRIED + 2).astype(int)[1:-1])
    sheets = [sheet for level in levels.tolist() if (sheet := _largest(blocks >= level)) is not None]
    steps = [_step(blocks, sheet) for sheet in sheets]
    if max(steps, default=0.0) < _LEAST_STEP:
        return None
    inner = _shrunken(sheets[int(np.argmax(steps))], _EDGE_BLOCKS)
    pixels = np.repeat(np.repeat(inner, _BLOCK_PX, axis=0), _BLOCK_PX, axis=1)
    return pixels[: gray.height, : gray.width]


def _largest(bright: Mask) -> Mask | None:
    """The largest bright area with what it encloses, the writing on it, if it has the form of a sheet."""
    found = connected_components(bright)
    largest = found.labels == found.masses.argmax() + 1
    around = connected_components(~np.pad(largest, 1))
    sheet = (around.labels != around.labels[0, 0])[1:-1, 1:-1]
    has_its_form = (
        _LEAST_SHARE <= sheet.mean() <= _MOST_SHARE
        and largest.sum() >= _LEAST_BLANK * sheet.sum()
        and _share_cut(sheet) <= _MOST_CUT
        and min(_filled(sheet), _filled(sheet.T)) >= _LEAST_FILLED
    )
    return sheet if has_its_form else None


def _share_cut(sheet: Mask) -> float:
    """Of the outline of a sheet, what lies on the picture's edge."""
    outline = int((sheet & ~_shrunken(sheet, 1)).sum())
    cut = sum(int(side.sum()) for side in (sheet[0], sheet[-1], sheet[:, 0], sheet[:, -1]))
    return cut / max(outline + cut, 1)


def _filled(mask: Mask) -> float:
    """Share of its rows that a mask fills between their first and last pixels."""
    rows = mask[mask.any(axis=1)]
    first, last = rows.argmax(axis=1), rows.shape[1] - rows[:, ::-1].argmax(axis=1)
    return float(rows.sum() / (last - first).sum())


def _step(blocks: NDArray[np.uint8], sheet: Mask) -> float:
    """How many times brighter a sheet is than what lies beside it, all along its outline but for a tenth."""
    beside = ~sheet & ~_shrunken(~sheet, 1)
    within = Image.fromarray(np.where(sheet, blocks, 0).astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
    without = Image.fromarray(np.where(sheet, 255, blocks).astype(np.uint8)).filter(ImageFilter.MinFilter(5))
    steps = np.asarray(within)[beside] / np.maximum(np.asarray(without)[beside], 1.0)
    return float(np.quantile(steps, 0.1))


def _shrunken(mask: Mask, blocks: int) -> Mask:
    """Smaller by so many blocks on every side, but not where the picture ends."""
    padded = Image.fromarray(np.pad(mask, blocks, mode="edge").astype(np.uint8))
    small = np.asarray(padded.filter(ImageFilter.MinFilter(2 * blocks + 1))) > 0
    return small[blocks:-blocks, blocks:-blocks]
