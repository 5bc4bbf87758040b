"""Everything on the drawing page works from the keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN


@pytest.mark.parametrize("keys", ["Escape", "Alt+c"])
def test_keys_that_clear(desk: Desk, keys: str) -> None:
    desk.read(SEVEN)
    desk.page.keyboard.press(keys)
    expect(desk.answer).to_have_attribute("data-state", "empty")
    assert desk.ink() == 0


@pytest.mark.parametrize("command", ["Control", "Meta"])
def test_keys_that_undo_and_redo(desk: Desk, command: str) -> None:
    desk.read(SEVEN)
    ink = desk.ink()
    desk.page.keyboard.press(f"{command}+z")
    assert desk.ink() == 0
    desk.page.keyboard.press(f"{command}+Shift+z")
    assert desk.ink() == ink


def test_clearing_can_be_undone(desk: Desk) -> None:
    desk.read(SEVEN)
    ink = desk.ink()
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("Control+z")
    assert desk.ink() == ink


def test_the_debug_view_shows_what_the_network_saw(desk: Desk) -> None:
    desk.read(SEVEN)
    expect(desk.page.locator("#debug")).to_be_hidden()
    desk.page.keyboard.press("Alt+d")
    expect(desk.page.locator("#debug-glyph")).to_be_visible()
    expect(desk.page.locator("#debug-crop")).to_be_visible()
    assert desk.comes_true("document.querySelector('#debug-glyph').naturalWidth === 28")
    expect(desk.page.locator("#debug-release")).to_contain_text("digit/0")


def test_keys_leave_a_text_field_alone(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.get_by_label("Or type it").press("Escape")
    assert desk.ink() > 0


def test_drawing_without_a_pointer(desk: Desk) -> None:
    desk.pad.focus()
    for key in ("ArrowUp", "ArrowUp", "Space", "ArrowRight", "Shift+ArrowRight", "Space"):
        desk.page.keyboard.press(key)
    expect(desk.page.locator("#pad-status")).to_have_text("Pen up")
    desk.wait_for_answer(1)
    assert [point[:2] for point in desk.last_question["strokes"][0]] == [[140, 126], [147, 126], [175, 126]]


def test_leaving_the_sheet_lifts_the_keyboard_pen(desk: Desk) -> None:
    desk.pad.focus()
    for key in ("Space", "ArrowRight", "Tab"):
        desk.page.keyboard.press(key)
    desk.wait_for_answer(1)
    assert [point[:2] for point in desk.last_question["strokes"][0]] == [[140, 140], [147, 140]]


def test_clearing_lifts_the_keyboard_pen(desk: Desk) -> None:
    desk.pad.focus()
    for key in ("Space", "ArrowRight", "Escape", "ArrowDown", "Space", "ArrowRight", "Space"):
        desk.page.keyboard.press(key)
    desk.wait_for_answer(1)
    assert [point[:2] for point in desk.last_question["strokes"][0]] == [[147, 147], [154, 147]]


def test_enter_on_the_sheet_predicts(desk: Desk) -> None:
    desk.read(DASH)
    desk.pad.focus()
    with desk.page.expect_request("**/recognize"):
        desk.page.keyboard.press("Enter")


def test_an_empty_sheet_is_not_asked_about(desk: Desk) -> None:
    desk.page.get_by_role("button", name="Predict").click()
    expect(desk.sentence).to_have_text("The sheet is empty")


def test_the_keys_are_on_the_page(desk: Desk) -> None:
    for key in ("Esc", "Ctrl", "Shift", "Alt"):
        expect(desk.page.locator("#keys kbd", has_text=key).first).to_be_visible()
