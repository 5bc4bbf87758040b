"""A picture of a page becomes lines of text, whatever its paper, light and way up."""

import numpy as np
import pytest
from PIL import Image, ImageOps

from app.pages.fields import parse_expectation
from app.pages.reader import PageReader
from app.recognition.errors import NoInk, NothingToRead
from tests.pages.drawn import page, ruled, shaded

NUMBERS = ("2471903", "58360", "914752")
DIGITS = parse_expectation("digits")


def text(reader: PageReader, picture: Image.Image) -> str:
    return reader.read(picture, DIGITS).text


def test_lines_are_read_from_top_to_bottom(reader: PageReader) -> None:
    assert text(reader, page(*NUMBERS)) == "\n".join(NUMBERS)


def test_without_a_hint_digits_are_digits(reader: PageReader) -> None:
    assert reader.read(page(*NUMBERS)).text == "\n".join(NUMBERS)


@pytest.mark.parametrize("squared", [False, True])
def test_printed_rules_are_not_read(reader: PageReader, squared: bool) -> None:
    assert text(reader, ruled(page(*NUMBERS), 34, squared=squared)) == "\n".join(NUMBERS)


def test_shadow_changes_nothing(reader: PageReader) -> None:
    assert text(reader, shaded(page(*NUMBERS))) == "\n".join(NUMBERS)


def test_light_ink_on_a_dark_page_is_read(reader: PageReader) -> None:
    assert text(reader, ImageOps.invert(page(*NUMBERS))) == "\n".join(NUMBERS)


def test_faint_pencil_is_read(reader: PageReader) -> None:
    assert text(reader, shaded(page(*NUMBERS, ink=165), 0.2)) == "\n".join(NUMBERS)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_page_is_turned_upright(reader: PageReader, turn: int) -> None:
    reading = reader.read(page(*NUMBERS).rotate(turn, expand=True), DIGITS)
    assert (reading.rotation, reading.text) == (turn, "\n".join(NUMBERS))


def test_sloping_lines_are_levelled(reader: PageReader) -> None:
    reading = reader.read(page(*NUMBERS).rotate(-6, expand=True, fillcolor=245), DIGITS)
    assert reading.text == "\n".join(NUMBERS)
    assert reading.skew_deg == pytest.approx(6, abs=1)


def test_words_are_parted_by_spaces(reader: PageReader) -> None:
    assert text(reader, page("247 583")) == "247 583"


@pytest.mark.parametrize("paper", ["white", "ruled", "squared"])
def test_a_lone_digit_is_read(reader: PageReader, paper: str) -> None:
    picture = page("7", height=120, pen=8)
    if paper != "white":
        picture = ruled(picture, 30, squared=paper == "squared")
    assert text(reader, picture) == "7"


def test_boxes_lie_on_the_characters_of_the_given_picture(reader: PageReader) -> None:
    picture = page("47", height=60)
    large = picture.resize((picture.width * 4, picture.height * 4))
    seven = reader.read(large, DIGITS).lines[0].glyphs[1].box
    columns = np.flatnonzero((np.asarray(large) < 128).any(axis=0))
    assert seven.right == pytest.approx(columns[-1], abs=25)
    assert seven.height == pytest.approx(60 * 4, abs=50)


def test_a_glyph_keeps_what_its_network_said(reader: PageReader) -> None:
    glyph = reader.read(page("83"), DIGITS).lines[0].glyphs[0]
    assert glyph.character == "8"
    assert glyph.prediction is not None
    assert glyph.prediction.alphabet == "digit"
    assert glyph.candidates[0].character == "8"
    assert 0 < glyph.confidence <= 1 + 1e-9


def test_blank_paper_has_nothing_to_read(reader: PageReader) -> None:
    with pytest.raises(NoInk):
        reader.read(Image.new("L", (600, 400), 250))


def test_a_pattern_is_no_text(reader: PageReader) -> None:
    rng = np.random.default_rng(1)
    coarse = Image.fromarray((rng.random((40, 60)) * 255).astype(np.uint8))
    with pytest.raises((NothingToRead, NoInk)):
        reader.read(coarse.resize((900, 600), Image.Resampling.BICUBIC))


def test_a_mask_forbids_what_does_not_fit(reader: PageReader) -> None:
    with pytest.raises(NothingToRead, match="does not fit"):
        reader.read(page("247"), parse_expectation("99/99/9999"))


def test_lines_that_fit_are_read_among_many_that_do_not(reader: PageReader) -> None:
    reading = reader.read(page("40718", "2395", "664", "19205", "8873", "31"), parse_expectation("9999"))
    assert (reading.text, len(reading.unread)) == ("2395\n8873", 4)


@pytest.mark.parametrize("expect", ["digits|luhn", "99999|luhn"])
def test_check_digits_that_are_wrong_are_named(reader: PageReader, expect: str) -> None:
    with pytest.raises(NothingToRead, match="right check digits"):
        reader.read(page("24"), parse_expectation(expect))


@pytest.mark.parametrize("expect", ["any", "digits"])
def test_a_point_that_is_left_out_is_shown(reader: PageReader, expect: str) -> None:
    picture = page("47.30", "473")
    first, second = reader.read(picture, parse_expectation(expect)).lines
    assert (first.text, second.text, second.left_out) == ("4730", "473", ())
    [point] = first.left_out
    assert first.glyphs[1].box.right < point.x < point.right < first.glyphs[2].box.x
    assert reader.read(picture, parse_expectation("amount")).lines[0].left_out == ()


def test_a_point_that_is_asked_for_is_a_character(reader: PageReader) -> None:
    [line] = reader.read(page("47.30"), parse_expectation("99.99")).lines
    assert (line.text, [glyph.is_doubtful for glyph in line.glyphs]) == ("47.30", [False] * 5)


def test_signs_of_a_mask_need_no_ink(reader: PageReader) -> None:
    assert reader.read(page("24121975"), parse_expectation("99/99/9999")).text == "24/12/1975"


@pytest.mark.parametrize("written", ["243 58", "2435 8", "24 58 6"])
def test_a_pattern_leaves_out_nothing_that_was_written(reader: PageReader, written: str) -> None:
    with pytest.raises(NothingToRead):
        reader.read(page(written), parse_expectation("99/99"))
