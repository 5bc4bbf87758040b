"""Lines edited by hand: what is told of it, and what goes with the characters that are gone."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.test_read import LIST, new_samples, send

IS_SHIFT = """async ([before, after]) => {
    const {isShift} = await import('/static/js/alignment.js');
    return isShift(before, after);
}"""


def edit(page: Page, *texts: str) -> None:
    """Type these over the first line, one after another, each taken over."""
    for text in texts:
        page.get_by_label("Line 1").fill(text)
        page.keyboard.press("Tab")


def test_a_line_that_was_shifted_teaches_nothing(page: Page, site: Site) -> None:
    send(page, site, LIST)
    page.get_by_text("Edit the lines").click()
    rows = new_samples(site, 4, lambda: edit(page, "0123", "1234"))
    assert sorted(row["label"] for row in rows) == ["0", "1", "2", "3"]  # as they were before the shift
    expect(page.locator(".strip")).to_have_text("1234")
    expect(page.locator(".glyph")).to_have_count(0)


@pytest.mark.parametrize("text", ["7747", "1771", "4711", "1234"])
def test_characters_that_were_corrected_in_place_are_told(page: Page, site: Site, text: str) -> None:
    send(page, site, LIST)
    page.get_by_text("Edit the lines").click()
    changed = sorted(text.replace("7", ""))
    rows = new_samples(site, len(changed), lambda: edit(page, text))
    assert sorted(row["label"] for row in rows) == changed
    expect(page.locator(".glyph")).to_have_count(4)


@pytest.mark.parametrize(
    ("before", "after", "is_shift"),
    [
        ("O123", "1234", True),
        ("1234", "0123", True),
        ("AB O12345", "AB 123456", True),
        ("O1273456", "12834567", True),  # and one more is corrected
        ("12O3", "1234", True),  # 3 and 4 may be corrections; nobody can tell
        ("123 4", "12 34", True),
        ("7777", "7771", False),
        ("1234", "1284", False),
        ("O1O2", "0102", False),
        ("4711", "9823", False),
        ("12 34", "12834", False),
        ("1234", "1234", False),
    ],
)
def test_a_shift_is_told_from_corrections(
    page: Page, site: Site, before: str, after: str, is_shift: bool
) -> None:
    page.goto(f"{site.url}/upload")
    assert page.evaluate(IS_SHIFT, [before, after]) is is_shift


def test_a_question_goes_with_its_character(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.get_by_text("Edit the lines").click()
    page.locator("a.doubtful").nth(1).focus()
    expect(page.locator(".ask.open")).to_be_visible()
    edit(page, "71 71")
    expect(page.locator(".strip")).to_have_text("71 71")
    expect(page.get_by_role("button", name="It is 1")).to_have_count(0)
    expect(page.locator("rect.open")).to_have_count(0)


def test_a_question_without_its_character_does_nothing(page: Page, doubtful: Site) -> None:
    send(page, doubtful, LIST)
    page.locator("a.doubtful").nth(1).focus()
    page.locator(".strip").evaluate("(strip) => strip.replaceChildren('71 71')")
    num_samples = len(doubtful.samples())
    page.get_by_role("button", name="It is 1").click()  # the page's errors fail the test
    expect(page.locator('input[name="text"]')).to_have_value("7777")
    assert len(doubtful.samples()) == num_samples
