"""The demonstration in the guide, as a person who watches it sees and works it."""

from typing import Any

from playwright.sync_api import Page, Request, expect

STEP_MS = 250
"""What passes at once; all that `watch` lets pass is a multiple of it."""


class Demonstration:
    """The guide, opened at its demonstration. With motion its clock stands still but for what `watch` lets pass."""

    def __init__(self, page: Page, url: str, *, at_the_top: bool = False) -> None:
        self.page = page
        self.questions: list[dict[str, Any]] = []
        self.other_posts: list[str] = []
        page.on("request", self._note)
        if not page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches"):
            page.clock.install(time=0)
            page.clock.pause_at(1)
        page.goto(f"{url}/guide")
        self.root = page.locator("#demo")
        self.caption = page.locator("#demo-caption")
        self.answer = self.root.locator(".answer")
        self.character = self.root.locator(".answer-character")
        self.sentence = self.root.locator(".answer-sentence")
        self.label = self.root.locator(".demo-label")
        self.number = page.locator("#demo-number")
        self.play = page.locator("#demo-play")
        expect(self.caption).not_to_be_empty()
        if not at_the_top:
            page.locator("#demo-stage").scroll_into_view_if_needed()

    def watch(self, ms: int) -> None:
        """Let time pass; while the server is asked it stands still."""
        for _ in range(0, ms, STEP_MS):
            self.page.clock.run_for(STEP_MS)
            expect(self.answer).to_have_attribute("aria-busy", "false")

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def ink(self) -> int:
        """How many pixels of the sheet have ink."""
        found = self.page.evaluate(
            """() => {
                const canvas = document.querySelector('#demo canvas');
                const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
                return data.filter((_, i) => i % 4 === 3).filter((alpha) => alpha > 0).length;
            }"""
        )
        return int(found)

    def _note(self, request: Request) -> None:
        if "/recognize" in request.url:
            self.questions.append(request.post_data_json or {})
        elif request.method == "POST":
            self.other_posts.append(request.url)
