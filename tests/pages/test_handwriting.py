"""What a pen left is told from what was printed under it."""

import numpy as np
import pytest
from PIL import Image

from app.pages.handwriting import INK_LEVEL, handwriting
from app.pages.reader import PageReader
from app.pages.sheet import sheet_of
from app.recognition.errors import NoInk, NothingToRead
from app.recognition.normalize import Ink
from app.training.photographs import Scene, photograph
from tests.pages.drawn import page, ruled, shaded
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


def on_table(sheet: Image.Image, level: int) -> Image.Image:
    """A sheet that lies askew on a table, half in shadow."""
    scene = Scene(tilt_deg=-4, shadow=0.3, grain=3, table=level)
    return photograph([245 - np.asarray(sheet)], scene, np.random.default_rng(1)).convert("L")


@pytest.mark.parametrize("level", [25, 90, 150, 200, 240])
def test_a_sheet_on_a_table_is_read(level: int, reader: PageReader) -> None:
    assert reader.read(on_table(page(*NUMBERS), level), DIGITS).text == "\n".join(NUMBERS)


def test_what_is_written_beside_a_sheet_is_not_lost(reader: PageReader) -> None:
    picture = page("247 583", "1", "96 408", paper=150, ink=20)
    bright = Image.eval(picture.crop((0, 0, picture.width, 260)), lambda level: min(255, round(level * 1.6)))
    whole = Image.new("L", (picture.width + 160, picture.height + 80), 150)
    whole.paste(picture, (80, 60))
    whole.paste(bright, (80, 60))
    assert "96 408" in reader.read(whole, DIGITS).text


@pytest.mark.parametrize("level", [25, 90])
def test_a_sheet_is_found_on_what_is_darker(level: int) -> None:
    picture = on_table(page(*NUMBERS), level)
    sheet = (picture.width - 60) * (picture.height - 60) / 1.35**2
    found = sheet_of(picture)
    assert found is not None
    assert 0.75 * sheet < found.sum() < sheet


def test_a_shadow_makes_no_sheet() -> None:
    assert sheet_of(shaded(page(*NUMBERS), 0.6)) is None


def test_a_dark_table_with_nothing_on_it_has_no_writing(reader: PageReader) -> None:
    with pytest.raises((NoInk, NothingToRead)):
        reader.read(on_table(Image.new("L", (400, 300), 245), 25), DIGITS)
