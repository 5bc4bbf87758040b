"""What a long upload says when something between here and the server answers instead, or cuts it off."""

import json

import pytest
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.browser.site import Site
from tests.browser.test_read import LIST, send
from tests.intake.pdfs import by_hand, scan

PAGES = "**/upload/pages"
SCAN: FilePayload = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": scan(3)}
TOO_LARGE = "This is larger than the server takes. Send a smaller one."
NO_ANSWER = "The server isn’t answering. Try again in a moment."


def choose(page: Page, site: Site, *files: FilePayload) -> None:
    page.goto(f"{site.url}/upload")
    page.set_input_files("#file", list(files))
    page.get_by_role("button", name="Read it").click()


@pytest.mark.parametrize(
    ("status", "body", "words"),
    [
        (413, "<html><h1>413 Request Entity Too Large</h1></html>", TOO_LARGE),
        (413, '{"error": "too large"}', TOO_LARGE),
        (502, "<html><h1>502 Bad Gateway</h1></html>", NO_ANSWER),
        (504, "", NO_ANSWER),
        (200, "<html>Sign in to this network\n</html>\n", NO_ANSWER),
        (200, "null\n", NO_ANSWER),
        (200, "", NO_ANSWER),
    ],
)
def test_a_proxy_that_answers_is_put_in_words(
    page: Page, site: Site, status: int, body: str, words: str
) -> None:
    page.route(PAGES, lambda route: route.fulfill(status=status, content_type="text/html", body=body))
    choose(page, site, SCAN)
    expect(page.locator("#file-problem")).to_have_text(f"scan.pdf: {words}")


def test_a_proxy_that_is_busy_is_asked_again(page: Page, site: Site) -> None:
    page.route(
        PAGES, lambda route: route.fulfill(status=429, content_type="text/html", body="<p>Wait"), times=1
    )
    send(page, site, SCAN)
    expect(page.locator("section.page")).to_have_count(3)


@pytest.mark.parametrize("kept", ["a line", "half a line"])
def test_an_answer_that_is_cut_off_is_not_taken_for_whole(page: Page, site: Site, kept: str) -> None:
    def cut_off(route: Route) -> None:
        whole = route.fetch().text()
        first = whole.index("\n") + 1
        route.fulfill(body=whole[: first if kept == "a line" else first + 100])

    page.route(PAGES, cut_off, times=1)
    send(page, site, SCAN, LIST)
    expect(page.locator("#progress")).to_be_hidden()
    expect(page.locator("section.page")).to_have_count(2)  # page 1 of 3, and the list
    expect(page.locator(".pages > .notice.error")).to_have_text(f"scan.pdf: {NO_ANSWER}")


def test_a_document_that_is_damaged_says_so_and_no_more(page: Page, site: Site) -> None:
    came: list[tuple[int, int]] = []

    def note(route: Route) -> None:
        response = route.fetch()
        pages = map(json.loads, response.text().splitlines())
        came.extend((page["number"], page["pages"]) for page in pages)
        route.fulfill(response=response)

    page.route(PAGES, note)
    buffer = by_hand(num_pages=3).replace(b"[3 0 R 3 0 R 3 0 R ]", b"[3 0 R 9 0 R 3 0 R ]")
    choose(page, site, {"name": "damaged.pdf", "mimeType": "application/pdf", "buffer": buffer})
    expect(page.locator("section.page").last).to_contain_text("Page 2 of this PDF is damaged")
    expect(page.locator("#progress")).to_be_hidden()
    assert came == [(1, 3), (2, 3)]  # and yet it is all there is
    expect(page.locator(".pages > .notice.error")).to_have_count(0)
