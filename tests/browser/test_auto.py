"""Auto: digits and letters on one sheet, where the server has the network for it."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DeskMaker, PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN, ZERO
from tests.browser.room import MoodyRoom
from tests.browser.site import Site
from tests.browser.test_pages import assert_accessible
from tests.browser.test_upload import PICTURE


@pytest.fixture
def auto(room: MoodyRoom, site: Site) -> Site:
    """A server that reads digits and letters together, too."""
    room.has_auto = True
    return site


@pytest.fixture
def desk(room: MoodyRoom, open_desk: DeskMaker) -> Desk:
    room.has_auto = True
    return open_desk("combined")


def labels(page: Page, name: str) -> list[str | None]:
    keys = page.get_by_role("group", name=name).get_by_role("button").all()
    return [key.get_attribute("aria-label") for key in keys]


def test_one_click_from_any_alphabet_to_any_other(auto: Site, page: Page) -> None:
    page.goto(f"{auto.url}/canvas/digit")
    for link, title in [
        ("Auto", "character"),
        ("Letters", "letter"),
        ("Auto", "character"),
        ("Digits", "digit"),
    ]:
        page.get_by_role("link", name=link, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Draw a {title}")
        expect(page.locator(".segments [aria-current=page]")).to_have_text(link)


def test_without_the_network_there_is_no_such_tab(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/canvas/digit")
    expect(page.locator(".segments a")).to_have_text(["Digits", "Letters"])


def test_the_first_page_leads_there(auto: Site, page: Page) -> None:
    page.goto(auto.url)
    expect(page.locator(".ways li")).to_have_count(4)
    expect(page.locator(".status")).to_contain_text("Auto: combined/0")
    page.get_by_role("link", name="Draw either").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Draw a character")


def test_a_drawing_is_asked_about_as_either_between_lines(desk: Desk) -> None:
    assert desk.read(ZERO) == "O"
    assert desk.last_question["alphabet"] == "combined"
    assert desk.last_question["cap_height"] > 100
    assert len(desk.last_answer["candidates"]) == 62


def test_look_alikes_have_different_names(desk: Desk, room: MoodyRoom) -> None:
    room.leaders = {"0": 0.5, "O": 0.2, "l": 0.1, "1": 0.09, "I": 0.08}
    desk.read(ZERO)
    expect(desk.page.locator(".answer-words")).to_contain_text("Read as digit 0: 50% sure")
    expect(desk.page.locator("#answer-note")).to_have_text("Digit 0. Next best: capital O.")
    for best, name in enumerate(
        ["digit 0 (50%)", "capital O (20%)", "small l (10%)", "digit 1 (9%)", "capital I (8%)"]
    ):
        expect(desk.best.nth(best)).to_have_accessible_name(f"It is {name}")
    recent = desk.page.locator("#recent button").first
    expect(recent).to_have_accessible_name("Drawing read as digit 0, 50% sure. Put it back on the sheet.")


def test_the_picker_has_all_characters_in_groups(desk: Desk) -> None:
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    assert labels(desk.page, "Digits") == [f"digit {each}" for each in "0123456789"]
    assert labels(desk.page, "Capital letters") == [
        f"capital {each}" for each in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    ]
    assert labels(desk.page, "Small letters") == [f"small {each}" for each in "abcdefghijklmnopqrstuvwxyz"]


@pytest.mark.parametrize(
    ("key", "label"), [("digit 0", "0"), ("small o", "o"), ("digit 1", "1"), ("small l", "l")]
)
def test_a_correction_is_kept(desk: Desk, auto: Site, key: str, label: str) -> None:
    desk.read(ZERO)
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.locator("#correction-keys").get_by_role("button", name=key, exact=True).click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    row = auto.samples()[-1]
    assert (row["alphabet"], row["predicted"], row["label"]) == ("combined", "O", label)


def test_both_cases_are_offered_here_too(desk: Desk, room: MoodyRoom) -> None:
    room.leaders = {"O": 0.5, "o": 0.4, "0": 0.08}
    assert desk.read(ZERO) == "O or o"
    expect(desk.page.locator("#feedback-question")).to_have_text("Is it capital O?")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_picture_of_either_is_read(auto: Site, open_page: PageMaker, javascript: bool) -> None:
    page = open_page(java_script_enabled=javascript)
    page.goto(f"{auto.url}/upload")
    page.set_input_files("#file", PICTURE)
    expect(page.locator("#expect")).to_have_value("any")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("I read “O”")
    expect(page.locator(".answer-note")).to_have_text("Read as capital O by combined/0.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/upload", "/networks"])
def test_a_page_that_offers_it_is_accessible(
    auto: Site, open_page: PageMaker, path: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme)
    page.goto(auto.url + path)
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_with_all_open_is_accessible(
    room: MoodyRoom, open_desk: DeskMaker, scheme: Literal["light", "dark"]
) -> None:
    room.has_auto = True
    desk = open_desk("combined", color_scheme=scheme)
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.locator("#all summary").click()
    for width in (360, 1280):
        desk.page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(desk.page)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
