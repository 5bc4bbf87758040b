"""Pages, read in a browser: doubts settled by keyboard, the table taken along, long documents watched."""

import csv
import io
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import PageMaker
from tests.browser.desk import PATIENCE_S
from tests.browser.site import Site
from tests.browser.test_accounts import ADDRESS, PASSWORD, SETTINGS, sign_in
from tests.browser.test_pages import assert_accessible
from tests.images import blank
from tests.intake.pdfs import locked, scan
from tests.photos import photo
from tests.samples.readers import StubbornRoom, reads_as

LIST: FilePayload = {"name": "list.jpg", "mimeType": "image/jpeg", "buffer": photo(["7171"])}


def send(page: Page, site: Site, *files: FilePayload, java_script: bool = True) -> Page:
    page.goto(f"{site.url}/upload")
    page.set_input_files("#file", list(files))
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".strip").first).to_be_visible()
    expect(page.locator("#pages.enhanced")).to_have_count(int(java_script))
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def new_samples(site: Site, number: int, act: Callable[[], Any]) -> list[dict[str, Any]]:
    """The rows that `act` leads to, once there are so many."""
    before = len(site.samples())
    act()
    deadline = time.monotonic() + PATIENCE_S
    while len(site.samples()) < before + number and time.monotonic() < deadline:
        time.sleep(0.05)
    return site.samples()[before:]


def test_two_doubts_are_settled_with_two_keys_each(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    expect(page.locator("#desk-doubts")).to_have_text("Doubtful: 4 of 4 characters")
    rows = new_samples(doubtful, 2, lambda: press(page, "Tab", "1", "Tab", "1"))
    assert [(row["predicted"], row["label"]) for row in rows] == [("7", "1"), ("7", "1")]
    expect(page.locator(".strip")).to_have_text(re.compile("^117"))
    expect(page.locator('input[name="text"]')).to_have_value("1177")
    expect(page.locator("#desk-doubts")).to_have_text("Doubtful: 2 of 4 characters")


def test_corrections_wait_in_the_review_queue(open_page: PageMaker, tmp_path: Path) -> None:
    room = StubbornRoom()
    room.recognizer = reads_as("7", 0.6)  # type: ignore[assignment, method-assign]
    site = Site(tmp_path / "review", RECOGNITION=room, **SETTINGS)
    command = ["users", "create-owner", ADDRESS, "--password-stdin"]
    assert site.app.test_cli_runner().invoke(args=command, input=PASSWORD).exit_code == 0
    page = send(open_page(), site, LIST)
    new_samples(site, 2, lambda: press(page, "Tab", "1", "Tab", "4"))
    owner = open_page()
    sign_in(owner, site)
    owner.goto(f"{site.url}/review/")
    expect(owner.locator(".thumbs li")).to_have_count(2)
    expect(owner.locator(".thumbs")).to_contain_text("7")
    assert sorted(row["label"] for row in site.samples()) == ["1", "4"]
    site.stop()


def test_enter_says_that_a_character_is_right(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.keyboard.press("Tab")
    [row] = new_samples(doubtful, 1, lambda: page.keyboard.press("Enter"))
    assert row["label"] == "7"


def test_a_slip_of_the_finger_is_not_sent(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    [row] = new_samples(doubtful, 1, lambda: press(page, "Tab", "9", "1"))
    assert row["label"] == "1"


def test_the_rest_is_confirmed_with_one_click(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    rows = new_samples(doubtful, 4, page.get_by_role("button", name="The rest is right").click)
    assert [row["label"] for row in rows] == ["7"] * 4
    expect(page.get_by_role("button", name="The rest is right")).to_be_hidden()


def test_a_server_that_has_enough_is_asked_again_later(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    refusal = {"status": 429, "json": {"error": {"code": "too_many_requests", "message": "That was a lot."}}}
    page.route("**/feedback", lambda route: route.fulfill(**refusal), times=1)
    page.clock.install()
    page.get_by_role("button", name="The rest is right").click()
    with page.expect_response("**/feedback"):
        page.clock.run_for(2_000)
    rows = new_samples(doubtful, 4, lambda: page.clock.run_for(6_000))
    assert [row["label"] for row in rows] == ["7"] * 4
    expect(page.locator("#desk-problem")).to_be_hidden()


def test_a_candidate_is_a_click_away(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.locator("rect.doubtful").nth(2).click()
    [row] = new_samples(doubtful, 1, page.get_by_role("button", name="It is 1").click)
    assert row["label"] == "1"
    expect(page.locator('input[name="text"]')).to_have_value("7717")


def test_a_sure_character_is_corrected_in_its_line(page: Page, site: Site) -> None:
    send(page, site, LIST)
    page.locator("rect").nth(1).click()
    page.keyboard.type("4")
    [row] = new_samples(site, 1, lambda: page.keyboard.press("Tab"))
    assert (row["predicted"], row["label"]) == ("7", "4")
    expect(page.locator(".strip")).to_have_text("7477")


def test_a_line_may_become_longer(page: Page, site: Site) -> None:
    send(page, site, LIST)
    page.get_by_text("Edit the lines").click()
    page.get_by_label("Line 1").fill("71 71 and more")
    page.keyboard.press("Tab")
    expect(page.locator(".strip")).to_have_text("71 71 and more")


@pytest.mark.parametrize("java_script", [True, False])
def test_the_table_is_downloaded_as_it_stands(
    open_page: PageMaker, doubtful: Site, java_script: bool
) -> None:
    page = send(open_page(java_script_enabled=java_script), doubtful, LIST, java_script=java_script)
    page.get_by_text("Edit the lines").click()
    page.get_by_label("Line 1").fill("=1+1")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert [(row["file"], row["page"], row["text"]) for row in rows] == [("list.jpg", "1", "'=1+1")]


def test_text_and_json_are_there_too(page: Page, site: Site) -> None:
    send(page, site, LIST)
    for name, read in (("Text", str), ("JSON", lambda text: json.loads(text)[0]["text"] + "\n")):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert read(Path(download.value.path()).read_text()) == "7777\n"


def test_the_text_is_copied(open_page: PageMaker, site: Site) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    send(page, site, LIST)
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "7777"


def test_doubts_are_settled_without_javascript(open_page: PageMaker, doubtful: Site) -> None:
    page = send(open_page(java_script_enabled=False), doubtful, LIST, java_script=False)
    page.locator("a.doubtful").nth(1).click()
    [row] = new_samples(doubtful, 1, page.get_by_role("button", name="It is 1").click)
    assert row["label"] == "1"
    expect(page.get_by_role("heading", level=1)).to_have_text("Got it")


def test_several_files_and_their_pages_come_one_by_one(page: Page, site: Site) -> None:
    document: FilePayload = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": scan(3)}
    send(page, site, document, LIST)
    expect(page.locator("section.page")).to_have_count(4)
    expect(page.get_by_role("heading", level=1)).to_have_text("Here is what I read")
    expect(page.locator("#progress")).to_be_hidden()
    assert page.locator("section.page h2").all_inner_texts()[2:] == ["scan.pdf page 3 of 3", "list.jpg"]
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))
    assert [(row["file"], row["page"]) for row in rows][2:] == [("scan.pdf", "3"), ("list.jpg", "1")]


def test_a_file_that_cannot_be_read_is_said_among_the_others(page: Page, site: Site) -> None:
    locked_one: FilePayload = {"name": "locked.pdf", "mimeType": "application/pdf", "buffer": locked()}
    send(page, site, locked_one, LIST)
    expect(page.locator(".pages")).to_contain_text("locked by a password")


def test_nothing_readable_brings_the_form_back(page: Page, site: Site) -> None:
    empty: FilePayload = {"name": "a.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.goto(f"{site.url}/upload")
    other: FilePayload = {**empty, "name": "b.png"}
    page.set_input_files("#file", [empty, other])
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#file-problem")).to_contain_text("b.png: This is no image")
    expect(page.get_by_role("button", name="Read it")).to_be_visible()


def test_reading_can_be_cancelled(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/upload")
    page.route("**/upload/pages", lambda _route: None)  # never answered
    other: FilePayload = {**LIST, "name": "other.jpg"}
    page.set_input_files("#file", [LIST, other])
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#progress-words")).to_have_text("Reading list.jpg …")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("button", name="Read it")).to_be_visible()


def test_handwriting_is_read(page: Page, reader: Site) -> None:
    picture = photo(["7014", "3 4 7"])
    send(page, reader, {"name": "list.jpg", "mimeType": "image/jpeg", "buffer": picture})
    expect(page.locator(".strip")).to_have_count(2)
    texts = page.locator('input[name="text"]').evaluate_all("fields => fields.map((field) => field.value)")
    assert [text.replace(" ", "") for text in texts] == ["7014", "347"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_are_accessible_at_every_width(open_page: PageMaker, doubtful: Site, scheme: str) -> None:
    page = send(open_page(color_scheme=scheme), doubtful, LIST)
    page.keyboard.press("Tab")
    page.get_by_text("Edit the lines").click()
    page.locator("a.doubtful").nth(1).focus()
    for width in (360, 768, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width} px"


def test_a_result_with_a_file_that_has_no_text_is_accessible(page: Page, site: Site) -> None:
    empty: FilePayload = {"name": "empty.png", "mimeType": "image/png", "buffer": blank()}
    send(page, site, LIST, empty)
    expect(page.locator(".pages")).to_contain_text("empty.png: There is nothing to read")
    expect(page.locator("#progress")).to_be_hidden()
    assert_accessible(page)
