"""Grain and dust are no ink, be the paper bright or dark."""

import numpy as np
import pytest
from PIL import Image

from app.pages.grain import without_grain
from app.pages.reader import PageReader
from tests.pages.drawn import page
from tests.pages.test_reader import DIGITS

NUMBERS = ("2471903", "58360")


def grainy(picture: Image.Image, levels: float) -> Image.Image:
    noise = np.random.default_rng(0).normal(0, levels, (picture.height, picture.width))
    return Image.fromarray((np.asarray(picture) + noise).clip(0, 255).astype(np.uint8))


def dusty(picture: Image.Image, share: float) -> Image.Image:
    """Black and white specks of one pixel, as a fax has them."""
    pixels, drawn = np.array(picture), np.random.default_rng(0).random((picture.height, picture.width))
    pixels[drawn < share / 2], pixels[drawn > 1 - share / 2] = 0, 255
    return Image.fromarray(pixels)


@pytest.mark.parametrize("levels", [12, 24, 32])
def test_a_grainy_page_is_read(levels: float, reader: PageReader) -> None:
    assert reader.read(grainy(page(*NUMBERS, ink=120, pen=4), levels), DIGITS).text.split("\n") == list(
        NUMBERS
    )


@pytest.mark.parametrize("share", [0.004, 0.01])
def test_a_dusty_page_is_read(share: float, reader: PageReader) -> None:
    assert reader.read(dusty(page(*NUMBERS), share), DIGITS).text.split("\n") == list(NUMBERS)


@pytest.mark.parametrize("levels", [0, 5, 12])
def test_a_blackboard_is_read(levels: float, reader: PageReader) -> None:
    board = grainy(page(*NUMBERS, paper=45, ink=120), levels)
    assert reader.read(board, DIGITS).text.split("\n") == list(NUMBERS)


@pytest.mark.parametrize("picture", [page("2471903"), page("18", height=16, pen=1), grainy(page("58"), 6)])
def test_what_is_not_grainy_stays_as_it_is(picture: Image.Image) -> None:
    assert without_grain(picture) is picture


@pytest.mark.parametrize(("pen", "height"), [(1, 24), (1, 40), (2, 30)])
@pytest.mark.parametrize(("rows", "columns"), [(20, 20), (60, 5), (40, 4)])
def test_printed_dots_cost_a_thin_pen_nothing(
    pen: int, height: int, rows: int, columns: int, reader: PageReader
) -> None:
    pixels = np.array(page(*NUMBERS, height=height, pen=pen))
    pixels[::rows, ::columns] = np.minimum(pixels[::rows, ::columns], 120)
    assert reader.read(Image.fromarray(pixels), DIGITS).text.split("\n") == list(NUMBERS)
