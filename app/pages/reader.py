"""A picture of a page → its lines of handwriting."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from app.pages.components import Box, Components, connected_components
from app.pages.context import evidence
from app.pages.expectations import Expectation
from app.pages.fields import parse_expectation
from app.pages.handwriting import INK_LEVEL, handwriting, has_sheet, stroke_width
from app.pages.line_reader import LineReader, Unread
from app.pages.lines import are_tangled, find_lines, usual_height
from app.pages.orientation import upright_turn
from app.pages.placing import Placing
from app.pages.readings import LineReading, PageReading
from app.pages.segment import Pieces, Segment, cut_line, segments_of
from app.recognition.errors import NoInk, NothingToRead, Word
from app.recognition.normalize import Ink
from app.recognition.service import RecognitionRoom

_FEWEST_FOR_TEXTURE, _LEAST_PAGE_LIKENESS = 5, 0.72
"""Of so many lines or more, the share and the likeness together of those that were read; below, nothing was written.

Among dirt, of any number of lines.
"""

_MOST_MARKS, _FEWEST_READ = 40, 5
"""Marks on a page for each character that was read, taken to be so many at least. Grainy paper has up to 7."""

_BARS = frozenset("1lI| \n")
"""What a straight edge is taken for."""

_MOST_SEGMENTS = 12_000
"""A page with more is no page of handwriting."""


@dataclass(frozen=True)
class Writing:
    """What is written on a page.

    Attributes:
        ink: uint8 (H, W).
        found: the components of its ink.
        stroke_px: usual width of the strokes.
        height: usual height of the writing, in pixels; 0 when there is none.
    """

    ink: Ink
    found: Components
    stroke_px: float
    height: float


class PageReader:
    """Reads pages with the networks of a room. Safe to share between threads."""

    def __init__(self, room: RecognitionRoom) -> None:
        self._room = room

    def read(self, image: Image.Image, expect: Expectation | None = None) -> PageReading:
        """Read a page, from a decoded picture of any mode and size.

        Raises NoInk on blank paper, NothingToRead when nothing on it looks like handwriting that fits `expect`,
        NoNetwork when the network it takes is not installed.
        """
        expected = expect or parse_expectation("any")
        reading = self._reading(image, expected)
        if reading is None or (_has_bars_alone(reading) and has_sheet(image)):
            clean = self._reading(image, expected, among_dirt=True)
            if reading is None or (clean and _is_bars(Counter(reading.text) - Counter(clean.text))):
                reading = clean
        if reading is None:
            raise NothingToRead(
                "No handwriting that could be read was found in this picture. Photograph the page from closer by."
            )
        return reading

    def _reading(
        self, image: Image.Image, expected: Expectation, *, among_dirt: bool = False
    ) -> PageReading | None:
        """None where nothing could be read."""
        ink, skew = handwriting(image, among_dirt=among_dirt)
        page = writing_on(ink)
        if not len(page.found):
            if among_dirt:
                return None
            raise NoInk("There is nothing to read: the picture is blank. Upload one with writing on it.")
        turn = upright_turn(self._room, expected.alphabet, page.ink, page.found, page.height)
        if turn:
            page = writing_on(np.ascontiguousarray(np.rot90(page.ink, -turn // 90)))
        placing = Placing(image.size, turn, (page.ink.shape[1], page.ink.shape[0]), skew)
        lines, unread = self._lines(page, expected, 1 if among_dirt else _FEWEST_FOR_TEXTURE)
        if unread and not lines and not among_dirt:
            raise _does_not_fit(expected)
        if not lines:
            return None
        placed = tuple(placing.line(line) for line in lines)
        return PageReading(turn, skew, placing.size, placed, tuple(placing.box(box) for box in unread))

    def _lines(
        self, page: Writing, expected: Expectation, fewest_for_texture: int
    ) -> tuple[list[LineReading], list[Box]]:
        cut = _cut(page)
        if not cut or sum(len(segments) for _, segments in cut) > _MOST_SEGMENTS:
            return [], []
        heard = evidence(self._room, expected.alphabet, cut)
        reader = LineReader(self._room, expected)
        read = [reader.read(*parts, said) for parts, said in zip(cut, heard, strict=True)]
        lines = [line for line in read if isinstance(line, LineReading)]
        others = [line for line in read if isinstance(line, Unread)]
        if _is_texture(lines, others, fewest_for_texture) or _is_dust(lines, len(page.found)):
            return [], []
        return lines, [line.box for line in others if line.is_writing]


def _does_not_fit(expected: Expectation) -> NothingToRead:
    """Why nothing was read where there is writing."""
    if expected.has_check:
        return NothingToRead(
            "There is writing here, but no line that fits “%(expected)s” has the right check digits.",
            expected=Word(expected.name),
        )
    return NothingToRead(
        "There is writing here, but it does not fit “%(expected)s”. Check what you told it to expect.",
        expected=Word(expected.name),
    )


def _has_bars_alone(reading: PageReading) -> bool:
    """Whether a line says nothing but bars, as the edge of a sheet or the grain of a table does."""
    return any(_is_bars(line.text) for line in reading.lines)


def _is_bars(characters: Iterable[str]) -> bool:
    return set(characters) <= _BARS


def _is_texture(lines: list[LineReading], others: list[Unread], fewest: int) -> bool:
    """Whether what looked like `fewest` lines or more is fur, leaves, a pattern: hardly any looks like characters.

    Writing that does not fit what is expected looks like characters, too.
    """
    num_found = len(lines) + len(others)
    if num_found < fewest or not lines:
        return False
    written = [(line.likeness, len(line.glyphs)) for line in lines]
    written += [(other.likeness, other.length) for other in others if other.is_writing]
    likenesses, lengths = zip(*written, strict=True)
    likeness = np.average(likenesses, weights=lengths)
    return bool(likeness * len(written) / num_found < _LEAST_PAGE_LIKENESS)


def writing_on(ink: Ink) -> Writing:
    """The components of a page's ink, and its measures."""
    mask = ink >= INK_LEVEL
    found, stroke = connected_components(mask), stroke_width(mask)
    return Writing(ink, found, stroke, usual_height(found, stroke))


def _is_dust(lines: list[LineReading], num_found: int) -> bool:
    """Whether hardly any of the marks on a page belong to what was read: wood grain, or a stained wall."""
    num_read = sum(len(line.glyphs) for line in lines)
    return num_found > _MOST_MARKS * max(num_read, _FEWEST_READ)


def find_pieces(ink: Ink) -> list[tuple[Pieces, list[Segment]]]:
    """The lines of an upright page, in pieces, and the segments of each that may be characters."""
    return _cut(writing_on(ink))


def _cut(page: Writing) -> list[tuple[Pieces, list[Segment]]]:
    lines = find_lines(page.found, page.height) if len(page.found) else []
    if are_tangled(lines):
        return []
    cut = [cut_line(line, page.found, page.ink, page.stroke_px) for line in lines]
    return [(pieces, segments_of(pieces)) for pieces in cut if len(pieces)]
