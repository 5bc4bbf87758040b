"""The same ink moved, scaled, spoilt: still one glyph, the same for the same ink."""

import numpy as np
import pytest

from app.training.glyphs import Glyphs, glyphs_from_strokes
from app.training.robustness import CHANGES, changed_glyphs

LOSSLESS = ["shifted 3 px", "shifted 6 px", "shifted 20 px", "inverted"]


@pytest.fixture(scope="module")
def sevens() -> Glyphs:
    """Three different sevens."""
    corners = np.array([[60, 60], [200, 60], [120, 220]], np.float32)
    return glyphs_from_strokes([(corners,)] * 3, seeds=np.arange(3))


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_gives_a_glyph_of_each_image(sevens: Glyphs, change: str) -> None:
    changed = changed_glyphs(sevens, change)
    assert (changed.shape, changed.dtype) == (sevens.shape, np.dtype(np.uint8))
    assert (changed.max(axis=(1, 2)) == 255).all()
    assert np.array_equal(changed, changed_glyphs(sevens, change)), "by chance"


@pytest.mark.parametrize("change", LOSSLESS)
def test_place_and_polarity_change_nothing(sevens: Glyphs, change: str) -> None:
    assert np.array_equal(changed_glyphs(sevens, change), changed_glyphs(sevens, "unchanged"))


@pytest.mark.parametrize("change", sorted(CHANGES.keys() - {"unchanged", *LOSSLESS}))
def test_what_should_spoil_the_ink_does(sevens: Glyphs, change: str) -> None:
    assert (changed_glyphs(sevens, change) != changed_glyphs(sevens, "unchanged")).any(axis=(1, 2)).all()


@pytest.mark.parametrize(("change", "likeness"), [("scale 75 %", 0.8), ("blurred", 0.6), ("grainy", 0.9)])
def test_spoilt_ink_is_still_the_same_character(sevens: Glyphs, change: str, likeness: float) -> None:
    for spoilt, seven in zip(changed_glyphs(sevens, change), sevens, strict=True):
        assert np.corrcoef(spoilt.ravel(), seven.ravel())[0, 1] > likeness
