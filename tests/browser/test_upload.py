"""Upload: choose, drop or paste a picture, see it, send it; all of it works as a plain form too."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, JSHandle, Page, expect

from tests.browser.conftest import PageMaker
from tests.browser.room import MoodyRoom
from tests.browser.site import Site
from tests.images import blank, seven
from tests.intake.web import answer, web_server

PICTURE: FilePayload = {"name": "seven.png", "mimeType": "image/png", "buffer": seven()}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def upload(request: pytest.FixtureRequest, open_page: PageMaker, site: Site) -> Page:
    """The upload page."""
    page = open_page(java_script_enabled=request.param)
    page.goto(f"{site.url}/upload")
    return page


@pytest.fixture
def comfortable(page: Page, site: Site) -> Page:
    """The upload page where JavaScript runs."""
    page.goto(f"{site.url}/upload")
    expect(page.locator("#upload")).to_contain_class("enhanced")
    return page


def clipboard(page: Page, name: str, kind: str, data: bytes) -> JSHandle:
    """A DataTransfer that holds one file, as a drop or a paste brings it."""
    return page.evaluate_handle(
        """([name, type, data]) => {
            const bytes = Uint8Array.from(atob(data), (each) => each.charCodeAt(0));
            const transfer = new DataTransfer();
            transfer.items.add(new File([bytes], name, {type}));
            return transfer;
        }""",
        [name, kind, base64.b64encode(data).decode()],
    )


def test_a_picture_is_read(upload: Page) -> None:
    upload.set_input_files("#file", PICTURE)
    upload.get_by_role("button", name="Read it").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("I read “7”")
    expect(upload.get_by_alt_text("The picture you uploaded")).to_be_visible()
    expect(upload.get_by_alt_text("The 28 by 28 picture that the network read")).to_be_visible()
    expect(upload.locator(".bars li")).to_have_count(5)


def test_a_letter_is_read(upload: Page) -> None:
    upload.set_input_files("#file", PICTURE)
    upload.locator("#expect").select_option("letters")
    upload.get_by_role("button", name="Read it").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("I read “A”")


def test_the_right_answer_is_kept(upload: Page, site: Site) -> None:
    upload.set_input_files("#file", PICTURE)
    upload.get_by_role("button", name="Read it").click()
    upload.get_by_label("Or type it").fill("9")
    upload.get_by_role("button", name="Send").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("Got it")
    row = site.samples()[-1]
    assert (row["predicted"], row["label"], row["source"]) == ("7", "9", "upload")
    upload.get_by_role("link", name="Upload another").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("Upload a picture")


@pytest.mark.parametrize(("button", "label"), [("Yes", "7"), ("It is 1", "1")])
def test_one_click_says_what_it_is(upload: Page, site: Site, button: str, label: str) -> None:
    upload.set_input_files("#file", PICTURE)
    upload.get_by_role("button", name="Read it").click()
    upload.get_by_role("button", name=button).click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("Got it")
    assert site.samples()[-1]["label"] == label


def test_a_rejection_asks_what_it_is(upload: Page, site: Site, room: MoodyRoom) -> None:
    room.rejected = "uncertain"
    upload.set_input_files("#file", PICTURE)
    upload.get_by_role("button", name="Read it").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("I can’t read this yet")
    upload.get_by_role("button", name="It is 7").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("Got it")
    assert site.samples()[-1]["label"] == "7"


def test_what_is_no_digit_is_said_and_may_be_corrected(upload: Page, site: Site, room: MoodyRoom) -> None:
    room.rejected = "no_character"
    upload.set_input_files("#file", PICTURE)
    upload.get_by_role("button", name="Read it").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("This doesn’t look like one digit")
    expect(upload.locator(".answer-words")).to_contain_text("alone and large. If it is one, tell me which")
    upload.get_by_role("button", name="It is 1").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("Got it")
    assert site.samples()[-1]["label"] == "1"


@pytest.mark.parametrize(("button", "label"), [("Yes", "C"), ("Small c", "c"), ("It is capital A", "A")])
def test_one_click_says_which_case_it_is(
    upload: Page, site: Site, room: MoodyRoom, button: str, label: str
) -> None:
    room.leaders = {"C": 0.55, "c": 0.42}
    upload.set_input_files("#file", PICTURE)
    upload.locator("#expect").select_option("letters")
    upload.get_by_role("button", name="Read it").click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("I read “C” or “c”")
    expect(upload.locator(".answer-character")).to_have_text("C or c")
    expect(upload.locator(".answer-words")).to_contain_text("97% sure of the letter")
    upload.get_by_role("button", name=button).click()
    expect(upload.get_by_role("heading", level=1)).to_have_text("Got it")
    assert site.samples()[-1]["label"] == label


@pytest.mark.parametrize(
    ("data", "words"),
    [(b"no picture", "no image or document"), (blank(), "blank")],
    ids=["not an image", "nothing on it"],
)
def test_what_cannot_be_read_is_said_on_the_form(upload: Page, data: bytes, words: str) -> None:
    upload.set_input_files("#file", {"name": "file.png", "mimeType": "image/png", "buffer": data})
    upload.get_by_role("button", name="Read it").click()
    expect(upload.locator("#upload-error")).to_contain_text(words)
    expect(upload.get_by_role("button", name="Read it")).to_be_visible()


def test_a_chosen_picture_is_shown_before_it_is_sent(comfortable: Page) -> None:
    comfortable.set_input_files("#file", PICTURE)
    expect(comfortable.get_by_alt_text("The picture you chose")).to_be_visible()
    expect(comfortable.locator("#file-name")).to_have_text("seven.png")


@pytest.mark.parametrize("way", ["drop", "paste"])
def test_a_dropped_or_pasted_picture_is_read(comfortable: Page, way: str) -> None:
    transfer = clipboard(comfortable, "seven.png", "image/png", seven())
    if way == "drop":
        comfortable.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    else:
        paste = "clipboardData => document.dispatchEvent(new ClipboardEvent('paste', {clipboardData}))"
        comfortable.evaluate(paste, transfer)
    expect(comfortable.get_by_alt_text("The picture you chose")).to_be_visible()
    comfortable.get_by_role("button", name="Read it").click()
    expect(comfortable.get_by_role("heading", level=1)).to_have_text("I read “7”")


def test_several_files_are_listed_and_one_is_taken_out(comfortable: Page) -> None:
    others: list[FilePayload] = [PICTURE, {**PICTURE, "name": "eight.png"}]
    comfortable.set_input_files("#file", others)
    expect(comfortable.locator("#file-name")).to_have_text("2 files")
    comfortable.get_by_role("button", name="Remove seven.png").click()
    expect(comfortable.locator("#file-name")).to_have_text("eight.png")


def test_a_picture_behind_a_link_is_read(open_page: PageMaker, tmp_path: Path) -> None:
    site = Site(tmp_path / "site", RECOGNITION=MoodyRoom(), LINK_ALLOW_PRIVATE="on")
    page = open_page()
    with web_server(answer(seven())) as port:
        page.goto(f"{site.url}/upload")
        page.get_by_label("Or a link").fill(f"http://127.0.0.1:{port}/seven.png")
        page.get_by_role("button", name="Read it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("I read “7”")
    site.stop()


def test_a_link_that_leads_nowhere_is_said_on_the_form(upload: Page) -> None:
    upload.get_by_label("Or a link").fill("http://127.0.0.1/seven.png")
    upload.get_by_role("button", name="Read it").click()
    expect(upload.locator("#upload-error")).to_contain_text("No public web server")
    expect(upload.get_by_label("Or a link")).to_have_value("http://127.0.0.1/seven.png")


def test_dropping_something_else_says_what_to_do(comfortable: Page) -> None:
    transfer = clipboard(comfortable, "notes.txt", "text/plain", b"notes")
    comfortable.dispatch_event("#drop", "drop", {"dataTransfer": transfer})
    expect(comfortable.locator("#file-problem")).to_contain_text("No picture and no PDF: notes.txt")


def test_a_broken_picture_can_still_be_sent(comfortable: Page) -> None:
    comfortable.set_input_files("#file", {"name": "x.png", "mimeType": "image/png", "buffer": b"broken"})
    expect(comfortable.locator("#file-problem")).to_contain_text("can’t show this picture")
    expect(comfortable.locator("#drop-words")).to_be_visible()
