"""Yes, No and the right answer: what a person says is kept exactly as it was predicted."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import DeskMaker, PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.room import MoodyRoom
from tests.browser.site import Site


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
