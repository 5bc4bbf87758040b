"""What a clerk with a day's forms relies on: nothing that was settled, typed or left unread goes missing."""

import csv
import io
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, FilePayload, Page, Route, expect

from tests.browser.desk import PATIENCE_S
from tests.browser.site import Site
from tests.browser.test_read import LIST, press, send
from tests.images import blank
from tests.photos import photo

TWO_LINES: FilePayload = {"name": "two.jpg", "mimeType": "image/jpeg", "buffer": photo(["71", "17"])}
EMPTY: FilePayload = {"name": "empty.png", "mimeType": "image/png", "buffer": blank()}


def table(page: Page) -> list[dict[str, str]]:
    """The rows of the CSV that the page gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    return list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text("utf-8-sig"))))


def test_the_table_counts_the_doubts_that_are_left(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    press(page, "Tab", "1", "Tab", "Enter")
    expect(page.locator("#desk-doubts")).to_have_text("Doubtful: 2 of 4 characters")
    assert [(row["text"], row["doubtful"]) for row in table(page)] == [("1777", "2")]
    page.get_by_role("button", name="The rest is right").click()
    expect(page.locator("#desk-doubts")).to_have_text("Every doubtful character has been looked at.")
    assert [row["doubtful"] for row in table(page)] == ["0"]


def test_a_line_that_was_typed_anew_has_no_doubts(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.get_by_text("Edit the lines").click()
    page.get_by_label("Line 1").fill("71 71")
    page.keyboard.press("Tab")
    assert [(row["text"], row["doubtful"]) for row in table(page)] == [("71 71", "0")]


def test_enter_takes_a_line_over_and_sends_nothing(page: Page, site: Site) -> None:
    send(page, site, LIST, TWO_LINES)
    expect(page.locator("section.page")).to_have_count(2)
    for summary in page.get_by_text("Edit the lines").all():
        summary.click()
    fields = page.get_by_role("textbox", name="Line 1")
    fields.first.fill("7171")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    fields.first.press("Enter")
    expect(fields.nth(1)).to_be_focused()
    expect(page.locator(".strip").first).to_have_text("7171")
    fields.nth(1).press("Enter")
    expect(fields.nth(1)).not_to_be_focused()
    assert not [url for url in sent if "lines." in url]


def test_what_could_not_be_read_is_in_the_table_too(page: Page, site: Site) -> None:
    broken: FilePayload = {"name": "broken.png", "mimeType": "image/png", "buffer": b"no picture"}
    send(page, site, broken, LIST, EMPTY)
    expect(page.locator("#progress")).to_be_hidden()
    rows = table(page)
    assert [(row["file"], row["text"], bool(row["problem"])) for row in rows] == [
        ("broken.png", "", True),
        ("list.jpg", "7777", False),
        ("empty.png", "", True),
    ]


def test_who_cancels_learns_what_was_not_read(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/upload")
    page.set_input_files("#file", [LIST, EMPTY, TWO_LINES])
    page.route("**/upload/pages", lambda _route: None)  # never answered, but for the first
    page.route("**/upload/pages", lambda route: route.continue_(), times=1)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#progress-words")).to_have_text("Reading empty.png …")
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".pages")).to_contain_text("Not read to the end: empty.png, two.jpg")


def test_other_files_than_pictures_are_named_and_the_others_taken(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/upload")
    letter: FilePayload = {"name": "letter.docx", "mimeType": "application/msword", "buffer": b"words"}
    page.set_input_files("#file", [LIST, letter])
    expect(page.locator("#file-problem")).to_contain_text("No picture and no PDF: letter.docx")
    expect(page.locator("#file-name")).to_have_text("list.jpg")


def test_a_file_that_is_too_large_is_not_sent(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/upload")
    expect(page.locator("#drop-words")).to_contain_text("up to 10 MB")
    size = 10 * 2**20 + 1
    large: FilePayload = {"name": "large.png", "mimeType": "image/png", "buffer": bytes(size)}
    page.set_input_files("#file", [large])
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#file-problem")).to_have_text("large.png is larger than 10 MB. Send a smaller one.")
    assert page.url == f"{site.url}/upload"


@pytest.mark.parametrize("files", [[LIST], [LIST, TWO_LINES]])
def test_the_next_picture_is_read_with_the_same_expectation(
    page: Page, site: Site, files: list[FilePayload]
) -> None:
    page.goto(f"{site.url}/upload")
    page.set_input_files("#file", files)
    page.locator("#expect").select_option("digits")
    page.get_by_role("button", name="Read it").click()
    page.get_by_role("link", name="Upload another").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload a picture")
    expect(page.locator("#expect")).to_have_value("digits")


def test_corrections_are_not_left_behind_without_a_question(page: Page, doubtful: Site) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    send(page, doubtful, LIST)
    press(page, "Tab", "1")
    page.get_by_role("link", name="Upload another").click()
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    expect(page.locator('input[name="text"]')).to_have_value("1777")
    table(page)
    page.get_by_role("link", name="Upload another").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload a picture")
    assert asked == ["beforeunload"]


def pass_time(page: Page, is_over: Callable[[], object]) -> None:
    """Let the page's clock run fast until something has happened."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_over() and time.monotonic() < deadline:
        page.clock.run_for(250)
        page.wait_for_timeout(25)  # of the real time, in which answers come


def lose(route: Route) -> None:
    route.abort()


def be_out_of_order(route: Route) -> None:
    error = {"code": "database_unavailable", "message": "Nothing could be kept just now. Try again soon."}
    route.fulfill(status=503, json={"error": error})


@pytest.mark.parametrize("fail", [lose, be_out_of_order])
def test_a_correction_outlives_a_server_that_is_away(
    page: Page, doubtful: Site, fail: Callable[[Route], None]
) -> None:
    send(page, doubtful, LIST)
    page.clock.install()
    receipts: list[str] = []

    def fail_with_the_first(route: Route) -> None:
        receipts.append((route.request.post_data_json or {})["receipt"])
        return fail(route) if receipts[-1] == receipts[0] else route.continue_()

    page.route("**/feedback", fail_with_the_first)
    before = len(doubtful.samples())
    press(page, "Tab", "1", "Tab", "4")
    pass_time(page, lambda: receipts.count(receipts[0]) > 3 if receipts else False)
    assert [row["label"] for row in doubtful.samples()[before:]] == ["4"]
    expect(page.locator("#desk-problem")).to_be_visible()
    page.unroute_all()
    pass_time(page, page.locator("#desk-problem").is_hidden)
    assert [row["label"] for row in doubtful.samples()[before:]] == ["4", "1"]


def test_one_may_change_ones_mind_while_the_server_is_away(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.clock.install()
    page.route("**/feedback", lose)
    before = len(doubtful.samples())
    press(page, "Tab", "9")
    pass_time(page, page.locator("#desk-problem").is_visible)
    press(page, "1")
    page.unroute_all()
    pass_time(page, page.locator("#desk-problem").is_hidden)
    assert [row["label"] for row in doubtful.samples()[before:]] == ["1"]


def test_a_correction_that_was_refused_stays_said(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.clock.install()
    error = {"code": "receipt_expired", "message": "That was too long ago."}
    page.route("**/feedback", lambda route: route.fulfill(status=410, json={"error": error}), times=1)
    before = len(doubtful.samples())
    press(page, "Tab", "1", "Tab", "4")
    pass_time(page, lambda: len(doubtful.samples()) > before)
    page.clock.run_for(1_000)
    expect(page.locator("#desk-problem")).to_have_text("A correction was not kept. That was too long ago.")
