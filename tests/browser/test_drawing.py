"""Draw a character in a real browser and get the right answer from the networks that come with the code."""

import pytest

from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk, Hand
from tests.browser.drawings import CAPITAL_A, CAPITAL_K, FOUR, SEVEN, THREE, ZERO, Drawing
from tests.browser.site import Site

DIGITS = {"0": ZERO, "3": THREE, "4": FOUR, "7": SEVEN}
PHONE = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}


@pytest.mark.parametrize(("digit", "drawing"), DIGITS.items())
def test_a_digit_drawn_by_mouse_is_read(
    reader: Site, open_page: PageMaker, digit: str, drawing: Drawing
) -> None:
    assert Desk(open_page(), reader.url).read(drawing) == digit


@pytest.mark.parametrize(("letter", "drawing"), [("A", CAPITAL_A), ("K", CAPITAL_K)])
def test_a_letter_drawn_by_mouse_is_read(
    reader: Site, open_page: PageMaker, letter: str, drawing: Drawing
) -> None:
    assert Desk(open_page(), reader.url, "character").read(drawing).upper() == letter


@pytest.mark.parametrize("pixel_ratio", [1, 3])
@pytest.mark.parametrize("hand", ["mouse", "touch", "pen"])
def test_any_hand_at_any_pixel_ratio(
    reader: Site, open_page: PageMaker, hand: Hand, pixel_ratio: int
) -> None:
    options = PHONE if hand == "touch" else {}
    desk = Desk(open_page(**{**options, "device_scale_factor": pixel_ratio}), reader.url)
    assert desk.read(THREE, hand) == "3"


@pytest.mark.parametrize("pixel_ratio", [1, 3])
def test_what_is_sent_does_not_depend_on_the_screen(
    reader: Site, open_page: PageMaker, pixel_ratio: int
) -> None:
    desk = Desk(open_page(**PHONE, device_scale_factor=pixel_ratio), reader.url)
    desk.read(SEVEN, "touch")
    sent = [point[:2] for point in desk.last_question["strokes"][0]]
    assert sent == [pytest.approx(point, abs=1.0) for point in SEVEN[0]]


def test_drawing_after_scrolling(reader: Site, open_page: PageMaker) -> None:
    desk = Desk(open_page(viewport={"width": 700, "height": 500}), reader.url)
    desk.page.mouse.wheel(0, 150)
    assert desk.comes_true("scrollY > 100")
    assert desk.read(FOUR) == "4"
    assert desk.page.evaluate("scrollY") > 100


def test_drawing_after_resizing(reader: Site, open_page: PageMaker) -> None:
    desk = Desk(open_page(), reader.url)
    desk.draw(FOUR[:1])
    desk.page.set_viewport_size({"width": 500, "height": 900})
    desk.draw(FOUR[1:])
    desk.wait_for_answer(2)
    assert desk.character.inner_text() == "4"
