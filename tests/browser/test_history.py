"""My pages in a real browser: drawings are kept when they are finished, and are their maker's to have and to delete."""

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from app.extensions import db
from app.history.tables import Drawing
from tests.accounts.conftest import PASSWORD
from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN
from tests.browser.site import Site
from tests.browser.test_accounts import SETTINGS, Keyboard, heading_is
from tests.browser.test_pages import INLINE, TEMPLATES
from tests.fakes import FakeRoom
from tests.members import Member

NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that reads every digit as 7 and every letter as A."""
    site = Site(tmp_path_factory.mktemp("history"), RECOGNITION=FakeRoom(), **SETTINGS)
    yield site
    site.stop()


@pytest.fixture
def member(pages: Site) -> Member:
    """Somebody with an account, whom no other test knows."""
    return Member(pages.app, f"ada{next(NUMBERS)}")


def sign_in(page: Page, site: Site, member: Member) -> None:
    page.goto(f"{site.url}/account/login")
    Keyboard(page).fill(email=member.address, password=PASSWORD)
    heading_is(page, "Your account")


def finish(page: Page, act: Callable[[], object]) -> None:
    """Do what finishes a drawing, and wait until it is kept."""
    with page.expect_response("**/account/history/keep") as response:
        act()
    assert response.value.json() == {"kept": True}


def num_drawings(site: Site) -> int:
    with site.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Drawing)) or 0


def test_the_whole_way_by_keyboard(page: Page, pages: Site, member: Member) -> None:
    somebody = Keyboard(page)
    draw_by_keyboard(page, pages, "digit")
    page.keyboard.press("Escape")
    sign_in(page, pages, member)

    somebody.press("button", "Add them")
    expect(page.locator("#import-note")).to_have_text("1 drawing is on your pages now.")
    expect(page.get_by_text("Nothing here yet")).to_have_count(0)
    expect(page.get_by_role("link", name="My drawings").last).to_be_focused()
    draw_by_keyboard(page, pages, "character")
    finish(page, lambda: page.keyboard.press("Escape"))

    page.goto(f"{pages.url}/account/")
    expect(page.locator(".drawing .character")).to_have_text(["A", "7"])
    somebody.press("link", "All 2, to search")
    somebody.fill(character="A")
    expect(page.locator(".drawing .character")).to_have_text(["A"])
    somebody.press("button", "Delete the drawing read as A")
    expect(page.get_by_role("status").first).to_contain_text("1 drawing is deleted.")
    somebody.press("link", "Show all")
    expect(page.locator(".drawing .character")).to_have_text(["7"])

    somebody.press("link", "Your account")
    with page.expect_download() as download:
        somebody.press("button", "Download my data")
    with ZipFile(download.value.path()) as archive:
        data = json.loads(archive.read("data.json"))
        assert data["account"]["email"] == member.address
        assert [drawing["predicted"] for drawing in data["drawings"]] == ["7"]
        assert f"pictures/{data['drawings'][0]['id']}.png" in archive.namelist()

    somebody.press("link", "Delete my account")
    somebody.fill(password="a wrong password")
    expect(page.locator("#password-error")).to_contain_text("This is not your password.")
    somebody.fill(password=PASSWORD)
    heading_is(page, "Your account is deleted")
    page.goto(f"{pages.url}/account/")
    heading_is(page, "Sign in")
    assert member.drawings() == []


def draw_by_keyboard(page: Page, site: Site, alphabet: str) -> None:
    desk = Desk(page, site.url, alphabet)
    desk.pad.focus()
    page.keyboard.press("Space")
    for key in ("Shift+ArrowRight", "Shift+ArrowDown", "Shift+ArrowDown"):
        page.keyboard.press(key)
    page.keyboard.press("Space")
    desk.wait_for_answer(1)


def test_a_drawing_is_kept_when_the_page_is_left(page: Page, pages: Site, member: Member) -> None:
    sign_in(page, pages, member)
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    assert member.drawings() == []
    page.goto(f"{pages.url}/guide")
    page.goto(f"{pages.url}/account/drawings")
    page.reload()  # the request outlived the page, and may have come after this one's
    expect(page.locator(".drawing")).to_have_count(1)


def test_strokes_are_not_kept_one_by_one_and_undo_brings_no_second(
    page: Page, pages: Site, member: Member
) -> None:
    sign_in(page, pages, member)
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    desk.draw(DASH)
    desk.wait_for_answer(2)
    finish(page, lambda: page.keyboard.press("Escape"))
    page.keyboard.press("Control+z")
    desk.wait_for_answer(2)
    page.keyboard.press("Escape")
    desk.read(DASH)
    finish(page, lambda: page.keyboard.press("Escape"))
    assert [len(drawing.strokes or []) for drawing in member.drawings()] == [2, 1]


def test_putting_one_back_keeps_the_one_before_it(page: Page, pages: Site, member: Member) -> None:
    sign_in(page, pages, member)
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    finish(page, lambda: page.keyboard.press("Escape"))
    desk.read(DASH)
    finish(page, page.locator("#recent button").last.click)
    desk.wait_for_answer(1)
    page.keyboard.press("Escape")
    page.reload()
    assert len(member.drawings()) == 2


def test_an_answered_drawing_is_kept_once_with_the_answer(page: Page, pages: Site, member: Member) -> None:
    sign_in(page, pages, member)
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Draw another").click()
    desk.read(DASH)
    finish(page, lambda: page.keyboard.press("Escape"))
    assert [drawing.label for drawing in member.drawings()] == ["7", None]


def test_an_answered_drawing_that_comes_back_is_not_kept_twice(
    page: Page, pages: Site, member: Member
) -> None:
    sign_in(page, pages, member)
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    page.get_by_role("button", name="Yes").click()
    page.get_by_role("button", name="Draw another").click()
    page.keyboard.press("Control+z")
    desk.wait_for_answer(1)
    page.keyboard.press("Escape")
    desk.read(DASH)
    finish(page, lambda: page.keyboard.press("Escape"))
    assert [drawing.label for drawing in member.drawings()] == ["7", None]


def test_of_who_is_not_signed_in_nothing_is_sent(page: Page, pages: Site) -> None:
    before = num_drawings(pages)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    page.keyboard.press("Escape")
    desk.read(DASH)
    page.goto(f"{pages.url}/guide")
    assert not [url for url in sent if "/account/" in url]
    assert num_drawings(pages) == before


def test_what_was_said_before_signing_in_comes_along_once(page: Page, pages: Site, member: Member) -> None:
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    page.get_by_role("button", name="No", exact=True).click()
    page.get_by_label("Or type it").fill("1")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("button", name="Draw another")).to_be_visible()
    sign_in(page, pages, member)
    Desk(page, pages.url)
    page.get_by_role("button", name="Add them").click()
    expect(page.locator("#import-note")).to_have_text("1 drawing is on your pages now.")
    expect(page.get_by_text("Nothing here yet")).to_have_count(0)
    assert [(drawing.predicted, drawing.label) for drawing in member.drawings()] == [("7", "1")]
    page.reload()
    expect(page.locator("#import-offer")).to_be_hidden()


def test_what_shall_stay_here_is_not_offered_again(page: Page, pages: Site, member: Member) -> None:
    Desk(page, pages.url).read(SEVEN)
    sign_in(page, pages, member)
    page.get_by_role("button", name="No, leave them here").click()
    expect(page.locator("#import-offer")).to_be_hidden()
    page.goto(f"{pages.url}/canvas/digit")
    expect(page.locator("#recent button")).to_have_count(1)
    expect(page.locator("#import-offer")).to_be_hidden()
    assert member.drawings() == []


def test_what_was_drawn_while_signed_in_is_offered_to_nobody(page: Page, pages: Site, member: Member) -> None:
    sign_in(page, pages, member)
    desk = Desk(page, pages.url)
    desk.read(SEVEN)
    finish(page, lambda: page.keyboard.press("Escape"))
    page.goto(f"{pages.url}/account/")
    expect(page.locator(".drawing")).to_have_count(1)
    expect(page.locator("#import-offer")).to_be_hidden()


def test_the_pages_work_without_javascript(open_page: PageMaker, pages: Site, member: Member) -> None:
    first, second = (member.keep() for _ in range(2))
    page = open_page(java_script_enabled=False)
    page.goto(f"{pages.url}/account/login")
    page.fill("#email", member.address)
    page.fill("#password", PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    page.goto(f"{pages.url}/account/drawings")
    page.locator(f"input[value='{first}']").check()
    page.get_by_role("button", name="Delete the chosen").click()
    expect(page.locator(".drawing")).to_have_count(1)
    assert [drawing.id for drawing in member.drawings()] == [second]
    page.get_by_role("link", name="Delete all …").click()
    page.get_by_role("button", name="Yes, delete all").click()
    expect(page.locator(".drawing")).to_have_count(0)


@pytest.mark.parametrize(
    "template", sorted((TEMPLATES / "history").glob("*.html")), ids=lambda path: path.name
)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []
