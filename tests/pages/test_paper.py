"""The morphology behind a page's ink agrees with Pillow's, which is slower."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from app.pages import paper
from tests.pages.drawn import page, shaded


@pytest.mark.parametrize("width", [3, 5, 7])
@pytest.mark.parametrize("size", [(1, 1), (2, 9), (31, 4), (60, 45)])
def test_closing_and_opening_are_those_of_rank_filters(width: int, size: tuple[int, int]) -> None:
    pixels = np.random.default_rng(width).integers(256, size=size, dtype=np.uint8)
    high, low = ImageFilter.MaxFilter(width), ImageFilter.MinFilter(width)
    picture = Image.fromarray(pixels)
    assert np.array_equal(paper._closed(pixels, width), np.asarray(picture.filter(high).filter(low)))
    assert np.array_equal(paper._opened(pixels, width), np.asarray(picture.filter(low).filter(high)))


def test_dark_paper_with_dark_writing_is_not_turned_over() -> None:
    dim = shaded(page("2471", paper=110, ink=20), 0.1)
    ink = paper.ink_of_page(dim)
    assert 0.005 < (ink > 127).mean() < 0.2
