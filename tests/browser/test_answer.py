"""How an answer is shown."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DeskMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.room import MoodyRoom


def test_the_answer_with_its_confidence_and_the_five_best(desk: Desk) -> None:
    assert desk.read(SEVEN) == "7"
    expect(desk.sentence).to_have_text("90% sure")
    expect(desk.best).to_have_count(5)
    expect(desk.best.first).to_have_accessible_name("It is 7 (90%)")
    assert desk.best.first.locator("progress").evaluate("bar => bar.value") == pytest.approx(0.9)


def test_the_answer_is_announced(desk: Desk) -> None:
    live = desk.page.locator(".answer-words")
    expect(live).to_have_attribute("aria-live", "polite")
    desk.read(SEVEN)
    expect(live).to_contain_text("Read as 7: 90% sure")


@pytest.mark.parametrize(("alphabet", "sizes"), [("digit", [10]), ("character", [26, 26])])
def test_the_whole_distribution(open_desk: DeskMaker, alphabet: str, sizes: list[int]) -> None:
    desk = open_desk(alphabet)
    desk.read(SEVEN)
    desk.page.locator("#all summary").click()
    lists = desk.page.locator("#distribution ul")
    expect(lists).to_have_count(len(sizes))
    assert [lists.nth(i).locator("progress").count() for i in range(len(sizes))] == sizes
    expect(lists.first).to_be_visible()


def test_a_rejection_is_honest_and_offers_candidates(desk: Desk, room: MoodyRoom) -> None:
    room.rejected = "uncertain"
    assert desk.read(SEVEN) == "?"
    expect(desk.sentence).to_have_text("I can’t read this yet")
    expect(desk.best).to_have_count(5)
    expect(desk.page.locator("#feedback-choice")).to_be_hidden()
    desk.page.locator("#correction-keys").get_by_role("button", name="3", exact=True).click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")


@pytest.mark.parametrize(("alphabet", "title"), [("digit", "digit"), ("character", "letter")])
def test_what_is_no_character_is_told_from_what_is_uncertain(
    open_desk: DeskMaker, room: MoodyRoom, alphabet: str, title: str
) -> None:
    room.rejected = "no_character"
    desk = open_desk(alphabet)
    assert desk.read(SEVEN) == "–"
    expect(desk.page.locator("#feedback-choice")).to_be_hidden()
    live = desk.page.locator(".answer-words")
    expect(live).to_contain_text(f"This doesn’t look like one {title} Draw one character, alone and large.")
    expect(live).to_contain_text("If it is one, tell me which.")
    recent = desk.page.locator("#recent button")
    expect(recent).to_contain_text(f"not a {title}")
    expect(recent).to_have_accessible_name(f"Drawing read as not a {title}. Put it back on the sheet.")
    desk.best.first.click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")


def test_a_letter_whose_case_cannot_be_told(open_desk: DeskMaker, room: MoodyRoom) -> None:
    room.leaders = {"C": 0.55, "c": 0.42}
    desk = open_desk("character")
    assert desk.read(SEVEN) == "C or c"
    expect(desk.sentence).to_have_text("97% sure of the letter")
    spoken = "Read as C, capital or small: 97% sure of the letter"
    expect(desk.page.locator(".answer-words")).to_contain_text(spoken)
    expect(desk.page.locator("#answer-note")).to_contain_text("More likely capital C")
    expect(desk.best.nth(0)).to_have_accessible_name("It is capital C (55%)")
    expect(desk.best.nth(1)).to_have_accessible_name("It is small c (42%)")
    recent = desk.page.locator("#recent button")
    expect(recent).to_have_accessible_name(
        "Drawing read as capital C or small c, 97% sure. Put it back on the sheet."
    )


def test_another_letter_nearly_as_likely_is_not_shown_too(open_desk: DeskMaker, room: MoodyRoom) -> None:
    room.leaders = {"l": 0.5, "I": 0.45}
    desk = open_desk("character")
    assert desk.read(SEVEN) == "l"
    expect(desk.sentence).to_have_text("50% sure")
    expect(desk.page.locator("#say-other")).to_be_hidden()


def test_an_uncertain_letter_is_not_shown_in_both_cases(open_desk: DeskMaker, room: MoodyRoom) -> None:
    room.leaders, room.rejected = {"C": 0.3, "c": 0.3}, "uncertain"
    desk = open_desk("character")
    assert desk.read(SEVEN) == "?"
    expect(desk.sentence).to_have_text("I can’t read this yet")


def test_both_cases_and_their_buttons_fit_on_a_phone(open_desk: DeskMaker, room: MoodyRoom) -> None:
    room.leaders = {"W": 0.55, "w": 0.42}
    desk = open_desk("character", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    desk.read(SEVEN, "touch")
    expect(desk.sentence).to_be_in_viewport(ratio=1)
    boxes = [desk.page.locator(name).bounding_box() for name in ("#say-yes", "#say-other", "#say-no")]
    assert len({box and box["y"] for box in boxes}) == 1


def test_letters_are_named_with_their_case(open_desk: DeskMaker) -> None:
    desk = open_desk("character")
    desk.read(SEVEN)
    expect(desk.page.locator("#answer-note")).to_contain_text("Capital A")
    expect(desk.best.first).to_have_accessible_name("It is capital A (90%)")


def test_one_click_switches_the_alphabet(desk: Desk) -> None:
    desk.page.get_by_role("link", name="Letters").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Draw a letter")
    desk.page.get_by_role("link", name="Digits").click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Draw a digit")


def test_the_answer_is_in_sight_on_a_phone(open_desk: DeskMaker) -> None:
    desk = open_desk(viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True)
    desk.read(SEVEN, "touch")
    assert desk.page.evaluate("scrollY") == 0
    expect(desk.character).to_be_in_viewport(ratio=1)
    expect(desk.sentence).to_be_in_viewport(ratio=1)
