"""Percentages in the browser: scripts write them as the pages do."""

import pytest
from playwright.sync_api import expect

from app.languages import LANGUAGES
from tests.browser.conftest import DeskMaker, PageMaker
from tests.browser.drawings import SEVEN
from tests.browser.site import Site
from tests.routes.test_percentages import render

SHARES = [0, 0.0049, 0.005, 0.006, 0.25, 0.6, 0.994, 0.995, 1]
WRITTEN_BY_SCRIPTS = """async (shares) => {
    const {percent} = await import('/static/js/percent.js');
    return shares.map(percent);
}"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_scripts_and_pages_write_the_same(open_page: PageMaker, site: Site, language: str) -> None:
    page = open_page(locale=language)
    page.goto(site.url)
    written = [render(site.app, language, "macros.html", "percent", share) for share in SHARES]
    assert page.evaluate(WRITTEN_BY_SCRIPTS, SHARES) == written


def test_the_page_says_which_language_not_the_browser(open_desk: DeskMaker) -> None:
    """French has a blank of its own before the sign; a page that is English writes none."""
    desk = open_desk(locale="fr-FR")
    desk.read(SEVEN)
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    assert desk.sentence.text_content() == "90% sure"


def test_an_answer_in_german(open_desk: DeskMaker) -> None:
    desk = open_desk(locale="de")
    desk.read(SEVEN)
    assert desk.sentence.text_content() == "Zu 90\u00a0% sicher"
    assert desk.best.first.get_attribute("aria-label") == "Es ist 7 (90\u00a0%)"
