"""What a pen left is told from what was printed under it."""

import numpy as np
import pytest
from PIL import Image

from app.pages.handwriting import INK_LEVEL, handwriting
from app.pages.reader import PageReader
from app.recognition.normalize import Ink
from tests.pages.drawn import loaded_room, page, ruled
from tests.pages.test_reader import DIGITS

NUMBERS = ("2471903", "58360")


def photographed(picture: Image.Image, tilt_deg: float = 0.0, grain: float = 4.0) -> Image.Image:
    """Tilted, and cut to what is paper; with the grain of a camera."""
    tilted = picture.rotate(tilt_deg, Image.Resampling.BICUBIC).crop(
        (12, 12, picture.width - 12, picture.height - 12)
    )
    noise = np.random.default_rng(0).normal(0, grain, (tilted.height, tilted.width))
    return Image.fromarray((np.asarray(tilted) + noise).clip(0, 255).astype(np.uint8))


def written(picture: Image.Image) -> Ink:
    ink, _ = handwriting(picture)
    return ink


@pytest.mark.parametrize("level", [150, 180, 205])
@pytest.mark.parametrize("squared", [False, True])
def test_printed_lines_go_and_take_nothing_along(squared: bool, level: int) -> None:
    plain = page(*NUMBERS)
    without = written(photographed(plain)) >= INK_LEVEL
    ink = written(photographed(ruled(plain, 28, level, squared=squared))) >= INK_LEVEL
    assert (ink & without).sum() > 0.93 * without.sum()
    assert (ink & ~without).sum() < 0.05 * without.sum()


def test_a_pen_as_faint_as_the_lines_stays() -> None:
    plain = page(*NUMBERS, ink=150)
    without = written(plain) >= INK_LEVEL
    ink = written(ruled(plain, 28, 150)) >= INK_LEVEL
    assert (ink & without).sum() > 0.7 * without.sum()


@pytest.mark.parametrize("tilt_deg", [-1.3, 0.8])
@pytest.mark.parametrize("level", [150, 180, 205])
def test_small_pictures_of_squared_paper_are_read(level: int, tilt_deg: float, reader: PageReader) -> None:
    picture = photographed(ruled(page(*NUMBERS, height=44, pen=4), 28, level, squared=True), tilt_deg)
    assert reader.read(picture, DIGITS).text == "\n".join(NUMBERS)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PageReader:
    return PageReader(loaded_room(str(tmp_path_factory.mktemp("releases"))))
