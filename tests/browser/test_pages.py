"""Every page: accessible, within the width of a phone, free of inline script and style, usable without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # ships no types
from playwright.sync_api import Page, expect

from app.config import ROOT
from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.room import MoodyRoom
from tests.browser.site import Site
from tests.browser.test_upload import PICTURE

WIDTHS = (360, 768, 1280)
TEMPLATES = ROOT / "app" / "templates"
INLINE = re.compile(
    r"<style|<script(?![^>]*(?:\bsrc=|type=.application/json))|\sstyle=|\son[a-z]+=|javascript:",
    re.IGNORECASE,
)
"""Data in a page (the words of scripts) is no script: no browser runs it, and our security headers let it be."""
ONLY_VIOLATIONS = {"resultTypes": ["violations"]}  # the rest of the report takes longer than the check


def drawn(page: Page, site: Site, alphabet: str) -> None:
    """The drawing page with everything on it open."""
    desk = Desk(page, site.url, alphabet)
    desk.page.keyboard.press("Alt+d")
    desk.read(SEVEN)
    page.get_by_role("button", name="No", exact=True).click()
    page.locator("#all summary").click()
    expect(page.locator("#debug-glyph")).to_be_visible()


def judged(page: Page, site: Site) -> None:
    Desk(page, site.url).read(SEVEN)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("button", name="Draw another")).to_be_visible()


def offline(page: Page, site: Site) -> None:
    desk = Desk(page, site.url)
    page.context.set_offline(True)
    desk.draw(SEVEN)
    expect(desk.connection).to_have_attribute("data-state", "offline")


def chosen(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/upload")
    page.set_input_files("#file", PICTURE)
    expect(page.get_by_alt_text("The picture you chose")).to_be_visible()


def uploaded(page: Page, site: Site) -> None:
    chosen(page, site)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".bars li")).to_have_count(5)


def kept(page: Page, site: Site) -> None:
    uploaded(page, site)
    page.get_by_role("button", name="Yes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Got it")


def refused(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/upload")
    page.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": b"broken"})
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#upload-error")).to_be_visible()


def assert_accessible(page: Page) -> None:
    page.wait_for_load_state()  # colours are judged, so the style sheets have to be there
    results = Axe().run(page, options=ONLY_VIOLATIONS)
    assert results.violations_count == 0, results.generate_report()


PAGES: dict[str, Callable[[Page, Site], object]] = {
    "index": lambda page, site: page.goto(f"{site.url}/"),
    "empty sheet": lambda page, site: Desk(page, site.url),
    "digit": lambda page, site: drawn(page, site, "digit"),
    "letter": lambda page, site: drawn(page, site, "character"),
    "judged": judged,
    "offline": offline,
    "upload": lambda page, site: page.goto(f"{site.url}/upload"),
    "chosen": chosen,
    "result": uploaded,
    "kept": kept,
    "refused": refused,
    "networks": lambda page, site: page.goto(f"{site.url}/networks"),
    "guide": lambda page, site: page.goto(f"{site.url}/guide"),
    "error": lambda page, site: page.goto(f"{site.url}/nowhere"),
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_at_every_width(
    open_page: PageMaker, site: Site, name: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    PAGES[name](page, site)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width} px"


@pytest.mark.parametrize("name", ["result", "digit"])
@pytest.mark.parametrize("why", ["uncertain", "no_character"])
def test_a_rejection_is_accessible(
    open_page: PageMaker, site: Site, room: MoodyRoom, name: str, why: str
) -> None:
    room.rejected = why
    page = open_page()
    uploaded(page, site) if name == "result" else Desk(page, site.url).read(SEVEN)
    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["result", "letter"])
def test_both_cases_are_accessible_on_a_phone(
    open_page: PageMaker, site: Site, room: MoodyRoom, name: str, scheme: str
) -> None:
    room.leaders = {"W": 0.55, "w": 0.4}
    page = open_page(color_scheme=scheme, viewport={"width": 360, "height": 740})
    uploaded(page, site) if name == "result" else Desk(page, site.url, "character").read(SEVEN)
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.html")), ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []


def test_the_first_page_leads_everywhere(page: Page, site: Site) -> None:
    for link, title in [("Draw a digit", "Draw a digit"), ("Draw a letter", "Draw a letter")]:
        page.goto(site.url)
        page.get_by_role("link", name=link).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
    page.goto(site.url)
    page.locator("main").get_by_role("link", name="Upload a picture").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload a picture")


def test_the_first_page_says_which_networks_there_are(page: Page, site: Site, room: MoodyRoom) -> None:
    page.goto(site.url)
    expect(page.locator(".status")).to_contain_text("digit/0")
    room.usable = False
    page.reload()
    expect(page.locator(".status")).to_contain_text("Letters: no network on this server yet")


def test_the_first_page_leads_to_how_well_it_reads(open_page: PageMaker, site: Site) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(site.url)
    page.get_by_role("link", name="How well does it read?").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How well does it read?")
    picture = page.get_by_role("img", name="Drawings, each with what was written").first
    expect(picture).to_be_visible()
    expect(page.get_by_role("table").first).to_contain_text("99.64%")


def test_the_drawing_page_without_javascript_offers_upload(open_page: PageMaker, site: Site) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{site.url}/canvas/digit")
    expect(page.locator("#pad")).to_be_hidden()
    page.get_by_role("link", name="upload a picture").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload a picture")


def test_less_motion_where_less_is_wanted(open_page: PageMaker, site: Site) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(site.url)
    names = (
        "[...document.querySelectorAll('.specimen *')].map((each) => getComputedStyle(each).animationName)"
    )
    assert set(page.evaluate(names)) == {"none"}


def test_the_keyboard_reaches_the_page_past_the_header(page: Page, site: Site) -> None:
    page.goto(site.url)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
