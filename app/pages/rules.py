"""Printed lines of a page (ruled, squared, frames, combs): taken away without the strokes that cross them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.components import Components, connected_components
from app.recognition.normalize import Ink

_WINDOW_PX = 40
"""A rule is straight over at least this length."""

_FILLED = 0.75
"""Share of a rule that is still seen."""

_GAP_PX = 30
"""A rule may fade, or be crossed, over so much and go on."""

_LONG_SHARE, _LONG_FILLED, _SHORT_FILLED = 0.45, 0.6, 0.95
"""A line across so much of the page may be broken; a shorter one may be the feet of 2 2 2, unless it is whole."""

_LONG_PX, _FEWEST_RULED, _LEAST_WAVERING_PX = 600, 4, 0.45
"""A line across the page may be broken only if it is also this long, or one of this many, or straighter than this: on
a small picture it may be the feet of digits."""

_LEAST_LENGTH_PX = 140
"""Shorter straight lines may be strokes."""

_MOST_THICKNESS_PX = 9
"""Soft edges included."""

_LEAST_SIDE_PX = 24
"""A side of a box is at least this long, and ends at rules."""

_NEAR_PX = 4

_BLOT_PX, _BLOT_FILLED = 18, 0.97
"""No stroke is so wide at the working size, and so full."""

_BLOCK_PX = 8
"""Wherever a blot lies, it covers such a block of the page."""

_FRAME_FILLED = 0.92

Mask = NDArray[np.bool_]


def without_rules(ink: Ink, level: int) -> Ink:
    """Ink, uint8 (H, W), of an unskewed page without its printed lines; `level` is where ink begins."""
    mask = ink >= level
    blots = _blots(mask)
    mask &= ~blots
    across = _rules(mask, _LEAST_LENGTH_PX)
    down = _rules(mask.T, _LEAST_LENGTH_PX).T
    if across.any():
        down |= _sides(mask, across)
    gone = _thin_part(mask, across) | _thin_part(mask.T, down.T).T | (mask & across & down)
    gone |= _frames(mask & ~gone) | blots
    if not gone.any():
        return ink
    return np.where(_widened(gone) & ~(mask & ~gone), 0, ink).astype(np.uint8)


def _blots(mask: Mask) -> Mask:
    """Solid areas that no pen makes: the table beside the page, a thumb, a hole; and what is around them."""
    if not _may_have_blots(mask):
        return np.zeros_like(mask)
    sums = np.cumsum(np.cumsum(np.pad(mask, _BLOT_PX), axis=0, dtype=np.int32), axis=1, dtype=np.int32)
    full = sums[_BLOT_PX:, _BLOT_PX:] - sums[:-_BLOT_PX, _BLOT_PX:]
    full -= sums[_BLOT_PX:, :-_BLOT_PX] - sums[:-_BLOT_PX, :-_BLOT_PX]
    solid = full >= _BLOT_FILLED * _BLOT_PX**2
    if not solid.any():
        return np.zeros_like(mask)
    reach = 2 * _BLOT_PX + 4
    sums = np.pad(
        np.cumsum(np.cumsum(solid, axis=0, dtype=np.int32), axis=1, dtype=np.int32), reach, mode="edge"
    )
    sums[:reach] = 0
    sums[:, :reach] = 0
    height, width = mask.shape
    near = sums[reach:, reach:] - sums[:-reach, reach:] - sums[reach:, :-reach] + sums[:-reach, :-reach]
    top = _BLOT_PX // 2 + 2
    return np.asarray(near[top : top + height, top : top + width] > 0)


def _may_have_blots(mask: Mask) -> bool:
    """False only where there are none: a blot fills, but for a few pixels, one of the blocks that tile the page."""
    blocks = np.asarray(Image.fromarray(mask.view(np.uint8) * np.uint8(255)).reduce(_BLOCK_PX))
    missing_px = (1 - _BLOT_FILLED) * _BLOT_PX**2 + 1
    return bool(blocks.max(initial=0) >= 254 * (1 - missing_px / _BLOCK_PX**2))


def _rules(mask: Mask, least_px: int) -> Mask:
    """Long straight horizontal lines, a little thicker than they are."""
    thin = mask & (_vertical_runs(mask) <= _MOST_THICKNESS_PX)
    thick = thin.copy()
    thick[1:] |= thin[:-1]
    thick[:-1] |= thin[1:]
    bridged = _spread(_windowed(thick, _WINDOW_PX), _GAP_PX)
    found = connected_components(bridged)
    widths = found.boxes[:, 2] - found.boxes[:, 0] - 2 * _GAP_PX
    thickness = found.masses / np.maximum(widths + 2 * _GAP_PX, 1)
    is_rule = np.zeros(len(found) + 1, bool)
    long = (np.flatnonzero((widths >= least_px) & (thickness <= _MOST_THICKNESS_PX)) + 1).tolist()
    across = [number for number in long if widths[number - 1] >= _LONG_SHARE * mask.shape[1]]
    for number in long:
        may_be_broken = number in across and (
            widths[number - 1] >= _LONG_PX
            or len(across) >= _FEWEST_RULED
            or _wavering_px(found, number, thin) < _LEAST_WAVERING_PX
        )
        least = _LONG_FILLED if may_be_broken else _SHORT_FILLED
        is_rule[number] = _columns_filled(found, number, thick) >= least
    return is_rule[found.labels]


def _wavering_px(found: Components, number: int, mask: Mask) -> float:
    """How far a line lies from a parabola, as the root of the mean square: the feet of digits waver, rules do not."""
    box = found.box(number - 1)
    place = np.s_[box.y : box.bottom, box.x + _GAP_PX : box.right - _GAP_PX]
    own = mask[place] & (found.labels[place] == number)
    columns = np.flatnonzero(own.any(axis=0))
    heights = (own * np.arange(own.shape[0])[:, None]).sum(axis=0)[columns] / own.sum(axis=0)[columns]
    bent = np.polynomial.Polynomial.fit(columns, heights, 2)
    return float(np.sqrt(np.mean((heights - bent(columns)) ** 2)))


def _columns_filled(found: Components, number: int, mask: Mask) -> float:
    """Share of a component's columns, but for those it was spread by, in which `mask` has ink."""
    box = found.box(number - 1)
    place = np.s_[box.y : box.bottom, box.x + _GAP_PX : box.right - _GAP_PX]
    return float((mask[place] & (found.labels[place] == number)).any(axis=0).mean())


def _spread(mask: Mask, reach: int) -> Mask:
    """Grown by `reach` columns to the left and right."""
    sums = np.cumsum(np.pad(mask, ((0, 0), (reach + 1, reach))), axis=1, dtype=np.int32)
    return np.asarray(sums[:, 2 * reach + 1 :] - sums[:, : -2 * reach - 1] > 0)


def _windowed(mask: Mask, window: int) -> Mask:
    """Pixels of horizontal windows that are nearly full."""
    if mask.shape[1] < window:
        return np.zeros_like(mask)
    full = _window_sums(mask, window) >= _FILLED * window
    if not full.any():
        return np.zeros_like(mask)
    reached = _window_sums(np.pad(full, ((0, 0), (window - 1, window - 1))), window) > 0
    return reached & mask


def _window_sums(mask: Mask, window: int) -> NDArray[np.uint8]:
    """How many of `window` pixels in a row are set, at most 255, from each column on at which they fit."""
    sums, width, done = mask.view(np.uint8), 1, 0
    count = mask.shape[1] - window + 1
    total = np.zeros((mask.shape[0], count), np.uint8)
    while width <= window:
        if window & width:
            total += sums[:, done : done + count]
            done += width
        sums, width = sums[:, :-width] + sums[:, width:], 2 * width
    return total


def _sides(mask: Mask, across: Mask) -> Mask:
    """Vertical lines from rule to rule, or to where the picture ends: the sides of boxes and the teeth of combs."""
    thick = mask.copy()
    thick[:, 1:] |= mask[:, :-1]
    found = connected_components(_windowed(thick.T, _LEAST_SIDE_PX).T)
    near = _spread(across.T, _NEAR_PX).T
    near[:_NEAR_PX] = near[-_NEAR_PX:] = True
    kept = np.zeros(len(found) + 1, bool)
    for number, (left, top, right, bottom) in enumerate(found.boxes.tolist(), start=1):
        is_thin = found.masses[number - 1] <= 0.25 * (bottom - top) ** 2
        reaches = near[top, left:right].any() and near[bottom - 1, left:right].any()
        kept[number] = is_thin and reaches and bottom - top < mask.shape[0] - 2 * _NEAR_PX
    return np.asarray(kept[found.labels])


def _thin_part(mask: Mask, rules: Mask) -> Mask:
    """The pixels of horizontal rules where no stroke crosses: the ink is no higher there than the rule is thick."""
    on_rule = mask & rules
    if not on_rule.any():
        return on_rule
    heights = _vertical_runs(mask)
    usual = float(np.median(heights[on_rule]))
    return on_rule & (heights <= max(1.6 * usual, usual + 2))


def _vertical_runs(mask: Mask) -> NDArray[np.int32]:
    """The length of the vertical run of ink through each pixel, 0 on paper."""
    columns = np.zeros((mask.shape[1], mask.shape[0] + 1), np.int8)
    columns[:, :-1] = mask.T
    steps = np.diff(columns.ravel(), prepend=np.int8(0))
    starts, ends = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)
    lengths = np.zeros(mask.shape, np.int32)
    lengths.T[mask.T] = np.repeat(ends - starts, ends - starts)
    return lengths


def _frames(mask: Mask) -> Mask:
    """The sides of boxes around single characters."""
    found = connected_components(mask)
    gone = np.zeros_like(mask)
    for number, (left, top, right, bottom) in enumerate(found.boxes.tolist(), start=1):
        if min(right - left, bottom - top) < _LEAST_SIDE_PX:
            continue
        place = np.s_[top:bottom, left:right]
        own = found.labels[place] == number
        band = max(3, round(0.08 * min(own.shape)))
        edges = (
            own[:band].any(axis=0),
            own[-band:].any(axis=0),
            own[:, :band].any(axis=1),
            own[:, -band:].any(axis=1),
        )
        inner = np.s_[band:-band, band:-band]
        if min(edge.mean() for edge in edges) < _FRAME_FILLED or not mask[place][inner].any():
            continue
        if own[inner].mean() < 0.3:
            rim = own.copy()
            rim[inner] = False
            gone[place] |= rim
    return gone


def _widened(mask: Mask) -> Mask:
    """Grown by a pixel on each side: a rule's soft edge goes with it."""
    wide = mask.copy()
    wide[1:] |= mask[:-1]
    wide[:-1] |= mask[1:]
    grown = wide.copy()
    grown[:, 1:] |= wide[:, :-1]
    grown[:, :-1] |= wide[:, 1:]
    return grown
