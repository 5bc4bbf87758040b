"""The lines to write between: where they are, what they say about a drawing, and that they can be turned off."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DeskMaker, PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN, Point
from tests.browser.room import MoodyRoom
from tests.browser.site import Site
from tests.browser.test_recent import BROKEN

PAD = 280


@pytest.fixture
def desk(open_desk: DeskMaker) -> Desk:
    return open_desk("character")


def toggle(desk: Desk) -> Locator:
    return desk.page.get_by_role("button", name="Lines")


def line_y(desk: Desk, name: str) -> float:
    """Where a line lies on the screen, in the pad's units."""
    line, pad = desk.page.locator(f".guides .{name}").bounding_box(), desk.pad.bounding_box()
    assert line
    assert pad
    return (line["y"] + line["height"] / 2 - pad["y"]) / pad["height"] * PAD


def from_line_to_line(desk: Desk) -> list[list[Point]]:
    """A stroke as tall as a capital on the sheet as it is on the screen."""
    return [[(140, line_y(desk, "cap")), (140, line_y(desk, "base"))]]


def asked_anew(desk: Desk) -> dict[str, Any]:
    with desk.page.expect_request("**/recognize") as request:
        desk.page.get_by_role("button", name="Predict").click()
    question: dict[str, Any] = request.value.post_data_json or {}
    return question


def assert_as_tall_as_a_capital(question: dict[str, Any]) -> None:
    ys = [y for stroke in question["strokes"] for _, y, *_ in stroke]
    assert question["cap_height"] == pytest.approx(max(ys) - min(ys), abs=2)


def test_a_capital_has_room_between_the_lines(desk: Desk) -> None:
    expect(desk.page.locator(".guides line")).to_have_count(3)
    cap, middle, base = (line_y(desk, name) for name in ("cap", "middle", "base"))
    assert [cap / PAD, base / PAD] == pytest.approx([0.22, 0.74], abs=0.01)
    assert middle == pytest.approx((cap + base) / 2, abs=1)


def test_the_lines_are_no_ink(desk: Desk) -> None:
    assert desk.ink() == 0
    expect(desk.page.locator(".guides")).to_be_visible()
    desk.read(SEVEN)
    ink = desk.ink()
    toggle(desk).click()
    assert desk.ink() == ink


def test_digits_have_no_lines(open_desk: DeskMaker) -> None:
    desk = open_desk("digit")
    expect(desk.page.locator(".guides")).to_have_count(0)
    expect(toggle(desk)).to_have_count(0)
    desk.read(SEVEN)
    assert "cap_height" not in desk.last_question


@pytest.mark.parametrize("ratio", [1, 3])
def test_the_height_of_a_capital_goes_with_the_strokes(open_desk: DeskMaker, ratio: int) -> None:
    desk = open_desk("character", device_scale_factor=ratio)
    desk.read(from_line_to_line(desk))
    assert_as_tall_as_a_capital(desk.last_question)


def test_the_height_of_a_capital_is_right_after_a_resize(desk: Desk) -> None:
    width = desk.page.evaluate("document.querySelector('#pad').width")
    desk.page.set_viewport_size({"width": 360, "height": 740})
    assert desk.comes_true("width => document.querySelector('#pad').width < width", width)
    desk.read(from_line_to_line(desk))
    assert_as_tall_as_a_capital(desk.last_question)
    desk.page.set_viewport_size({"width": 1280, "height": 900})
    assert_as_tall_as_a_capital(asked_anew(desk))


def test_without_lines_nothing_is_said_of_the_height(desk: Desk) -> None:
    desk.read(SEVEN)
    with desk.page.expect_request("**/recognize") as request:
        toggle(desk).click()
    assert "cap_height" not in (request.value.post_data_json or {})
    expect(desk.page.locator(".guides")).to_be_hidden()
    expect(toggle(desk)).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_turns_the_lines_on_and_off(desk: Desk) -> None:
    expect(toggle(desk)).to_have_attribute("aria-pressed", "true")
    for pressed in ("false", "true"):
        toggle(desk).press("Space")
        expect(toggle(desk)).to_have_attribute("aria-pressed", pressed)
    expect(toggle(desk)).to_have_accessible_description("Lines to write between: the height tells C from c")


def test_the_choice_is_remembered(desk: Desk) -> None:
    for is_visible in (False, True):
        toggle(desk).click()
        desk.page.reload()
        expect(desk.page.locator(".guides")).to_be_visible(visible=is_visible)
        expect(toggle(desk)).to_have_attribute("aria-pressed", str(is_visible).lower())


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_broken_storage_does_no_harm(site: Site, open_page: PageMaker, script: str) -> None:
    page = open_page()
    page.add_init_script(script)
    desk = Desk(page, site.url, "character")
    toggle(desk).click()
    expect(page.locator(".guides")).to_be_hidden()
    desk.read(SEVEN)
    assert "cap_height" not in desk.last_question


def test_the_sheet_says_why_there_are_lines(desk: Desk) -> None:
    hint = desk.page.locator("#pad-hint")
    expect(hint.get_by_text("Write between the lines: the height tells C from c.")).to_be_visible()
    toggle(desk).click()
    expect(hint.get_by_text("Write between the lines")).to_be_hidden()
    expect(hint.get_by_text("Write a letter here")).to_be_visible()


def test_lines_are_offered_where_the_case_cannot_be_told(desk: Desk, room: MoodyRoom) -> None:
    room.leaders = {"C": 0.55, "c": 0.42}
    desk.read(SEVEN)
    note = desk.page.locator("#answer-note")
    expect(note).to_have_text("More likely capital C, but at this height it could be small c.")
    toggle(desk).click()
    expect(note).to_contain_text("can’t tell capital C from small c. Lines to write between would help.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lines_are_faint_but_to_be_seen(open_desk: DeskMaker, scheme: Literal["light", "dark"]) -> None:
    desk = open_desk("character", color_scheme=scheme)
    colours = desk.page.evaluate(
        """['.guides .base', '.sheet', '#pad'].map((each, i) =>
            getComputedStyle(document.querySelector(each))[['stroke', 'backgroundColor', 'color'][i]])"""
    )
    line, paper, ink = (sum(map(int, colour[4:-1].split(","))) for colour in colours)
    assert 80 < abs(line - paper) < abs(ink - paper) / 2
