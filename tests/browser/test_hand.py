"""“Learn my hand”: a person turns it on, corrects, is read differently at once, and can make it forget."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import DeskMaker
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.site import Site
from tests.browser.test_feedback import PHONE


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def turn_on(page: Page) -> None:
    press(page, "Turn on")
    expect(page.get_by_role("button", name="Turn off")).to_be_visible()


def correct(desk: Desk, label: str = "1") -> None:
    """Draw a 7, say that it is something else, and clear the sheet."""
    desk.read(SEVEN)
    desk.page.get_by_role("button", name="No", exact=True).click()
    desk.page.locator("#correction-keys").get_by_role("button", name=label, exact=True).click()
    desk.page.get_by_role("button", name="Draw another").click()


def taught(desk: Desk) -> Desk:
    turn_on(desk.page)
    for _ in range(3):
        correct(desk)
    return desk


def test_corrections_change_the_next_answer(desk: Desk) -> None:
    taught(desk)
    assert desk.read(SEVEN) == "1"
    expect(desk.page.get_by_text("Adjusted to your hand")).to_be_visible()
    expect(desk.page.locator("#hand-answers")).to_have_text("3")


def test_an_answer_that_it_did_not_change_says_nothing_of_it(desk: Desk) -> None:
    turn_on(desk.page)
    assert desk.read(SEVEN) == "7"
    expect(desk.page.locator("#answer-hand")).to_be_hidden()


def test_without_it_corrections_change_nothing(desk: Desk) -> None:
    for _ in range(3):
        correct(desk)
    assert desk.read(SEVEN) == "7"
    assert "hand" not in desk.last_question


def test_it_can_forget(desk: Desk) -> None:
    press(taught(desk).page, "Start anew")
    expect(desk.page.locator("#hand-answers")).to_have_text("0")
    assert desk.read(SEVEN) == "7"


def test_it_can_be_turned_off(desk: Desk) -> None:
    press(taught(desk).page, "Turn off")
    expect(desk.page.get_by_role("button", name="Turn on")).to_be_visible()
    assert desk.read(SEVEN) == "7"


def test_the_drawing_stays_in_sight_and_is_asked_about_again(open_desk: DeskMaker) -> None:
    desk = open_desk(**PHONE)
    desk.read(SEVEN, "touch")
    ink, notes = desk.ink(), [None]
    for button in ("Turn on", "Start anew", "Turn off"):
        with desk.page.expect_request("**/recognize") as question:
            press(desk.page, button)
        notes.append((question.value.post_data_json or {}).get("hand"))
        assert notes[-1] != notes[-2]
        expect(desk.pad).to_be_in_viewport(ratio=1)
        expect(desk.pad).to_be_focused()
        expect(desk.page.get_by_role("button", name="Yes")).to_be_visible()
        assert desk.ink() == ink


def test_it_says_when_it_could_not_be_turned_on(desk: Desk) -> None:
    desk.page.route("**/hand/learn", lambda route: route.abort())
    desk.read(SEVEN)
    ink = desk.ink()
    press(desk.page, "Turn on")
    expect(desk.page.locator("#hand").get_by_role("alert")).to_contain_text("The server isn’t answering")
    assert desk.ink() == ink
    desk.page.unroute_all()
    turn_on(desk.page)
    expect(desk.page.locator("#hand").get_by_role("alert")).to_be_empty()


def test_another_browser_knows_nothing_of_it(open_desk: DeskMaker) -> None:
    taught(open_desk())
    other = open_desk()
    turn_on(other.page)
    assert other.read(SEVEN) == "7"


def test_yes_confirms_what_was_shown(desk: Desk, site: Site) -> None:
    taught(desk).read(SEVEN)
    desk.page.get_by_role("button", name="Yes").click()
    expect(desk.page.locator("#feedback-note")).to_contain_text("kept")
    row = site.samples()[-1]
    assert (row["label"], row["shown"], row["predicted"], bool(row["correct"])) == ("1", "1", "7", False)
