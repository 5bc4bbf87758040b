"""Yes, No and the right answer: what a person says is kept exactly as it was predicted."""

import base64
import io
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DeskMaker, PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.room import MoodyRoom
from tests.browser.site import Site

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


def glyph_shown(answer: dict[str, Any]) -> bytes:
    """The 28×28 picture of a debug answer as the bytes of a sample: 255 = ink."""
    png = base64.b64decode(answer["debug"]["glyph"].split(",")[1])
    return (255 - np.asarray(Image.open(io.BytesIO(png)).convert("L"))).tobytes()


def test_a_correction_is_kept_as_predicted(reader: Site, open_page: PageMaker) -> None:
    desk = Desk(open_page(), reader.url)
    desk.page.keyboard.press("Alt+d")
    assert desk.read(SEVEN) == "7"
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.locator("#correction-keys").get_by_role("button", name="1", exact=True).click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    row = reader.samples()[-1]
    asked, answered = desk.last_question, desk.last_answer
    assert (row["alphabet"], row["label"], bool(row["correct"])) == ("digit", "1", False)
    assert (row["predicted"], row["source"]) == ("7", "draw")
    assert row["release"] == answered["release"]
    assert row["confidence"] == pytest.approx(answered["confidence"], abs=1e-4)
    best = [[c["character"], pytest.approx(c["probability"], abs=1e-4)] for c in answered["candidates"][:5]]
    assert json.loads(row["candidates"]) == best
    sent = [[pytest.approx(point[:2], abs=0.06) for point in stroke] for stroke in asked["strokes"]]
    assert json.loads(row["strokes"]) == sent
    assert row["glyph"] == glyph_shown(answered)


def test_yes_keeps_the_answer(desk: Desk, site: Site) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    row = site.samples()[-1]
    assert (row["label"], bool(row["correct"])) == ("7", True)


def test_a_tapped_candidate_is_the_right_answer(desk: Desk, site: Site) -> None:
    desk.read(SEVEN)
    desk.best.nth(2).click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    row = site.samples()[-1]
    assert (row["label"], bool(row["correct"])) == ("1", False)
    expect(desk.best.first).to_be_disabled()


@pytest.mark.parametrize(("button", "label", "correct"), [("Yes", "C", True), ("Small c", "c", False)])
def test_one_tap_says_which_case_it_is(
    open_desk: DeskMaker, site: Site, room: MoodyRoom, button: str, label: str, correct: bool
) -> None:
    room.leaders = {"C": 0.55, "c": 0.42}
    desk = open_desk("character")
    desk.read(SEVEN)
    expect(desk.page.locator("#feedback-question")).to_have_text("Is it capital C?")
    desk.page.locator("#feedback-choice").get_by_role("button", name=button).click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    row = site.samples()[-1]
    assert (row["predicted"], row["label"], bool(row["correct"])) == ("C", label, correct)


def test_the_question_is_the_plain_one_again(open_desk: DeskMaker, room: MoodyRoom) -> None:
    room.leaders = {"C": 0.55, "c": 0.42}
    desk = open_desk("character")
    desk.read(SEVEN)
    room.leaders = {}
    desk.page.keyboard.press("Escape")
    assert desk.read(SEVEN) == "A"
    expect(desk.page.locator("#feedback-question")).to_have_text("Is that right?")
    expect(desk.page.locator("#say-other")).to_be_hidden()


def test_a_typed_label_is_kept(desk: Desk, site: Site) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    expect(desk.page.get_by_label("Or type it")).to_be_focused()
    desk.page.keyboard.type("4")
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    assert site.samples()[-1]["label"] == "4"


def test_one_click_starts_another_drawing(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.get_by_role("button", name="Draw another")).to_be_focused()
    desk.page.keyboard.press("Enter")
    expect(desk.answer).to_have_attribute("data-state", "empty")
    assert desk.ink() == 0


def test_a_label_outside_the_alphabet_is_refused_and_another_may_follow(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.get_by_label("Or type it").fill("x")
    desk.page.get_by_role("button", name="Send").click()
    expect(desk.page.locator("#feedback-error")).to_contain_text("'x' is not in the alphabet")
    desk.page.locator("#correction-keys").get_by_role("button", name="1", exact=True).click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    expect(desk.page.locator("#feedback-error")).to_be_empty()


def test_an_expired_token_is_renewed(desk: Desk, site: Site) -> None:
    desk.read(SEVEN)
    num_samples = len(site.samples())
    desk.page.context.clear_cookies()
    with desk.page.expect_request("**/csrf-token"):
        desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    assert len(site.samples()) == num_samples + 1


def test_feedback_that_is_not_kept_says_so(desk: Desk) -> None:
    desk.page.route("**/feedback", lambda route: route.abort())
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.locator("#feedback-error")).to_contain_text("Not kept")
    expect(desk.page.locator("#feedback-note")).to_be_empty()
    desk.page.unroute_all()
    desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")


@pytest.mark.parametrize("alphabet", ["digit", "character"])
@pytest.mark.parametrize("locale", ["en-GB", "de-DE", "es-ES"])
def test_the_question_is_on_one_row_in_the_first_screen_of_a_phone(
    open_desk: DeskMaker, room: MoodyRoom, alphabet: str, locale: str
) -> None:
    room.has_auto = True
    desk = open_desk(alphabet, locale=locale, **PHONE)
    desk.read(SEVEN, "touch")
    assert desk.page.evaluate("scrollY") == 0
    for name in ("#feedback-question", "#say-yes", "#say-no"):
        expect(desk.page.locator(name)).to_be_in_viewport(ratio=1)
    question, yes, no = (middle(desk, name) for name in ("#feedback-question", "#say-yes", "#say-no"))
    assert question == pytest.approx(yes, abs=2)
    assert yes == no < middle(desk, "#top")


def middle(desk: Desk, name: str) -> float:
    """How far down on the screen an element is."""
    box = desk.page.locator(name).bounding_box()
    assert box
    return box["y"] + box["height"] / 2


def test_the_keyboard_comes_to_the_question_first(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Yes").focus()
    for next_one in (desk.page.get_by_role("button", name="No", exact=True), desk.best.first):
        desk.page.keyboard.press("Tab")
        expect(next_one).to_be_focused()


def test_candidates_come_before_all_characters_where_nothing_was_read(
    open_desk: DeskMaker, room: MoodyRoom
) -> None:
    room.rejected = "uncertain"
    desk = open_desk("character", **PHONE)
    desk.read(SEVEN, "touch")
    assert middle(desk, "#top") < middle(desk, "#correction")
    room.behave()
    desk.page.get_by_role("button", name="Clear").click()
    desk.read(SEVEN, "touch")
    assert middle(desk, "#feedback-choice") < middle(desk, "#top")


def test_all_letters_open_without_scrolling_on_a_desktop(open_desk: DeskMaker) -> None:
    desk = open_desk("character", viewport={"width": 1280, "height": 800})
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    expect(desk.page.get_by_label("Or type it")).to_be_in_viewport(ratio=1)
    expect(desk.pad).to_be_in_viewport(ratio=1)


def type_it(page: Page) -> None:
    page.get_by_label("Or type it").fill("K")
    page.keyboard.press("Enter")


def tap_it(page: Page) -> None:
    page.get_by_role("button", name="small z").click()


def leave(page: Page) -> None:
    page.get_by_label("Or type it").press("Escape")


def give_up(page: Page) -> None:
    page.locator("#all summary").focus()
    page.keyboard.press("Escape")


@pytest.mark.parametrize("act", [type_it, tap_it, leave, give_up])
@pytest.mark.parametrize("height", [400, 800])
def test_the_way_out_of_the_correction_leads_back_to_the_pad(
    open_desk: DeskMaker, act: Callable[[Page], None], height: int
) -> None:
    desk = open_desk("character", viewport={"width": 700, "height": height})
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    expect(desk.pad).not_to_be_in_viewport(ratio=1)
    act(desk.page)
    expect(desk.pad).to_be_focused()
    expect(desk.pad).to_be_in_viewport(ratio=1)


def test_another_drawing_is_started_in_sight_of_the_pad(open_desk: DeskMaker) -> None:
    desk = open_desk(viewport={"width": 1280, "height": 800})
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Yes").click()
    desk.page.evaluate("scrollTo(0, 200)")
    expect(desk.pad).not_to_be_in_viewport(ratio=1)
    desk.page.get_by_role("button", name="Draw another").click()
    expect(desk.pad).to_be_focused()
    expect(desk.pad).to_be_in_viewport(ratio=1)


def test_escape_puts_the_correction_away_and_leaves_the_drawing(desk: Desk) -> None:
    desk.read(SEVEN)
    ink = desk.ink()
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.get_by_label("Or type it").press("Escape")
    expect(desk.page.locator("#correction")).to_be_hidden()
    expect(desk.page.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-expanded", "false")
    assert desk.ink() == ink
