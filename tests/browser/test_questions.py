"""Questions to the server: in order, in time, and asked again when that may help."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PageMaker
from tests.browser.desk import Desk
from tests.browser.drawings import DASH, SEVEN
from tests.browser.site import Site

RECOGNIZE = "**/api/v1/recognize"

# Asks and answers in the order of `steps`: "ask", or the number of a question whose answer comes now.
PLAY = """async (steps) => {
    const {Questions} = await import('/static/js/questions.js');
    const waiting = [];
    const shown = [];
    const tell = {waiting() {}, failed() {}, answered: (answer) => shown.push([answer, waiting.length - 1])};
    const questions = new Questions(() => new Promise((resolve) => waiting.push(resolve)), tell);
    for (const step of steps) {
        if (step === 'ask') questions.putNow(waiting.length);
        else waiting[step % waiting.length]?.(step % waiting.length);
        await null;
        await null;
        await null;
    }
    return shown;
}"""


class Held:
    """Keeps the questions that a page asks until the test answers them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(RECOGNIZE, self._hold)

    def _hold(self, route: Route) -> None:
        self.routes.append(route)

    def wait_for(self, count: int) -> None:
        """Until so many have been asked."""
        while len(self.routes) < count:
            self.page.evaluate("null")  # a round trip, in which the page's events arrive


def answer(character: str) -> dict[str, Any]:
    """What the server could say: `character`, quite sure."""
    others = [c for c in "0123456789" if c != character]
    candidates = [{"character": character, "probability": 0.9}]
    candidates += [{"character": c, "probability": 0.1 / 9} for c in others]
    return {
        "candidates": candidates,
        "confidence": 0.9,
        "rejected": None,
        "release": "digit/0",
        "receipt": "none",
    }


def test_a_late_answer_never_replaces_a_newer_one(desk: Desk) -> None:
    held = Held(desk.page)
    desk.draw(SEVEN)
    held.wait_for(1)
    desk.draw(DASH)
    held.wait_for(2)
    held.routes[1].fulfill(json=answer("2"))
    expect(desk.character).to_have_text("2")
    held.routes[0].fulfill(json=answer("1"))
    desk.page.evaluate("() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve)))")
    expect(desk.character).to_have_text("2")


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.one_of(st.just("ask"), st.integers(0, 9)), min_size=2, max_size=24))
def test_answers_are_shown_in_order_even_if_nothing_can_be_aborted(desk: Desk, steps: list[Any]) -> None:
    shown = desk.page.evaluate(PLAY, ["ask", *steps])
    assert all(answered == newest for answered, newest in shown)
    assert [answered for answered, _ in shown] == sorted({answered for answered, _ in shown})


def test_an_answer_to_a_cleared_sheet_is_not_shown(desk: Desk) -> None:
    held = Held(desk.page)
    desk.draw(SEVEN)
    held.wait_for(1)
    desk.page.keyboard.press("Escape")
    held.routes[0].fulfill(json=answer("1"))
    desk.page.evaluate("() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve)))")
    expect(desk.answer).to_have_attribute("data-state", "empty")


def test_strokes_in_quick_succession_are_one_question(desk: Desk) -> None:
    desk.page.clock.install()
    asked: list[Any] = []
    desk.page.on("request", lambda request: asked.append(request) if "recognize" in request.url else None)
    desk.page.clock.pause_at(desk.page.evaluate("Date.now() + 60_000"))
    desk.draw(SEVEN)
    desk.page.clock.run_for(99)
    desk.draw(DASH)
    desk.page.clock.run_for(99)
    assert asked == []
    with desk.page.expect_response(RECOGNIZE):
        desk.page.clock.run_for(1)
    assert len(asked) == 1
    assert len(asked[0].post_data_json["strokes"]) == 2


def test_a_spinner_turns_while_waiting(desk: Desk) -> None:
    held = Held(desk.page)
    desk.draw(SEVEN)
    expect(desk.page.locator(".spinner")).to_have_css("opacity", "1")
    expect(desk.answer).to_have_attribute("aria-busy", "true")
    held.wait_for(1)
    held.routes[0].fulfill(json=answer("7"))
    expect(desk.page.locator(".spinner")).to_have_css("opacity", "0")


def test_no_answer_in_five_seconds_is_asked_twice_more(site: Site, open_page: PageMaker) -> None:
    page = open_page()
    page.clock.install()
    desk = Desk(page, site.url)
    held = Held(page)
    desk.draw(SEVEN)
    page.route("**/healthz", lambda route: route.abort())
    for num_asked in (1, 2, 3):
        held.wait_for(num_asked)
        with page.expect_event("requestfailed"):
            page.clock.run_for(5000)
    expect(desk.connection).to_have_attribute("data-state", "down")
    expect(desk.sentence).to_have_text("No answer yet")
    assert len(held.routes) == 3


def test_a_fault_of_the_server_is_asked_again(desk: Desk) -> None:
    fault = {"error": {"code": "server_error", "message": "Something went wrong on our side."}}
    replies: list[dict[str, Any]] = [{"status": 500, "json": fault}, {"status": 502, "body": "Bad gateway"}]
    desk.page.route(RECOGNIZE, lambda route: route.fulfill(**replies.pop()) if replies else route.continue_())
    assert desk.read(SEVEN) == "7"
    expect(desk.connection).to_have_attribute("data-state", "online")


def test_a_refusal_is_shown_and_not_asked_again(desk: Desk) -> None:
    asked: list[str] = []
    refusal = {"error": {"code": "too_many_requests", "message": "That was a lot. Wait a moment."}}
    desk.page.on("request", lambda request: asked.append(request.url) if "recognize" in request.url else None)
    desk.page.route(RECOGNIZE, lambda route: route.fulfill(status=429, json=refusal))
    desk.draw(SEVEN)
    expect(desk.sentence).to_have_text("That was a lot. Wait a moment.")
    expect(desk.connection).to_have_attribute("data-state", "online")
    desk.page.unroute_all()
    desk.page.get_by_role("button", name="Predict").click()
    expect(desk.character).to_have_text("7")
    assert len(asked) == 2
