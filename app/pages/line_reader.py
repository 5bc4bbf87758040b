"""One line, cut and heard → what it says."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.pages.case import share_by_case
from app.pages.components import Box
from app.pages.context import Evidence, anything_follows, as_number, follows, kind_of
from app.pages.expectations import Expectation
from app.pages.lattice import Arc, Decoded, Step, decode
from app.pages.marks import mark_weights, marks_left_out
from app.pages.readings import GlyphReading, LineReading
from app.pages.segment import Pieces, Segment
from app.pages.strips import Said
from app.recognition.alphabets import COMBINED, DIGITS
from app.recognition.normalize import Glyph, glyph_from_crop
from app.recognition.recognizer import Candidate, Prediction
from app.recognition.service import RecognitionRoom

_DOUBTFUL_BELOW = 0.8
"""A character is looked at by a person when it is less sure than this."""

_LEAST_SHARE = 0.005
"""A free reading does not consider a character that its network gives less."""

_SPACE_SHARE, _SPACE_TIMES = 0.45, 2.2
"""A gap is a space from this share of the line's height on, and from so many times the usual gap."""

_HOPELESS = -6.5
"""Log-odds under which several pieces are not tried as one character."""

_TOUCHING_LOG_ODDS, _TOUCHING_BY_WIDTH, _TOUCHING_MOST = -4.0, 2.0, -0.5
"""Of a cut through ink that is as wide as the line is high, how they grow with its width, and their most."""

_FEWEST_DIGITS = 3
"""A line that says so many digits and nothing else is a number."""

_LEAST_STRIP = -8.0
"""The least logarithm of a probability that strips say."""

_BESIDE = 8.0
"""What it costs a cut digit, in logarithms, to lie a height beside the place where it is said."""

_SEVERAL = -11.0
"""Logarithm of the odds that what stands alone is several digits."""

_SMALL_SHARE, _SMALL_DIRT, _DIRT = 0.3, -1.0, -12.0
"""Logarithm of the odds that a piece is nothing at all: below this share of the height, and above."""

_WRITTEN_LIKENESS = 0.5
"""Probability of being a character from which on something was written and must be said."""

_LEAST_LIKENESS = 0.12
"""Mean probability that what a line was cut into are characters of its alphabet; below, it is no writing."""


@dataclass(frozen=True)
class Unread:
    """A line without a reading: because nothing fits what is expected, or because it is no writing.

    `likeness` is the mean probability that the `length` parts it falls into are whole characters at all.
    """

    box: Box
    likeness: float
    length: int

    @property
    def is_writing(self) -> bool:
        return self.likeness >= _LEAST_LIKENESS


class LineReader:
    """Reads the lines of one page along one expectation."""

    def __init__(self, room: RecognitionRoom, expected: Expectation) -> None:
        self._recognizer = room.recognizer(expected.alphabet.name)
        self._expected = expected
        self._follows = follows(expected.alphabet) if expected.is_free else None
        self._may_be_number = expected.is_free and expected.alphabet is COMBINED
        self._minds_case = expected.alphabet.name != "digit" and not expected.is_caseless

    def read(self, pieces: Pieces, segments: list[Segment], heard: Evidence) -> LineReading | Unread:
        """The line's most probable reading, unless it looks like no writing or none fits."""
        arcs = self._arcs(pieces, segments, heard)
        decoded = self._decoded(arcs, pieces)
        if decoded is None:
            anything = self._decoded(arcs, pieces, Expectation("", self._expected.alphabet))
            steps = anything.steps if anything else ()
            return Unread(pieces.line.box, _likeness(steps, heard), len(steps))
        likeness = _likeness(decoded.steps, heard)
        if likeness < _LEAST_LIKENESS:
            return Unread(pieces.line.box, likeness, len(decoded.steps))
        if self._minds_case and any(step.character.isalpha() for step in decoded.steps):
            chosen = [step.segment for step in decoded.steps]
            boxes = [segment.box for segment in segments]
            shares = share_by_case(
                heard.shares,
                boxes,
                chosen,
                self._expected.alphabet,
                self._recognizer.heights,
                pieces.line.height,
            )
            heard = replace(heard, shares=shares)
            decoded = self._decoded(self._arcs(pieces, segments, heard), pieces) or decoded
        if self._is_number(decoded):
            heard = as_number(heard, pieces, segments)
            decoded = self._decoded(self._arcs(pieces, segments, heard), pieces) or decoded
        glyphs = self._glyphs(decoded.steps, segments, heard)
        left_out = marks_left_out([segments[step.segment] for step in decoded.steps], segments, pieces.line)
        return LineReading(decoded.text, decoded.confidence, pieces.line.box, glyphs, likeness, left_out)

    def _is_number(self, decoded: Decoded) -> bool:
        """Whether a line of which nothing was known says nothing but digits, and enough of them to be no accident."""
        said = "".join(step.character for step in decoded.steps)
        return self._may_be_number and len(said) >= _FEWEST_DIGITS and set(said) <= set(DIGITS)

    def _decoded(
        self, arcs: list[Arc], pieces: Pieces, expected: Expectation | None = None
    ) -> Decoded | None:
        return decode(
            len(pieces),
            arcs,
            expected or self._expected,
            self._follows or anything_follows,
            kind_of if self._follows else lambda _: "any",
        )

    def _arcs(self, pieces: Pieces, segments: list[Segment], heard: Evidence) -> list[Arc]:
        spaces, line = space_share(pieces), pieces.line
        written = written_pieces(segments, heard)
        arcs = []
        for number, segment in enumerate(segments):
            odds = float(heard.odds[number])
            is_several = heard.strips is not None and number in heard.strips.several
            if odds < _HOPELESS and segment.end - segment.start > 1 and not is_several:
                continue
            options = self._options(heard.shares[number], odds + cut_weight(segment))
            if heard.strips:
                options = _with_strips(options, heard.strips, number)
            strange, surely = float(heard.strange[number]), self._surely(number, heard)
            options |= mark_weights(segment, line, self._expected.marks, strange, surely)
            if segment.end - segment.start == 1:
                options |= dirt_weight(segment, line.height, is_written=segment.start in written)
            arcs.append(Arc(number, segment.start, segment.end, options, segment.gap_before > spaces))
        return arcs

    def _surely(self, number: int, heard: Evidence) -> str | None:
        """The character that a segment is, if it looks like one at all."""
        if heard.likeness[number] < _WRITTEN_LIKENESS:
            return None
        return self._expected.alphabet.characters[int(heard.shares[number].argmax())]

    def _options(self, shares: NDArray[np.float64], odds: float) -> dict[str, float]:
        """Logarithms of weights by what is said; where case does not matter, of either case together."""
        options: dict[str, float] = {}
        least = _LEAST_SHARE if self._expected.is_free else 0.0
        for character, share in zip(self._expected.alphabet, shares.tolist(), strict=True):
            said = character.upper() if self._expected.is_caseless else character
            options[said] = options.get(said, 0.0) + share
        return {c: odds + math.log(max(s, 1e-6)) for c, s in options.items() if s >= least}

    def _glyphs(
        self, steps: tuple[Step, ...], segments: list[Segment], heard: Evidence
    ) -> tuple[GlyphReading, ...]:
        """With what the network of the alphabet says of each alone; nothing for signs, which it does not know."""
        shown = [part for step in steps for part in _characters(step, segments, heard)]
        read = [part for part in shown if part.character.isalnum()]
        if not read:
            return tuple(_glyph(part, None) for part in shown)
        glyphs = np.stack([part.glyph for part in read])
        crops = [part.segment.crop for part in read]
        said = iter(self._recognizer.predictions(self._rows(read), glyphs, crops))
        return tuple(_glyph(part, next(said) if part.character.isalnum() else None) for part in shown)

    def _rows(self, read: list["_Shown"]) -> NDArray[np.float32]:
        """(N, C + 1): what the network said of segments; of the parts of those that are several it is asked now."""
        unheard = [part.glyph for part in read if part.row is None]
        asked = iter(self._recognizer.probabilities(np.stack(unheard)) if unheard else ())
        return np.stack([next(asked) if part.row is None else part.row for part in read])


class _Shown(NamedTuple):
    """One character of a reading, the probabilities of what may stand there, and where it stands."""

    character: str
    shares: Mapping[str, float]
    segment: Segment
    glyph: Glyph
    row: NDArray[np.float32] | None
    """What the network said of the glyph; None while it was not asked."""


def _characters(step: Step, segments: list[Segment], heard: Evidence) -> list[_Shown]:
    """The character of a step, or each of several."""
    at, count = step.segment, len(step.character)
    if count < 2:
        return [_Shown(step.character, step.shares, segments[at], heard.glyphs[at], heard.rows[at])]
    assert heard.strips is not None
    whole = segments[at]
    places = heard.strips.places(whole, step.character)
    parts = _chain(whole, step.character, places, segments, heard.shares) or whole.parted(places)
    shown = []
    for place, part in enumerate(parts):
        shares: dict[str, float] = {}
        for text, share in step.shares.items():
            if len(text) == count:
                shares[text[place]] = shares.get(text[place], 0.0) + share
        shown.append(_Shown(step.character[place], shares, part, glyph_from_crop(part.crop), None))
    return shown


def _chain(
    whole: Segment, text: str, places: list[float], segments: list[Segment], shares: NDArray[np.float64]
) -> list[Segment] | None:
    """The segments that a whole falls into, one for each digit of a text, that say them best and where they are said.

    `places` are the digits'. None where no cuts allow it.
    """
    within = [n for n, s in enumerate(segments) if whole.start <= s.start and s.end <= whole.end]
    best: dict[tuple[int, int], tuple[float, list[Segment]]] = {(whole.start, 0): (0.0, [])}
    for number in sorted(within, key=lambda n: segments[n].start):
        segment = segments[number]
        for place, digit in enumerate(text):
            known = best.get((segment.start, place))
            if known is None:
                continue
            beside = abs(segment.box.centre_x - places[place]) / whole.box.height
            fit = known[0] + math.log(shares[number, DIGITS.index(digit)]) - _BESIDE * beside
            after = segment.end, place + 1
            if after not in best or fit > best[after][0]:
                best[after] = fit, [*known[1], segment]
    found = best.get((whole.end, len(text)))
    return found[1] if found else None


def _with_strips(options: dict[str, float], said: Said, number: int) -> dict[str, float]:
    """The options of a segment, each weighed by what the strips say of it, and texts of several digits beside them."""
    ones = said.ones[number].clip(_LEAST_STRIP, 0.0).tolist()
    weighed = {digit: weight + ones[DIGITS.index(digit)] for digit, weight in options.items()}
    for text, share in said.several.get(number, {}).items():
        weighed[text] = _SEVERAL + math.log(share / max(1 - share, 1e-3))
    return weighed


def _glyph(shown: _Shown, prediction: Prediction | None) -> GlyphReading:
    ranked = sorted(shown.shares.items(), key=lambda item: -item[1])
    candidates = tuple(Candidate(c, p) for c, p in ranked if len(c) == 1)
    confidence = min(shown.shares[shown.character], 1.0)
    is_doubtful = confidence < _DOUBTFUL_BELOW
    return GlyphReading(shown.character, shown.segment.box, candidates, confidence, is_doubtful, prediction)


def cut_weight(segment: Segment) -> float:
    """Logarithm of the odds that neighbours touch at all, for a segment that begins at a cut."""
    if segment.cut_before == 0:
        return 0.0
    return min(_TOUCHING_MOST, _TOUCHING_LOG_ODDS + _TOUCHING_BY_WIDTH * (segment.whole - 1))


def written_pieces(segments: list[Segment], heard: Evidence) -> set[int]:
    """Pieces that are part of something which looks like a character: no reading may leave them out."""
    return {
        piece
        for segment, likeness in zip(segments, heard.likeness.tolist(), strict=True)
        if likeness >= _WRITTEN_LIKENESS
        for piece in range(segment.start, segment.end)
    }


def dirt_weight(segment: Segment, height: float, *, is_written: bool) -> dict[str, float]:
    """Logarithm of the odds that a piece is nothing at all; none where it cannot be."""
    if max(segment.box.width, segment.box.height) < _SMALL_SHARE * height:
        return {"": _SMALL_DIRT}
    return {} if is_written else {"": _DIRT}


def space_share(pieces: Pieces) -> float:
    """The least gap, in heights, that is a space between words."""
    apart = pieces.gaps[pieces.gaps > 0] / pieces.line.height
    usual = float(np.median(apart)) if apart.size else 0.0
    return max(_SPACE_SHARE, _SPACE_TIMES * usual)


def _likeness(steps: tuple[Step, ...], heard: Evidence) -> float:
    """Mean probability that the segments of a reading are characters, or several of them."""
    likely = [
        heard.strips.several[step.segment][step.character]
        if heard.strips and len(step.character) > 1
        else float(heard.likeness[step.segment])
        for step in steps
        if step.character.isalnum()
    ]
    return sum(likely) / len(likely) if likely else 0.0
