"""Two digits that touch are read in one look, and fall apart into two glyphs again."""

import numpy as np
import pytest
from PIL import Image

from app.pages.components import Box
from app.pages.fields import parse_expectation
from app.pages.pairs import PAIR_PX, Pair, hear_pairs, pair_glyph, pair_weights, split_pair
from app.pages.reader import PageReader, find_pieces
from app.pages.segment import Segment
from app.recognition.normalize import Ink
from tests.pages.drawn import loaded_room, page


def bars(*columns: int, width: int = 40, height: int = 48) -> Ink:
    """Upright strokes, four pixels wide, and one across that joins them."""
    ink = np.zeros((height, width), np.uint8)
    for column in columns:
        ink[:, column : column + 4] = 255
    ink[height // 2 : height // 2 + 4, columns[0] : columns[-1]] = 255
    return ink


def segment(ink: Ink, start: int = 0, end: int = 1, cut_before: float = 0.0, x: int = 0) -> Segment:
    box = Box(x, 0, ink.shape[1], ink.shape[0])
    return Segment(start, end, box, ink, 1.0, 1.0, cut_before, 0.0, 0.0, 1.0)


def test_a_pair_keeps_its_shape_in_the_middle_of_the_picture() -> None:
    glyph = pair_glyph(bars(0, 36))[..., 0]
    rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
    assert glyph.shape == PAIR_PX
    assert glyph.max() == 1
    assert len(columns) / len(rows) == pytest.approx(40 / 48, abs=0.08)
    assert (rows[0] + rows[-1]) / 2 == pytest.approx(PAIR_PX[0] / 2, abs=1)
    assert (columns[0] + columns[-1]) / 2 == pytest.approx(PAIR_PX[1] / 2, abs=1)


def test_what_surely_stands_alone_is_no_pair() -> None:
    part = segment(bars(0, 36))
    shares = np.full((1, 10), 0.1)
    assert not hear_pairs([part], shares, np.array([6.0]), 48.0)
    assert list(hear_pairs([part], shares, np.array([-1.0]), 48.0)) == [0]


def test_a_pairs_weights_follow_its_digits() -> None:
    first, second = np.full((2, 10), 0.001, np.float32)
    first[4] = second[7] = 0.991
    weights = pair_weights(Pair(first, second, share=0.9, odds=2.0))
    assert max(weights, key=weights.__getitem__) == "47"
    assert weights["47"] == pytest.approx(2.0, abs=0.1)


def test_the_surer_it_is_one_digit_the_less_it_is_two() -> None:
    part, shares = segment(bars(0, 36)), np.full((1, 10), 0.1)
    doubtful, sure = (hear_pairs([part], shares, np.array([odds]), 48.0)[0].odds for odds in (-3.0, 3.0))
    assert doubtful > sure


def test_a_pair_falls_into_the_segments_that_say_its_digits() -> None:
    whole = segment(bars(0, 18, 36), end=3)
    good = segment(bars(0), end=1), segment(bars(0), start=1, end=3, cut_before=1.0, x=18)
    poor = segment(bars(0), end=2), segment(bars(0), start=2, end=3, cut_before=1.0, x=36)
    segments = [whole, *good, *poor]
    shares = np.full((5, 10), 0.01)
    shares[1, 4] = shares[2, 7] = 0.9
    assert split_pair(0, "47", segments, shares) == good


def test_a_pair_without_a_cut_is_halved_and_no_ink_is_lost() -> None:
    whole = segment(bars(0, 36))
    left, right = split_pair(0, "11", [whole], np.full((1, 10), 0.1))
    assert int(left.crop.sum(dtype=int) + right.crop.sum(dtype=int)) == int(whole.crop.sum(dtype=int))
    assert left.box.right <= right.box.x


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PageReader:
    return PageReader(loaded_room(str(tmp_path_factory.mktemp("releases"))))


def test_touching_digits_are_read_and_each_has_a_glyph(reader: PageReader) -> None:
    picture = page("83", gap=-0.06)
    assert len(find_pieces(np.asarray(Image.eval(picture, lambda v: 255 - v)))) == 1
    line = reader.read(picture, parse_expectation("digits")).lines[0]
    assert line.text == "83"
    assert [glyph.character for glyph in line.glyphs] == ["8", "3"]
    assert all(glyph.prediction is not None for glyph in line.glyphs)
    assert line.glyphs[0].box.centre_x < line.glyphs[1].box.centre_x


def test_most_touching_pairs_are_read(reader: PageReader) -> None:
    drawn = [f"{a}{b}" for a, b in np.random.default_rng(3).integers(0, 10, (24, 2)).tolist()]
    digits = parse_expectation("digits")
    right = [reader.read(page(text, gap=-0.06), digits).text == text for text in drawn]
    assert sum(right) >= 18
