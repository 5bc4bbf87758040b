"""Two digits that touch, read together: where no cut parts them, a network that has seen many such pairs still does.

Reading them in one look instead of cutting them apart follows A. Hochuli et al., "Handwritten digit segmentation: is
it still necessary?" (Pattern Recognition 78, 2018). `app.training.pairs` trains the network.
"""

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.segment import Segment
from app.recognition.alphabets import DIGITS
from app.recognition.engine import Engine, LiteRTEngine
from app.recognition.normalize import Ink

TRAINED = Path(__file__).parent / "pairs.tflite"

PAIR_PX = (28, 40)
"""Height and width of what the network sees."""

_BOX_PX = (24, 36)

_LEAST_WIDTH = 0.3
"""Of a pair, in heights of the line."""

_SURELY_ONE = 4.0
"""Log-odds of being one character, from which on what stands alone is no pair."""

_WIDE = 2.1
"""Of a component, in heights of the line, from which on two neighbours out of more digits may be a pair in it."""

_BY_ANSWER, _BY_ODDS, _BY_DOUBT, _BIAS = 0.7, -0.35, 0.38, -1.6
"""Whether what stands alone is two digits: by the pair network, the odds of being one, and how unsure that one is."""

_ALONE_SCALE, _WITHIN_SCALE, _MOST_ODDS = 4.0, 2.0, 6.0
"""Of the log-odds, beside those of digits that were cut apart; and the highest."""

_LEAST_SHARE = 1e-4


class Pair(NamedTuple):
    """A segment as two digits: (10,) and (10,) are probabilities of either, `share` that it is a pair at all.

    `odds` is the logarithm of its weight beside other ways to read it.
    """

    first: NDArray[np.float32]
    second: NDArray[np.float32]
    share: float
    odds: float


def pair_glyph(crop: Ink) -> NDArray[np.float32]:
    """Scale a crop, its aspect kept, into the middle of the network's picture: (28, 40, 1) in [0, 1]."""
    scale = min(_BOX_PX[0] / crop.shape[0], _BOX_PX[1] / crop.shape[1])
    height, width = (max(1, round(side * scale)) for side in crop.shape)
    picture = Image.fromarray(np.ascontiguousarray(crop))
    small = np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC, reducing_gap=2.0))
    glyph = np.zeros((*PAIR_PX, 1), np.float32)
    top, left = (PAIR_PX[0] - height) // 2, (PAIR_PX[1] - width) // 2
    glyph[top : top + height, left : left + width, 0] = small / np.float32(max(int(small.max()), 1))
    return glyph


def hear_pairs(
    segments: list[Segment], shares: NDArray[np.float64], odds: NDArray[np.float64], height: float
) -> dict[int, Pair]:
    """Those segments of a line that may be two touching digits, by their number.

    `shares` (N, 10) are what each says as one digit, `odds` (N,) the logarithms of the odds that it is one.
    """
    asked = _perhaps_pairs(segments, odds, height)
    if not asked:
        return {}
    answers = _network().probabilities(np.stack([pair_glyph(segments[i].crop) for i in asked]))
    return {
        i: Pair(
            answer[:10], answer[10:20], float(answer[20]), _weight(segments[i], answer, shares[i], odds[i])
        )
        for i, answer in zip(asked, answers, strict=True)
    }


def _weight(segment: Segment, answer: NDArray[np.float32], shares: NDArray[np.float64], odds: float) -> float:
    share = float(np.clip(answer[20], 1e-3, 1 - 1e-3))
    answered = math.log(share / (1 - share))
    if not segment.stands_alone:
        return _WITHIN_SCALE * answered
    doubt = math.log(max(1 - float(shares.max()), 1e-3))
    two = _BY_ANSWER * answered + _BY_ODDS * max(odds, -5.0) + _BY_DOUBT * doubt + _BIAS
    return _ALONE_SCALE * min(two, _MOST_ODDS)


def pair_weights(pair: Pair) -> dict[str, float]:
    """Logarithms of the weights of what a pair may say."""
    both = np.outer(pair.first, pair.second)
    first, second = np.nonzero(both >= _LEAST_SHARE)
    return {
        DIGITS.characters[a] + DIGITS.characters[b]: pair.odds + math.log(both[a, b])
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    }


def _perhaps_pairs(segments: list[Segment], odds: NDArray[np.float64], height: float) -> list[int]:
    """Numbers of segments without a gap inside, no part of which is surely one character alone.

    They stand alone, or lie in a component so wide that it may be more than two digits.
    """
    closed: set[int] = set()
    for segment, odd in zip(segments, odds.tolist(), strict=True):
        if odd >= _SURELY_ONE and segment.stands_alone:
            closed.update(range(segment.start, segment.end))
    return [
        number
        for number, segment in enumerate(segments)
        if segment.box.width >= _LEAST_WIDTH * height
        and segment.inner_gap <= 0
        and (segment.stands_alone or segment.whole > _WIDE)
        and closed.isdisjoint(range(segment.start, segment.end))
    ]


def split_pair(
    number: int, said: str, segments: Sequence[Segment], shares: NDArray[np.float64]
) -> tuple[Segment, Segment]:
    """The two segments that a pair falls into: at the cut that leaves the digits that were `said` likeliest."""
    pair = segments[number]
    first, second = (DIGITS.index(digit) for digit in said)
    best, found = -math.inf, None
    rights = {s.start: i for i, s in enumerate(segments) if s.end == pair.end}
    for left, segment in enumerate(segments):
        right = rights.get(segment.end)
        if segment.start != pair.start or right is None:
            continue
        fit = math.log(shares[left, first]) + math.log(shares[right, second])
        if fit > best:
            best, found = fit, (segment, segments[right])
    return found or pair.halves()


@cache
def _network() -> Engine:
    return LiteRTEngine(TRAINED)
