"""The review desk in a real browser: corrections arrive, and are decided by keyboard alone, one or many at a time."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.accounts.tables import User
from app.extensions import db
from app.samples.archive import read_archive
from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN
from tests.browser.site import Site
from tests.browser.test_accounts import ADDRESS, PASSWORD, SETTINGS, sign_in
from tests.browser.test_pages import INLINE, TEMPLATES, assert_accessible
from tests.browser.test_recent import BROKEN
from tests.samples.answers import answer
from tests.samples.readers import StubbornRoom


@pytest.fixture
def review(tmp_path: Path) -> Iterator[Site]:
    """A server where `ADDRESS` is an owner, and nothing waits yet."""
    site = Site(tmp_path / "review", RECOGNITION=StubbornRoom(), **SETTINGS)
    command = ["users", "create-owner", ADDRESS, "--password-stdin"]
    made = site.app.test_cli_runner().invoke(args=command, input=PASSWORD)
    assert made.exit_code == 0, made.output
    yield site
    site.stop()


class ReviewDesk:
    """The page of somebody who reviews."""

    def __init__(self, page: Page, site: Site, query: str = "") -> None:
        self.page, self._site = page, site
        sign_in(page, site)
        page.goto(f"{site.url}/review/{query}")
        self.shown = page.locator(".sample:visible")
        self.status = page.locator("#review-status")

    @property
    def title(self) -> Locator:
        return self.shown.locator("h2")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def states(self) -> dict[str, str | None]:
        """The label of each sample, and what it trains as, by state."""
        return {
            row["label"]: f"{row['state']} {row['accepted_label'] or ''}".strip()
            for row in self._site.samples()
        }


def given(site: Site, *labels: str) -> None:
    with site.app.app_context():
        for label in labels:
            answer(label, visitor=f"visitor {label}")


def test_corrections_arrive_and_are_decided_by_keyboard(open_page: PageMaker, review: Site) -> None:
    visitor = Desk(open_page(), review.url)
    for label, drawing in (("1", SEVEN), ("2", DASH), ("3", SEVEN)):
        visitor.page.reload()
        visitor.read(drawing)
        visitor.page.get_by_role("button", name="No", exact=True).click()
        visitor.page.get_by_label("Or type it").fill(label)
        visitor.page.get_by_label("Or type it").press("Enter")
        expect(visitor.page.get_by_role("button", name="Draw another")).to_be_visible()
    desk = ReviewDesk(open_page(), review)
    labels = [re.match(r"\d", text)[0] for text in desk.page.locator(".sample h2").all_text_contents()]  # type: ignore[index]
    assert sorted(labels) == ["1", "2", "3"]
    expect(desk.title).to_have_text(f"{labels[0]}, not 7")
    desk.press("a")
    expect(desk.status).to_have_text("One sample is accepted.")
    expect(desk.title).to_have_text(f"{labels[1]}, not 7")
    desk.press("r")
    expect(desk.title).to_have_text(f"{labels[2]}, not 7")
    desk.press("l", "5", "Enter")
    expect(desk.page.get_by_role("heading", name="Everything on this page is decided")).to_be_visible()
    expect(desk.page.get_by_role("link", name="Go on")).to_be_focused()
    decided = {labels[0]: f"accepted {labels[0]}", labels[1]: "rejected", labels[2]: "accepted 5"}
    assert desk.states() == decided
    expect(desk.page.locator(".states [data-state=accepted] .number")).to_have_text("2")


def test_the_last_decision_is_undone_by_a_key(open_page: PageMaker, review: Site) -> None:
    given(review, "1", "2")
    desk = ReviewDesk(open_page(), review)
    first = desk.title.text_content() or ""
    desk.press("a")
    expect(desk.title).not_to_have_text(first)
    desk.press("u")
    expect(desk.title).to_have_text(first)
    expect(desk.status).to_have_text("One sample waits again.")
    assert set(desk.states().values()) == {"new"}


def test_keys_that_move_and_select(open_page: PageMaker, review: Site) -> None:
    given(review, "1", "2", "7")
    desk = ReviewDesk(open_page(), review)
    titles = desk.page.locator(".sample h2").all_text_contents()
    for keys, place in (("j", 1), ("ArrowRight", 2), ("j", 2), ("k", 1), ("ArrowLeft", 0)):
        desk.press(keys)
        expect(desk.title).to_have_text(titles[place])
    desk.press("x")
    expect(desk.page.locator(".thumbs input").first).to_be_checked()


def test_keys_can_be_turned_off_and_leave_fields_alone(open_page: PageMaker, review: Site) -> None:
    given(review, "1")
    desk = ReviewDesk(open_page(), review)
    desk.press("l", "r")
    expect(desk.shown.locator("input[name=label]")).to_have_value("r")
    desk.page.get_by_label("Single keys work").uncheck()
    desk.page.reload()
    expect(desk.page.get_by_label("Single keys work")).not_to_be_checked()
    desk.press("a", "r", "l", "ArrowRight")
    expect(desk.shown.locator("input[name=label]")).not_to_be_focused()
    assert desk.shown.get_attribute("aria-busy") is None, "something was sent"
    assert desk.states() == {"1": "new"}


def test_many_are_accepted_at_once_and_taken_out(open_page: PageMaker, review: Site, tmp_path: Path) -> None:
    given(review, "1", "2", "4")  # the 4 is in quarantine
    desk = ReviewDesk(open_page(), review)
    desk.page.get_by_role("link", name="Select the new ones").press("Enter")
    bulk = desk.page.get_by_role("form", name="All that are selected")
    bulk.get_by_role("button", name="Accept").press("Enter")
    expect(desk.page.get_by_text("2 samples are accepted.")).to_be_visible()
    assert desk.states() == {"1": "accepted 1", "2": "accepted 2", "4": "quarantined"}
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Digits (.npz)").click()
    download.value.save_as(tmp_path / "digits.npz")
    assert sorted(read_archive(tmp_path / "digits.npz").labels) == ["1", "2"]
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Table (.csv)").click()
    assert Path(download.value.path()).read_text().count("quarantined") == 1


def test_strokes_are_replayed_to_the_end(open_page: PageMaker, review: Site) -> None:
    given(review, "1")
    desk = ReviewDesk(open_page(), review)
    expect(desk.shown.locator(".strokes polyline")).to_have_count(2)
    desk.press("p")
    expect(desk.shown.locator(".strokes path")).to_have_count(2)
    last = desk.shown.locator(".strokes path").last.get_attribute("d") or ""
    assert last.startswith("M90 140")


def test_a_refusal_is_said_and_nothing_lost(open_page: PageMaker, review: Site) -> None:
    given(review, "1")
    desk = ReviewDesk(open_page(), review)
    desk.press("l", "Q", "Enter")
    expect(desk.status).to_contain_text("is not in the alphabet")
    expect(desk.title).to_have_text("1, not 7")


def test_a_server_that_is_away_is_said_and_the_decision_can_be_made_again(
    open_page: PageMaker, review: Site
) -> None:
    given(review, "1")
    desk = ReviewDesk(open_page(), review)
    desk.page.context.set_offline(True)
    desk.press("a")
    expect(desk.status).to_have_text("The server isn’t answering. Try again in a moment.")
    desk.page.context.set_offline(False)
    desk.press("a")
    expect(desk.status).to_have_text("One sample is accepted.")


def test_somebody_signed_out_is_led_to_sign_in(open_page: PageMaker, review: Site) -> None:
    given(review, "1")
    desk = ReviewDesk(open_page(), review)
    with review.app.app_context():
        user = db.session.scalars(select(User)).one()
        user.fs_uniquifier = "another"
        db.session.commit()
    desk.press("a")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert desk.states() == {"1": "new"}


def test_everything_works_without_javascript(open_page: PageMaker, review: Site) -> None:
    given(review, "1", "2", "7")
    desk = ReviewDesk(open_page(java_script_enabled=False), review, "?kind=correction")
    expect(desk.shown).to_have_count(2)
    desk.shown.first.get_by_label("It is a").fill("5")
    desk.shown.first.get_by_role("button", name="Relabel").click()
    expect(desk.page.get_by_text("One sample is accepted as “5”.")).to_be_visible()
    expect(desk.shown).to_have_count(1)
    desk.page.get_by_role("link", name="Accepted").click()
    desk.shown.get_by_role("button", name="Undo").click()
    assert set(desk.states().values()) == {"new"}


def test_keys_work_where_storage_is_forbidden(open_page: PageMaker, review: Site) -> None:
    given(review, "1", "2")
    page = open_page()
    page.add_init_script(BROKEN["forbidden"])
    desk = ReviewDesk(page, review)
    first = desk.title.text_content() or ""
    page.get_by_label("Single keys work").uncheck()
    page.get_by_label("Single keys work").check()
    desk.press("j")
    expect(desk.title).not_to_have_text(first)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", ["", "?alphabet=digit&state=any&all=1", "?state=rejected"])
def test_the_desk_is_accessible(open_page: PageMaker, review: Site, query: str, scheme: str) -> None:
    given(review, "1", "2", "4", "7")
    desk = ReviewDesk(open_page(color_scheme=scheme), review, query)
    for width in (360, 1280):
        desk.page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(desk.page)
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"wider than {width} px"
        )


@pytest.mark.parametrize(
    "template", sorted((TEMPLATES / "review").glob("*.html")), ids=lambda path: path.name
)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []
