"""Points, strokes and signs between characters: no network reads them, so size and place must tell."""

import math
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from app.pages.components import Box
from app.pages.lines import Line
from app.pages.segment import Segment

_UNLIKELY = -6.0

_LEAST_MARK = 0.05
"""Of the line's height, what is no speck."""

_SIGN_LOG_WEIGHT = -3.0
"""Of a currency sign or a plus: anything of a character's size may be one, where the pattern has a place for it."""


_LOOK_ALIKES: Mapping[str, str] = MappingProxyType({"/": "17lIJ", "(": "16CcGlI", ")": "137JlI"})
"""What else a large mark may be taken for: ink that is surely another character is no such mark."""


def mark_weights(
    segment: Segment, line: Line, marks: Iterable[str], strange: float, character: str | None
) -> dict[str, float]:
    """Logarithms of how well a segment fits each of `marks`, beside a character that fits well at about 5.

    `strange` is the probability that it is no character of the network's, `character` what it surely is, if anything.
    """
    return {
        mark: _weight(mark, segment, line, strange)
        for mark in marks
        if character is None or character in _LOOK_ALIKES.get(mark, character)
    }


def marks_left_out(said: Sequence[Segment], segments: Sequence[Segment], line: Line) -> tuple[Box, ...]:
    """Where ink between what was `said` may be a point, comma, colon, apostrophe or dash."""
    pieces = {piece for segment in said for piece in range(segment.start, segment.end)}
    between = set(range(min(pieces, default=0), max(pieces, default=0))) - pieces
    marks = [each for each in segments if each.start in between and each.end == each.start + 1]
    return tuple(mark.box for mark in marks if _may_be_meant(mark, line))


def _may_be_meant(mark: Segment, line: Line) -> bool:
    """Whether it is no speck, and placed as a sign is."""
    size = max(mark.box.width, mark.box.height) / line.height
    return size >= _LEAST_MARK and any(_weight(sign, mark, line, 0.0) > 0 for sign in ".,:'-")


def _weight(mark: str, segment: Segment, line: Line, strange: float) -> float:
    box, height = segment.box, line.height
    width, tall = box.width / height, box.height / height
    is_low = box.centre_y > line.box.bottom - 0.45 * height
    if mark in ".,'":
        is_placed = is_low if mark != "'" else not is_low
        fits = is_placed and width < 0.35 and tall < (0.3 if mark == "." else 0.6)
        return 4.0 + (0.3 if (tall > 0.25) == (mark != ".") else 0.0) if fits else _UNLIKELY
    if mark == "-":
        return 4.0 if tall < 0.3 and width > 1.3 * tall else _UNLIKELY
    if mark == ":":
        return 2.0 if segment.inner_gap <= 0 and width < 0.3 and tall > 0.3 else _UNLIKELY
    if mark in "/()":
        return 0.5 if tall > 0.6 and width < 0.8 * tall else _UNLIKELY
    return _SIGN_LOG_WEIGHT + 3 * math.sqrt(strange) if tall > 0.4 else _UNLIKELY
