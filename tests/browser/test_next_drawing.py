"""After an answer was kept, the next stroke is another drawing's; whatever is open is gone on with."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN


def tap_another(desk: Desk) -> None:
    desk.best.nth(2).click()


def correct(desk: Desk) -> None:
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.locator("#correction-keys").get_by_role("button", name="1", exact=True).click()


def draw_by_keyboard(desk: Desk) -> None:
    desk.pad.focus()
    for key in ("Space", "Shift+ArrowRight", "Space"):
        desk.page.keyboard.press(key)


def draw_by_mouse(desk: Desk) -> None:
    desk.draw(DASH)


def answered(desk: Desk, answer: Callable[[Desk], None] = Desk.say_yes) -> int:
    """Draw a 7 and answer; how much ink that is."""
    desk.read(SEVEN)
    answer(desk)
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    return desk.ink()


@pytest.mark.parametrize("draw", [draw_by_mouse, draw_by_keyboard])
@pytest.mark.parametrize("answer", [Desk.say_yes, tap_another, correct])
def test_the_first_stroke_is_on_a_clean_sheet(
    desk: Desk, answer: Callable[[Desk], None], draw: Callable[[Desk], None]
) -> None:
    answered(desk, answer)
    draw(desk)
    expect(desk.page.locator("#recent button")).to_have_count(2)
    assert desk.num_strokes() == 1
    desk.draw(DASH)
    assert desk.num_strokes() == 2
    expect(desk.page.locator("#recent button")).to_have_count(2)


def test_the_old_drawing_is_gone_while_the_stroke_is_drawn(desk: Desk) -> None:
    answered(desk)
    desk.dispatch("pointerdown", (40, 260))
    assert desk.ink((140, 56), 20) == 0
    desk.dispatch("pointercancel", (40, 260))
    assert desk.ink((140, 56), 20) > 0


def test_undo_brings_the_old_drawing_back_to_go_on_with(desk: Desk) -> None:
    ink = answered(desk)
    desk.draw(DASH)
    desk.page.keyboard.press("Control+z")
    assert desk.ink() == ink
    expect(desk.page.get_by_role("button", name="Yes")).to_be_visible()
    desk.draw(DASH)
    assert desk.num_strokes() == 2


def test_the_eraser_edits_it(desk: Desk) -> None:
    answered(desk)
    desk.page.get_by_role("button", name="Eraser").click()
    desk.draw([[(130, 20), (130, 100)]])
    assert desk.num_strokes() == 2
    desk.page.get_by_role("button", name="Pen", exact=True).click()
    desk.draw(DASH)
    assert desk.num_strokes() == 3


def test_one_that_was_put_back_is_gone_on_with(desk: Desk) -> None:
    answered(desk)
    desk.page.locator("#recent button").click()
    desk.draw(DASH)
    assert desk.num_strokes() == 2


def test_one_whose_answer_was_not_kept_is_gone_on_with(desk: Desk) -> None:
    desk.page.route("**/feedback", lambda route: route.abort())
    desk.read(SEVEN)
    desk.say_yes()
    expect(desk.page.locator("#feedback-error")).to_contain_text("Not kept")
    desk.draw(DASH)
    assert desk.num_strokes() == 2


def test_one_that_went_on_before_the_answer_was_kept_is_gone_on_with(desk: Desk) -> None:
    held: list[Route] = []
    desk.page.route("**/feedback", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks its handlers
    desk.read(SEVEN)
    desk.say_yes()
    desk.draw(DASH)
    desk.wait_for_answer(2)
    held[0].continue_()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    desk.draw([[(40, 250), (80, 250)]])
    assert desk.num_strokes() == 3
