"""What became of an answer is said wherever its drawing is by then: cleared, drawn on, or followed by another."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN
from tests.browser.room import MoodyRoom
from tests.browser.site import Site
from tests.browser.test_pages import assert_accessible

LOST = "Your answer “7” was not kept. The server isn’t answering. Try again in a moment."


class Held:
    """Keeps what a page tells until the test lets it go, or the first of it get lost."""

    def __init__(self, page: Page) -> None:
        self.routes: list[Route] = []
        self._page = page
        self._lost: str | None = None
        page.route("**/feedback", self._hold)

    def _hold(self, route: Route) -> None:
        if self._lost is None:
            self.routes.append(route)
        elif route.request.post_data == self._lost:
            route.abort()
        else:
            route.continue_()

    def lose(self) -> None:
        """The first answer gets lost, however often it is told."""
        self._lost = self.routes[0].request.post_data
        self.routes[0].abort()

    def wait(self, count: int = 1) -> None:
        """Until so many are held."""
        for _ in range(1000):
            if len(self.routes) >= count:
                return
            self._page.wait_for_timeout(10)
        raise AssertionError(f"{len(self.routes)} answers were sent, not {count}")


@pytest.fixture
def held(desk: Desk) -> Held:
    """A 7 was read, its answer is on the way."""
    held = Held(desk.page)
    desk.read(SEVEN)
    desk.say_yes()
    held.wait()
    return held


def draw_a_one(desk: Desk, room: MoodyRoom) -> None:
    room.leaders = {"1": 0.9}
    desk.draw(DASH)
    desk.wait_for_answer(2)
    expect(desk.character).to_have_text("1")


def test_it_is_said_when_the_sheet_was_cleared(desk: Desk, held: Held) -> None:
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#feedback")).to_be_hidden()
    held.lose()
    expect(desk.page.locator("#feedback-error")).to_have_text(LOST)
    expect(desk.page.locator("#feedback-error")).to_be_visible()
    expect(desk.page.locator("#feedback-note")).to_be_empty()
    for question in ("#feedback-choice", "#correction", "#draw-another"):
        expect(desk.page.locator(question)).to_be_hidden()
    assert_accessible(desk.page)


def test_it_names_the_character_when_another_answer_is_on_show(
    desk: Desk, held: Held, room: MoodyRoom
) -> None:
    draw_a_one(desk, room)
    held.lose()
    expect(desk.page.locator("#feedback-error")).to_have_text(LOST)
    desk.say_yes()
    expect(desk.page.locator("#feedback-note")).to_contain_text("Thank you")
    expect(desk.page.locator("#feedback-error")).to_be_empty()


def test_the_next_answer_does_not_wipe_it_away(desk: Desk, held: Held, room: MoodyRoom) -> None:
    draw_a_one(desk, room)
    desk.say_yes()
    held.wait(2)
    held.lose()
    expect(desk.page.locator("#feedback-error")).to_have_text(LOST)
    held.routes[1].continue_()
    expect(desk.page.locator("#feedback-note")).to_contain_text("Thank you")
    expect(desk.page.locator("#feedback-error")).to_have_text(LOST)


def test_it_stays_while_one_draws_on(desk: Desk, held: Held) -> None:
    held.lose()
    expect(desk.page.locator("#feedback-error")).to_have_text("Not kept. " + LOST.split(". ", 1)[1])
    expect(desk.connection).to_have_attribute("data-state", "online")
    desk.draw(DASH)
    desk.wait_for_answer(2)
    expect(desk.page.locator("#feedback-error")).to_have_text(LOST)
    desk.page.keyboard.press("Escape")
    expect(desk.page.locator("#feedback-error")).to_be_visible()


def test_a_server_that_is_gone_is_said_on_a_cleared_sheet(own_site: Site, open_page: PageMaker) -> None:
    desk = Desk(open_page(), own_site.url)
    desk.read(SEVEN)
    own_site.stop()
    desk.say_yes()
    desk.page.get_by_role("button", name="Clear").click()
    expect(desk.page.locator("#feedback-error")).to_have_text(LOST)
    expect(desk.page.locator("#feedback-error")).to_be_visible()
    own_site.start()


def test_what_was_kept_is_said_too(desk: Desk, held: Held) -> None:
    desk.page.keyboard.press("Escape")
    held.routes[0].continue_()
    expect(desk.page.locator("#feedback-note")).to_have_text("Your answer “7” was kept.")
    expect(desk.page.locator("#feedback-note")).to_be_visible()
    desk.read(SEVEN)
    expect(desk.page.locator("#feedback-note")).to_be_empty()
