"""The pad: which pointers draw, what a tap is, and that neither size nor screen loses ink."""

from typing import Literal

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DeskMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, DOT, SEVEN
from tests.browser.test_drawing import PHONE

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def test_a_tap_is_a_dot(desk: Desk) -> None:
    desk.draw(DOT)
    assert desk.num_strokes() == 1
    assert desk.ink((140, 140), 20) == desk.ink() > 0


def test_a_second_finger_does_not_draw(open_desk: DeskMaker) -> None:
    desk = open_desk(**PHONE)
    desk.touch("touchStart", (60, 60))
    desk.touch("touchMove", (100, 60))
    desk.touch("touchStart", (100, 60), (200, 200))
    desk.touch("touchMove", (140, 60), (200, 240))
    desk.touch("touchEnd")
    desk.wait_for_answer(1)
    assert desk.ink((200, 220), 40) == 0
    assert [y for _, y, *_ in desk.last_question["strokes"][0]] == [pytest.approx(60, abs=1)] * 3


def test_touch_is_ignored_while_a_pen_is_about(open_desk: DeskMaker) -> None:
    desk = open_desk(**PHONE)
    desk.draw(SEVEN, "pen")
    desk.draw(DASH, "touch")
    assert desk.num_strokes() == 1


def test_a_pen_takes_over_from_the_hand_that_holds_it(desk: Desk) -> None:
    desk.dispatch("pointerdown", (200, 200), pointerType="touch", pointerId=91)
    desk.dispatch("pointermove", (210, 200), pointerType="touch", pointerId=91)
    desk.dispatch("pointerdown", (60, 60), pointerType="pen", pointerId=92)
    desk.dispatch("pointermove", (100, 60), pointerType="pen", pointerId=92)
    desk.dispatch("pointermove", (220, 200), pointerType="touch", pointerId=91)
    desk.dispatch("pointerup", (100, 60), pointerType="pen", pointerId=92, buttons=0)
    desk.dispatch("pointerup", (220, 200), pointerType="touch", pointerId=91, buttons=0)
    desk.wait_for_answer(1)
    assert desk.ink((210, 200), 30) == 0


def test_a_palm_does_not_draw(desk: Desk) -> None:
    desk.dispatch("pointerdown", (140, 140), pointerType="touch", width=120, height=90)
    desk.dispatch("pointerup", (140, 140), pointerType="touch", buttons=0)
    assert desk.ink() == 0


def test_a_stroke_that_the_system_takes_away_never_was(desk: Desk) -> None:
    desk.dispatch("pointerdown", (60, 60), pointerType="touch")
    desk.dispatch("pointermove", (160, 60), pointerType="touch")
    assert desk.ink() > 0
    desk.dispatch("pointercancel", (160, 60), pointerType="touch", buttons=0)
    assert desk.ink() == 0
    expect(desk.page.get_by_role("button", name="Undo")).to_be_disabled()


def test_the_right_button_does_not_draw(desk: Desk) -> None:
    desk.dispatch("pointerdown", (140, 140), pointerType="mouse", button=2, buttons=2)
    desk.dispatch("pointerup", (140, 140), pointerType="mouse", button=2, buttons=0)
    assert desk.ink() == 0


def test_the_eraser_end_of_a_pen_erases(desk: Desk) -> None:
    desk.draw(DASH)
    desk.dispatch("pointerdown", (140, 140), pointerType="pen", button=5, buttons=32)
    desk.dispatch("pointerup", (140, 140), pointerType="pen", button=5, buttons=0)
    assert desk.num_strokes() == 2
    assert desk.ink((140, 140), 8) == 0


def test_a_stroke_goes_on_outside_the_sheet_and_stays_at_its_edge(desk: Desk) -> None:
    desk.read([[(140, 140), (320, 140), (320, 200)]])
    assert max(x for x, *_ in desk.last_question["strokes"][0]) == 280


def test_points_between_two_frames_are_kept(desk: Desk) -> None:
    desk.dispatch("pointerdown", (20, 100))
    desk.page.evaluate(
        """() => {
            const pad = document.querySelector('#pad');
            const box = pad.getBoundingClientRect();
            const at = (x, y) => ({pointerId: 90, buttons: 1, clientX: box.left + x, clientY: box.top + y});
            const move = (place) => new PointerEvent('pointermove', at(...place));
            const coalescedEvents = [[40, 80], [60, 90], [80, 40]].map(move);
            pad.dispatchEvent(new PointerEvent('pointermove', {...at(80, 40), coalescedEvents}));
        }"""
    )
    desk.dispatch("pointerup", (80, 40), buttons=0)
    desk.wait_for_answer(1)
    assert len(desk.last_question["strokes"][0]) == 4


def test_points_carry_time_and_pressure(desk: Desk) -> None:
    desk.read(SEVEN)
    times = [t for _, _, t, _ in desk.last_question["strokes"][0]]
    assert times == sorted(times)
    assert times[0] == 0
    assert {pressure for *_, pressure in desk.last_question["strokes"][0]} == {0.5}


def test_resizing_loses_nothing(desk: Desk) -> None:
    desk.read(SEVEN)
    before, width = desk.last_question, desk.page.evaluate("document.querySelector('#pad').width")
    desk.page.set_viewport_size({"width": 360, "height": 740})
    assert desk.comes_true("width => document.querySelector('#pad').width < width", width)
    assert desk.ink() > 0
    with desk.page.expect_request("**/recognize") as request:
        desk.page.get_by_role("button", name="Predict").click()
    assert request.value.post_data_json == before


def test_the_picture_stays_sharp_when_the_pixel_ratio_changes(desk: Desk) -> None:
    desk.draw(SEVEN)
    devtools = desk.page.context.new_cdp_session(desk.page)
    metrics = {"width": 1279, "height": 720, "deviceScaleFactor": 2.5, "mobile": False}
    devtools.send("Emulation.setDeviceMetricsOverride", metrics)
    assert desk.comes_true(
        "() => { const pad = document.querySelector('#pad'); return pad.width === Math.round(pad.clientWidth * 2.5); }"
    )
    assert desk.ink((104, 57), 6) > 0


def test_ink_follows_the_colour_scheme(desk: Desk) -> None:
    desk.draw(DOT)
    is_bright = """(isBright) => {
        const pad = document.querySelector('#pad');
        const [red] = pad.getContext('2d').getImageData(pad.width / 2, pad.height / 2, 1, 1).data;
        return red > 128 === isBright;
    }"""
    for scheme in SCHEMES:
        desk.page.emulate_media(color_scheme=scheme)
        assert desk.comes_true(is_bright, scheme == "dark")


def test_a_wider_pen_leaves_more_ink(desk: Desk) -> None:
    desk.draw(DOT)
    thin = desk.ink()
    desk.page.get_by_label("Pen width").fill("24")
    desk.draw(DOT)
    assert desk.ink() > 2 * thin
