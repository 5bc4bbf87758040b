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
