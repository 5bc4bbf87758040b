"""Ink → glyph."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from app.recognition.errors import NoInk
from app.recognition.normalize import GLYPH_BOX_PX, Ink, crop_to_ink, normalize
from app.recognition.pictures import glyph_from_pixels, glyph_pixels
from tests.fakes import SEVEN


def seven_ink(side: int, pen: int, shift: int = 0) -> Ink:
    image = Image.new("L", (side, side))
    path = [(x * side / 280 + shift, y * side / 280 + shift) for x, y in SEVEN[0]]
    ImageDraw.Draw(image).line(path, 255, pen, joint="curve")
    return np.asarray(image)


def test_blank_ink_is_refused() -> None:
    with pytest.raises(NoInk, match="blank"):
        normalize(np.zeros((50, 70), np.uint8))


def test_the_crop_is_the_bounding_box() -> None:
    ink = np.zeros((50, 70), np.uint8)
    ink[10:20, 30:33] = 200
    assert crop_to_ink(ink).shape == (10, 3)


@pytest.mark.parametrize("side", [28, 100, 280, 1000])
def test_the_ink_fills_the_box_and_its_mass_is_central(side: int) -> None:
    glyph = normalize(seven_ink(side, max(2, side // 14)))[..., 0]
    rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == GLYPH_BOX_PX
    positions = np.arange(28)
    assert (glyph.sum(axis=1) @ positions) / glyph.sum() == pytest.approx(
        14, abs=1
    )  # a box at the edge stays inside
    assert (glyph.sum(axis=0) @ positions) / glyph.sum() == pytest.approx(14, abs=1)


@given(st.integers(0, 255), st.integers(1, 60), st.integers(1, 60))
def test_every_ink_is_a_glyph_or_no_ink(level: int, height: int, width: int) -> None:
    ink = np.full((height, width), level, np.uint8)
    if level < 4:
        with pytest.raises(NoInk):
            normalize(ink)
    else:
        assert normalize(ink).shape == (28, 28, 1)


def test_a_glyph_normalises_to_itself() -> None:
    once = normalize(seven_ink(280, 20))
    assert np.array_equal(normalize(glyph_pixels(once)), once)


def test_a_hair_line_does_not_fade() -> None:
    thin, usual = normalize(seven_ink(1000, 3)), normalize(seven_ink(280, 20))
    assert thin.max() == 1
    assert (thin > 0.5).sum() > 0.3 * (usual > 0.5).sum()


def test_pixels_keep_a_glyph_exactly() -> None:
    glyph = normalize(seven_ink(280, 20))
    assert np.array_equal(glyph_from_pixels(glyph_pixels(glyph)), glyph)
