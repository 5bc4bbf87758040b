"""Offline and server-down are shown, and what was drawn meanwhile is read when it is over."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN
from tests.browser.site import Site


def test_offline_is_shown_at_once_and_passes(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.context.set_offline(True)
    expect(desk.connection).to_have_attribute("data-state", "offline")
    expect(desk.connection).to_contain_text("You’re offline")
    desk.page.context.set_offline(False)
    expect(desk.connection).to_have_attribute("data-state", "online")


def test_a_drawing_made_offline_is_read_later(desk: Desk) -> None:
    desk.page.context.set_offline(True)
    expect(desk.connection).to_have_attribute("data-state", "offline")
    desk.draw(SEVEN)
    expect(desk.sentence).to_have_text("No answer yet")
    desk.page.context.set_offline(False)
    expect(desk.character).to_have_text("7")


def test_a_server_that_stops_is_shown_and_asked_again_when_it_is_back(
    own_site: Site, open_page: PageMaker
) -> None:
    desk = Desk(open_page(), own_site.url)
    desk.read(SEVEN)
    own_site.stop()
    desk.draw(DASH)
    expect(desk.connection).to_have_attribute("data-state", "down")
    expect(desk.connection).to_contain_text("isn’t answering")
    expect(desk.page.locator("#feedback")).to_be_hidden()
    own_site.start()
    desk.wait_for_answer(2)
    expect(desk.connection).to_have_attribute("data-state", "online")
    expect(desk.character).to_have_text("7")


def test_being_offline_does_not_matter_to_a_server_on_this_machine(desk: Desk) -> None:
    desk.page.evaluate("Object.defineProperty(navigator, 'onLine', {get: () => false})")
    with desk.page.expect_response("**/healthz"):
        desk.page.evaluate("dispatchEvent(new Event('offline'))")
    expect(desk.connection).to_have_attribute("data-state", "online")
    assert desk.read(SEVEN) == "7"


@pytest.mark.parametrize("alphabet", ["digit", "character"])
def test_a_server_without_networks_says_so(own_site: Site, open_page: PageMaker, alphabet: str) -> None:
    own_site.app.extensions["recognition"].usable = False
    desk = Desk(open_page(), own_site.url, alphabet)
    expect(desk.page.get_by_role("note")).to_contain_text("no network")
    desk.draw(SEVEN)
    expect(desk.sentence).to_contain_text("no network yet")
    expect(desk.connection).to_have_attribute("data-state", "online")
