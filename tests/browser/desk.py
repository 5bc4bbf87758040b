"""The drawing page, as a person at it sees and uses it."""

import time
from collections.abc import Sequence
from typing import Any, Literal

from playwright.sync_api import CDPSession, Locator, Page, Request, Response, expect

from tests.browser.drawings import Drawing, Point

Hand = Literal["mouse", "touch", "pen"]

PATIENCE_S = 30.0
"""How long anything that a test waits for may take."""


class Desk:
    """Opens the page and works it by mouse, touch or pen."""

    def __init__(self, page: Page, url: str, alphabet: str = "digit") -> None:
        self.page = page
        self.last_question: dict[str, Any] = {}
        self._last_response: Response | None = None
        page.on("requestfinished", self._note)
        page.goto(f"{url}/canvas/{alphabet}")
        self.pad = page.locator("#pad")
        self.answer = page.locator("#answer")
        self.character = page.locator("#answer-character")
        self.sentence = page.locator("#answer-sentence")
        self.best: Locator = page.locator("#top button")
        self.connection = page.locator("#connection")
        expect(page.locator("#tool-pen")).to_be_visible()
        self._devtools: CDPSession = page.context.new_cdp_session(page)

    @property
    def last_answer(self) -> dict[str, Any]:
        """What the server answered to `last_question`."""
        assert self._last_response, "nothing was asked yet"
        answer: dict[str, Any] = self._last_response.json()
        return answer

    def comes_true(self, expression: str, argument: object = None) -> bool:
        """Whether a JavaScript expression holds in time. `wait_for_function` polls by eval, which our CSP forbids."""
        deadline = time.monotonic() + PATIENCE_S
        while not (holds := bool(self.page.evaluate(expression, argument))) and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        return holds

    def draw(self, drawing: Drawing, hand: Hand = "mouse") -> None:
        """Draw strokes given in pad units; the pad is scrolled into view first."""
        self.pad.scroll_into_view_if_needed()
        for stroke in drawing:
            points = self._on_screen(stroke)
            {"mouse": self._by_mouse, "touch": self._by_touch, "pen": self._by_pen}[hand](points)

    def read(self, drawing: Drawing, hand: Hand = "mouse") -> str:
        """Draw, and wait for the answer to all of it."""
        self.draw(drawing, hand)
        self.wait_for_answer(len(drawing))
        return self.character.inner_text()

    def wait_for_answer(self, num_strokes: int) -> None:
        """Wait until the answer on show is the one to a drawing of so many strokes."""
        while len(self.last_question.get("strokes", [])) != num_strokes:
            self.page.wait_for_event("requestfinished", lambda request: "recognize" in request.url)
        expect(self.answer).to_have_attribute("aria-busy", "false")
        expect(self.best).to_have_count(5)

    def say_yes(self) -> None:
        """The answer is right."""
        self.page.get_by_role("button", name="Yes").click()

    def num_strokes(self) -> int:
        """How many strokes the next question would have."""
        expect(self.answer).to_have_attribute("aria-busy", "false")  # an earlier one is not taken for it
        with self.page.expect_request("**/recognize") as request:
            self.page.get_by_role("button", name="Predict").click()
        question: dict[str, Any] = request.value.post_data_json or {}
        return len(question["strokes"])

    def ink(self, at: Point = (140, 140), radius: float = 140) -> int:
        """How many pixels of the canvas around a point have ink."""
        found = self.page.evaluate(
            """([x, y, radius]) => {
                const canvas = document.querySelector('#pad');
                const scale = canvas.width / 280;
                const box = [x - radius, y - radius, 2 * radius, 2 * radius].map((each) => Math.round(each * scale));
                return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => {
                    const {data} = canvas.getContext('2d').getImageData(...box);
                    resolve(data.filter((_, i) => i % 4 === 3).filter((alpha) => alpha > 0).length);
                })));
            }""",
            [*at, radius],
        )
        return int(found)

    def dispatch(self, kind: str, at: Point, **fields: Any) -> None:
        """Send one pointer event to the pad, for what no device here can do."""
        [(x, y)] = self._on_screen([at])
        defaults = {"clientX": x, "clientY": y, "pointerId": 90, "buttons": 1, "button": 0, "bubbles": True}
        self.page.evaluate(
            "([kind, fields]) => document.querySelector('#pad').dispatchEvent(new PointerEvent(kind, fields))",
            [kind, {**defaults, **fields}],
        )

    def touch(self, kind: str, *points: Point) -> None:
        """One touch event with all fingers that are down, numbered in order."""
        touches = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(self._on_screen(points))]
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def _by_mouse(self, points: list[Point]) -> None:
        self.page.mouse.move(*points[0])
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*point)
        self.page.mouse.up()

    def _by_touch(self, points: list[Point]) -> None:
        for i, (x, y) in enumerate(points):
            kind = "touchMove" if i else "touchStart"
            self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        self._devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def _by_pen(self, points: list[Point]) -> None:
        kinds = ["mousePressed", *["mouseMoved"] * (len(points) - 1)]
        for kind, (x, y) in [*zip(kinds, points, strict=True), ("mouseReleased", points[-1])]:
            pen = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1, "pointerType": "pen"}
            self._devtools.send("Input.dispatchMouseEvent", {**pen, "buttons": int(kind != "mouseReleased")})

    def _on_screen(self, points: Sequence[Point]) -> list[Point]:
        box = self.pad.bounding_box()
        assert box, "the pad is not on the page"
        scale = box["width"] / 280
        return [(box["x"] + x * scale, box["y"] + y * scale) for x, y in points]

    def _note(self, request: Request) -> None:
        response = request.existing_response
        if "/recognize" in request.url and response and response.ok:
            self.last_question, self._last_response = request.post_data_json or {}, response
