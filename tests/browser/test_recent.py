"""The last 20 answers, in this browser only."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN
from tests.browser.site import Site

STROKE = {"width": 12, "points": [[10, 10, 0, 0.5], [200, 200, 9, 0.5]]}
ENTRIES = [
    {"id": i, "character": "7", "confidence": 0.9, "rejected": None, "strokes": [STROKE]} for i in range(30)
]

BROKEN = {
    "no JSON": "localStorage.setItem('recent-answers', '{[')",
    "another shape": "localStorage.setItem('recent-answers', '[1, null, {\"id\": 1, \"strokes\": [{}]}]')",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "forbidden": "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})",
}


def test_answers_are_remembered_across_visits(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.reload()
    expect(desk.page.locator("#recent button")).to_have_count(1)
    expect(desk.page.locator("#recent button")).to_contain_text("7")
    expect(desk.page.locator("#recent svg path")).to_have_count(1)


def test_a_drawing_is_remembered_once_however_many_strokes_it_has(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.draw(DASH)
    desk.wait_for_answer(2)
    expect(desk.page.locator("#recent button")).to_have_count(1)
    desk.page.keyboard.press("Escape")
    desk.read(DASH)
    expect(desk.page.locator("#recent button")).to_have_count(2)


def test_what_was_said_of_a_drawing_stays_while_it_does(desk: Desk) -> None:
    labels = "JSON.parse(localStorage.getItem('recent-answers')).map((entry) => entry.label ?? null)"
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    with desk.page.expect_response("**/api/v1/recognize"):
        desk.page.keyboard.press("Alt+d")
    assert desk.page.evaluate(labels) == ["7"]


def test_a_tap_puts_a_drawing_back_and_undo_takes_it_away(desk: Desk) -> None:
    desk.read(SEVEN)
    ink = desk.ink()
    desk.page.keyboard.press("Escape")
    desk.page.locator("#recent button").click()
    assert desk.ink() == ink
    desk.page.keyboard.press("Control+z")
    assert desk.ink() == 0


def test_no_more_than_twenty_are_kept(site: Site, open_page: PageMaker) -> None:
    page = open_page()
    page.add_init_script(f"localStorage.setItem('recent-answers', {json.dumps(json.dumps(ENTRIES))})")
    desk = Desk(page, site.url)
    expect(page.locator("#recent button")).to_have_count(20)
    desk.read(SEVEN)
    expect(page.locator("#recent button")).to_have_count(20)


@pytest.mark.parametrize("script", BROKEN.values(), ids=BROKEN)
def test_broken_storage_does_no_harm(site: Site, open_page: PageMaker, script: str) -> None:
    page = open_page()
    page.add_init_script(script)
    assert Desk(page, site.url).read(SEVEN) == "7"
    expect(page.locator("#recent button")).to_have_count(1)


def test_they_can_be_forgotten(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="Forget them").click()
    expect(desk.page.locator("#recent button")).to_have_count(0)
    desk.page.reload()
    expect(desk.page.locator("#recent button")).to_have_count(0)
