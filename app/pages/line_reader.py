"""One line, cut and heard → what it says."""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.pages.case import share_by_case
from app.pages.components import Box
from app.pages.context import Evidence, anything_follows, follows, kind_of
from app.pages.expectations import Expectation
from app.pages.lattice import Arc, Decoded, Step, decode
from app.pages.marks import mark_weights
from app.pages.readings import GlyphReading, LineReading
from app.pages.segment import Pieces, Segment
from app.recognition.alphabets import COMBINED
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

_SMALL_SHARE, _SMALL_DIRT, _DIRT = 0.3, -1.0, -12.0
"""Logarithm of the odds that a piece is nothing at all: below this share of the height, and above."""

_LEAST_LIKENESS = 0.12
"""Mean probability that what a line was cut into are characters of its alphabet; below, it is no writing."""


@dataclass(frozen=True)
class Unread:
    """A line without a reading: because nothing fits what is expected, or because it is no writing."""

    box: Box
    is_writing: bool


class LineReader:
    """Reads the lines of one page along one expectation."""

    def __init__(self, room: RecognitionRoom, expected: Expectation) -> None:
        self._recognizer = room.recognizer(expected.alphabet.name)
        self._expected = expected
        self._minds_case = expected.alphabet.name != "digit" and not expected.is_caseless

    def read(self, pieces: Pieces, segments: list[Segment], heard: Evidence) -> LineReading | Unread:
        """The line's most probable reading, unless it looks like no writing or none fits."""
        decoded = self._decoded(pieces, segments, heard)
        if decoded is None:
            return Unread(pieces.line.box, is_writing=True)
        likeness = _likeness(decoded.steps, heard)
        if likeness < _LEAST_LIKENESS:
            return Unread(pieces.line.box, is_writing=False)
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
            decoded = self._decoded(pieces, segments, heard) or decoded
        glyphs = self._glyphs(decoded.steps, segments, heard)
        return LineReading(decoded.text, decoded.confidence, pieces.line.box, glyphs, likeness)

    def _decoded(self, pieces: Pieces, segments: list[Segment], heard: Evidence) -> Decoded | None:
        minds_kinds = self._expected.is_free and self._expected.alphabet is COMBINED
        return decode(
            len(pieces),
            self._arcs(pieces, segments, heard),
            self._expected,
            follows if minds_kinds else anything_follows,
            kind_of if minds_kinds else lambda _: "any",
        )

    def _arcs(self, pieces: Pieces, segments: list[Segment], heard: Evidence) -> list[Arc]:
        spaces, line = space_share(pieces), pieces.line
        arcs = []
        for number, segment in enumerate(segments):
            odds = float(heard.odds[number])
            if odds < _HOPELESS and segment.end - segment.start > 1:
                continue
            options = self._options(heard.shares[number], odds + cut_weight(segment))
            strange = float(heard.strange[number])
            options |= mark_weights(segment, line, self._expected.marks, strange)
            if segment.end - segment.start == 1:
                options[""] = dirt_weight(segment, line.height)
            arcs.append(Arc(number, segment.start, segment.end, options, segment.gap_before > spaces))
        return arcs

    def _options(self, shares: NDArray[np.float64], odds: float) -> dict[str, float]:
        """Logarithms of weights by what is said; where case does not matter, of either case together."""
        options: dict[str, float] = {}
        least = _LEAST_SHARE if self._expected.is_free else 1e-6
        for character, share in zip(self._expected.alphabet, shares.tolist(), strict=True):
            said = character.upper() if self._expected.is_caseless else character
            options[said] = options.get(said, 0.0) + share
        return {
            c: odds + math.log(max(s, 1e-6))
            for c, s in options.items()
            if s >= least or not self._expected.is_free
        }

    def _glyphs(
        self, steps: tuple[Step, ...], segments: list[Segment], heard: Evidence
    ) -> tuple[GlyphReading, ...]:
        """With what the network of the alphabet says of each alone; nothing for signs, which it does not know."""
        read = [step.segment for step in steps if step.character.isalnum()]
        rows = self._recognizer.probabilities(heard.glyphs[read])
        said = self._recognizer.predictions(rows, heard.glyphs[read], [segments[i].crop for i in read])
        predictions = dict(zip(read, said, strict=True))
        return tuple(
            _glyph(step, segments[step.segment].box, predictions.get(step.segment)) for step in steps
        )


def _glyph(step: Step, box: Box, prediction: Prediction | None) -> GlyphReading:
    ranked = sorted(step.shares.items(), key=lambda item: -item[1])
    candidates = tuple(Candidate(c, p) for c, p in ranked if c)
    confidence = min(step.shares[step.character], 1.0)
    is_doubtful = confidence < _DOUBTFUL_BELOW or prediction is None
    return GlyphReading(step.character, box, candidates, confidence, is_doubtful, prediction)


def cut_weight(segment: Segment) -> float:
    """Logarithm of the odds that neighbours touch at all, for a segment that begins at a cut."""
    if segment.cut_before == 0:
        return 0.0
    return min(_TOUCHING_MOST, _TOUCHING_LOG_ODDS + _TOUCHING_BY_WIDTH * (segment.whole - 1))


def dirt_weight(segment: Segment, height: float) -> float:
    """Logarithm of the odds that a piece is nothing at all."""
    size = max(segment.box.width, segment.box.height) / height
    return _SMALL_DIRT if size < _SMALL_SHARE else _DIRT


def space_share(pieces: Pieces) -> float:
    """The least gap, in heights, that is a space between words."""
    reached, gaps = pieces.boxes[0].right, []
    for box in pieces.boxes[1:]:
        gaps.append((box.x - reached) / pieces.line.height)
        reached = max(reached, box.right)
    usual = float(np.median([g for g in gaps if g > 0] or [0.0]))
    return max(_SPACE_SHARE, _SPACE_TIMES * usual)


def _likeness(steps: tuple[Step, ...], heard: Evidence) -> float:
    """Mean probability that the segments of a reading are characters."""
    chosen = [step.segment for step in steps if step.character.isalnum()]
    return float(heard.likeness[chosen].mean()) if chosen else 0.0
