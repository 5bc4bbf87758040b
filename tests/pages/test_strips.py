"""Strips of digits say which digit is where, and what they say is summed over all ways to say it."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from app.pages.components import Box
from app.pages.fields import parse_expectation
from app.pages.line_reader import _chain, _with_strips
from app.pages.reader import PageReader, find_pieces
from app.pages.segment import Segment
from app.pages.strips import STRIP_PX, Said, Strip, hear_strips, strip_picture, usual_rows
from app.recognition.normalize import Ink
from tests.pages.columns import saying
from tests.pages.drawn import page


def bars(*places: int, width: int = 40, height: int = 48) -> Ink:
    """Upright strokes, four pixels wide, and one across that joins them."""
    ink = np.zeros((height, width), np.uint8)
    for column in places:
        ink[:, column : column + 4] = 255
    ink[height // 2 : height // 2 + 4, places[0] : places[-1]] = 255
    return ink


def segment(ink: Ink, start: int = 0, end: int = 1, cut_before: float = 0.0, x: int = 0) -> Segment:
    box = Box(x, 0, ink.shape[1], ink.shape[0])
    return Segment(start, end, box, ink, 1.0, 1.0, cut_before, 0.0, 0.0, 1.0)


def test_a_strip_keeps_its_shape_in_the_middle_of_the_height() -> None:
    picture = strip_picture(bars(0, 36), 0.5)
    rows, places = np.flatnonzero(picture.any(axis=1)), np.flatnonzero(picture.any(axis=0))
    assert picture.shape[0] == STRIP_PX
    assert picture.max() == 255
    assert (len(rows), len(places)) == (24, 20)
    assert rows[0] == STRIP_PX - 1 - rows[-1]


def test_a_long_tail_makes_no_other_digit_small() -> None:
    assert usual_rows([0, 2, 1, 0], [40, 42, 41, 90]) == usual_rows([0, 2, 1, 0], [40, 42, 41, 43])


def test_no_digit_is_parted() -> None:
    strip = Strip(0, 2, saying("-777-2--"), left=0.0, step=2.0)
    assert strip.between(-np.inf, 6.0) == (0, 4)
    assert strip.between(6.0, np.inf) == (4, 8)
    assert strip.between(2.0, 100.0) == (1, 8)


def test_each_digit_of_a_text_is_where_it_is_said() -> None:
    strip = Strip(0, 1, saying("-44--1-9"), left=10.0, step=2.0)
    said = Said(np.zeros((1, 10)), {}, (strip,), np.array([-np.inf, np.inf]))
    assert said.places(segment(bars(0, 36)), "419") == [13.0, 20.0, 24.0]


def test_what_strips_say_is_weighed_beside_the_other_networks() -> None:
    ones = np.full((1, 10), -20.0)
    ones[0, 4] = -0.1
    strip = Strip(0, 1, saying("4"), 0.0, 1.0)
    said = Said(ones, {0: {"47": 0.9}}, (strip,), np.array([-np.inf, np.inf]))
    weighed = _with_strips({"4": 1.0, "9": 2.0}, said, 0)
    assert weighed["4"] == pytest.approx(0.9)
    assert weighed["9"] == pytest.approx(2 - 8)
    assert weighed["47"] < weighed["4"]


def test_digits_that_touch_fall_into_the_segments_that_say_them() -> None:
    whole = segment(bars(0, 18, 36), end=3)
    good = [segment(bars(0), end=1), segment(bars(0), start=1, end=3, cut_before=1.0, x=18)]
    poor = [segment(bars(0), end=2), segment(bars(0), start=2, end=3, cut_before=1.0, x=36)]
    shares = np.full((5, 10), 0.01)
    shares[1, 4] = shares[2, 7] = 0.9
    assert _chain(whole, "47", [2.0, 29.0], [whole, *good, *poor], shares) == good
    assert _chain(whole, "4777", [2.0, 9.0, 20.0, 29.0], [whole, *good, *poor], shares) is None


def test_they_fall_apart_where_they_are_said() -> None:
    whole = segment(bars(0, 18, 36), end=3)
    early = [segment(bars(0), end=1, x=0), segment(bars(0, 18), start=1, end=3, cut_before=1.0, x=18)]
    late = [segment(bars(0, 18), end=2, x=0), segment(bars(0), start=2, end=3, cut_before=1.0, x=36)]
    shares = np.full((5, 10), 0.3)
    centres = [part.box.centre_x for part in late]
    assert _chain(whole, "47", centres, [whole, *early, *late], shares) == late


def test_without_a_cut_they_are_parted_where_there_is_least_ink_and_none_is_lost() -> None:
    whole = segment(bars(0, 18, 36), x=100)
    parts = whole.parted([102.0, 120.0, 138.0])
    assert sum(int(part.crop.sum(dtype=int)) for part in parts) == int(whole.crop.sum(dtype=int))
    assert all(
        part.box.x <= place < part.box.right for part, place in zip(parts, (102, 120, 138), strict=True)
    )
    assert all(left.box.right <= right.box.x for left, right in pairwise(parts))


def drawn_pieces(*lines: str, gap: float = 0.35) -> list[tuple[int, int]]:
    """Pieces of the strips of one line each."""
    picture = page(*lines, gap=gap)
    return [(strip.start, strip.end) for said in said_of(picture) for strip in said.strips]


def said_of(picture: Image.Image) -> list[Said]:
    return hear_strips(find_pieces(np.asarray(Image.eval(picture, lambda v: 255 - v))))


def test_words_are_strips_and_long_ones_are_parted_between_digits() -> None:
    assert len(drawn_pieces("417 29")) == 2
    long = drawn_pieces("4172938165031729")
    assert len(long) == 2
    assert long[0][1] == long[1][0]


def test_every_segment_of_a_drawn_line_is_heard() -> None:
    picture = page("1407")
    (pieces, segments) = find_pieces(np.asarray(Image.eval(picture, lambda v: 255 - v)))[0]
    said = hear_strips([(pieces, segments)])[0]
    alone = [n for n, s in enumerate(segments) if s.stands_alone]
    assert said.ones.shape == (len(segments), 10)
    assert [int(said.ones[n].argmax()) for n in alone] == [1, 4, 0, 7]
    assert (said.ones[alone].max(axis=1) > np.log(0.5)).all()
    assert said.several == {}


@pytest.mark.parametrize("text", ["83", "2468"])
def test_touching_digits_are_read_and_each_has_a_glyph(reader: PageReader, text: str) -> None:
    line = reader.read(page(text, gap=-0.06), parse_expectation("digits")).lines[0]
    assert line.text == text
    assert [glyph.character for glyph in line.glyphs] == list(text)
    assert all(glyph.prediction is not None for glyph in line.glyphs)
    places = [glyph.box.centre_x for glyph in line.glyphs]
    assert places == sorted(places)


def test_most_touching_pairs_are_read(reader: PageReader) -> None:
    drawn = [f"{a}{b}" for a, b in np.random.default_rng(3).integers(0, 10, (24, 2)).tolist()]
    digits = parse_expectation("digits")
    right = [reader.read(page(text, gap=-0.06), digits).text == text for text in drawn]
    assert sum(right) >= 21


def test_touching_digits_keep_to_a_pattern(reader: PageReader) -> None:
    picture = page("2468", gap=-0.06)
    assert reader.read(picture, parse_expectation("9999")).text == "2468"
