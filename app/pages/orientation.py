"""Which way up a page is, and how much its lines slope."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.components import Components
from app.pages.goodness import glyph_log_share
from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.normalize import Ink, glyph_from_crop
from app.recognition.service import RecognitionRoom

_MOST_ASKED, _ASKED_AT_ONCE = 40, 8
"""Components shown to the networks in all four turns, and so many of them at once."""

_PRIOR = (0.0, -4.0, -5.0, -4.0)
"""Logarithms of weights for turns of 0, 90, 180 and 270 degrees clockwise: most pictures are upright."""

_LETTERS_ARE_MANY = 0.3
"""Among 52 letters something is always alike: what that is worth, for each component."""

_ALONG_LINES = 1.5
"""Logarithm of the weight of turns in which the neighbours of a component stand beside it, not above, at the most."""

_MOST_SKEW_DEG, _COARSE_DEG, _FINE_DEG = 14.0, 1.0, 0.2
_SKEW_PX = 500
"""Longer side of the picture that the slope is measured on."""

_LEAST_GAIN = 1.02
"""A slope is believed when it makes the profile so much sharper than none does."""


def upright_turn(
    room: RecognitionRoom, alphabet: Alphabet, ink: Ink, found: Components, height: float
) -> int:
    """0, 90, 180 or 270: the clockwise turn after which the components look most like characters.

    The other turns are asked about a few components at a time, and only while one of them may still win: a sum of
    logarithms of probabilities only falls.
    """
    crops = [_crop(ink, found, i) for i in _typical(found, height)]
    if not crops:
        return 0
    kinds = (DIGITS, LETTERS) if alphabet is COMBINED else (alphabet,)
    priors = np.array(_PRIOR) + _ALONG_LINES * _sidewards(found, height) * np.array([1, -1, 1, -1])
    sums = np.zeros((4, len(kinds)))
    sums[:1] = _log_shares(room, kinds, crops, turns=(0,))
    for start in range(0, len(crops), _ASKED_AT_ONCE):
        if not (_log_likelihoods(sums, len(crops)) + priors).argmax():
            return 0
        sums[1:] += _log_shares(room, kinds, crops[start : start + _ASKED_AT_ONCE], turns=(1, 2, 3))
    return int((_log_likelihoods(sums, len(crops)) + priors).argmax()) * 90


def _log_shares(
    room: RecognitionRoom, kinds: Sequence[Alphabet], crops: Sequence[Ink], turns: Sequence[int]
) -> NDArray[np.float64]:
    """(turns, kinds): how much crops look like characters of each kind in each turn, in quarters clockwise."""
    turned = [glyph_from_crop(np.ascontiguousarray(np.rot90(crop, -k))) for k in turns for crop in crops]
    glyphs = np.stack(turned)
    shares = [glyph_log_share(room.recognizer(kind.name).probabilities(glyphs)) for kind in kinds]
    return np.asarray(np.stack(shares, axis=1).reshape(len(turns), len(crops), -1).sum(axis=1))


def _log_likelihoods(sums: NDArray[np.float64], num_crops: int) -> NDArray[np.float64]:
    """(4, kinds) → (4,). Where both kinds may come, a page is taken to be of one: that tells its way up best."""
    if sums.shape[1] == 1:
        return sums[:, 0]
    return np.asarray(np.logaddexp(sums[:, 0], sums[:, 1] - _LETTERS_ARE_MANY * num_crops))


def _typical(found: Components, height: float) -> list[int]:
    """Components of the size of a character, spread over the page."""
    sizes = np.maximum(found.boxes[:, 3] - found.boxes[:, 1], found.boxes[:, 2] - found.boxes[:, 0])
    chosen = np.flatnonzero((sizes > 0.5 * height) & (sizes < 2 * height))
    step = max(1, len(chosen) // _MOST_ASKED)
    return [int(i) for i in chosen[::step][:_MOST_ASKED]]


def _crop(ink: Ink, found: Components, index: int) -> Ink:
    left, top, right, bottom = found.boxes[index].tolist()
    own = found.labels[top:bottom, left:right] == index + 1
    return np.where(own, ink[top:bottom, left:right], 0).astype(np.uint8)


def _sidewards(found: Components, height: float) -> float:
    """From −1, the nearest neighbours stand above or below, to 1, they stand beside."""
    sizes = (found.boxes[:, 2:] - found.boxes[:, :2]).max(axis=1)
    boxes = found.boxes[(sizes > 0.4 * height) & (sizes < 3 * height)][:400].astype(float)
    if len(boxes) < 3:
        return 0.0
    gaps = np.maximum(boxes[:, None, :2] - boxes[None, :, 2:], boxes[None, :, :2] - boxes[:, None, 2:]).clip(
        0
    )
    reach = np.hypot(gaps[..., 0], gaps[..., 1])
    np.fill_diagonal(reach, np.inf)
    nearest = reach.argmin(axis=1)
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    off = np.abs(middles - middles[nearest])
    return float(np.sign(off[:, 0] - off[:, 1]).mean())


def skew_degrees(mask: NDArray[np.bool_]) -> float:
    """By how many degrees the lines of an upright page fall to the right; 0 when no slope is better than none."""
    picture = Image.fromarray((mask * 255).astype(np.uint8))
    picture.thumbnail((_SKEW_PX, _SKEW_PX), Image.Resampling.BOX)
    ys, xs = np.nonzero(np.asarray(picture) > 60)
    if len(ys) < 20:
        return 0.0
    coarse = np.arange(-_MOST_SKEW_DEG, _MOST_SKEW_DEG + 0.1, _COARSE_DEG)
    best = float(coarse[np.argmax([_sharpness(xs, ys, a) for a in coarse.tolist()])])
    fine = np.arange(best - _COARSE_DEG, best + _COARSE_DEG + 0.01, _FINE_DEG)
    best = float(fine[np.argmax([_sharpness(xs, ys, a) for a in fine.tolist()])])
    return best if _sharpness(xs, ys, best) > _LEAST_GAIN * _sharpness(xs, ys, 0.0) else 0.0


def _sharpness(xs: NDArray[np.intp], ys: NDArray[np.intp], degrees: float) -> float:
    """Sum of squares of the profile of rows, when lines fall by so many degrees to the right."""
    rows = ys - xs * np.tan(np.radians(degrees))
    profile = np.bincount(np.rint(rows - rows.min()).astype(np.intp)).astype(float)
    return float(profile @ profile)
