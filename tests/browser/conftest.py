"""A real Chromium and real servers. One browser for all tests, a context of its own for each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.desk import PATIENCE_S, Desk
from tests.browser.room import MoodyRoom
from tests.browser.site import Site
from tests.routes.cards import release_in

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-gpu",
)
PATIENCE_MS = PATIENCE_S * 1000

PageMaker = Callable[..., Page]
DeskMaker = Callable[..., Desk]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The one browser process. Where there is no Chromium the tests fail."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> MoodyRoom:
    room = MoodyRoom()
    folder = tmp_path_factory.mktemp("releases")
    room.releases = {alphabet: release_in(folder / alphabet, alphabet) for alphabet in room.status()}
    return room


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory, room: MoodyRoom) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), RECOGNITION=room)
    yield site
    site.stop()


@pytest.fixture
def site(shared_site: Site, room: MoodyRoom) -> Site:
    """A server that reads every digit as 7 and every letter as A."""
    room.behave()
    return shared_site


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with the networks that come with the code."""
    site = Site(tmp_path_factory.mktemp("reader"))
    yield site
    site.stop()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[PageMaker]:
    """Opens blank pages, each in a context of its own; keywords are the context's options."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(**options: Any) -> Page:
        context = browser.new_context(**{"reduced_motion": "reduce", **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: _note_violation(faults, message.text))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(open_page: PageMaker) -> Page:
    return open_page()


@pytest.fixture
def open_desk(open_page: PageMaker, site: Site) -> DeskMaker:
    """Opens the drawing page of `site`; keywords are the context's options."""

    def open_desk(alphabet: str = "digit", **options: Any) -> Desk:
        return Desk(open_page(**options), site.url, alphabet)

    return open_desk


@pytest.fixture
def desk(open_desk: DeskMaker) -> Desk:
    return open_desk()


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A server for one test alone, to be stopped and started."""
    site = Site(tmp_path / "own", RECOGNITION=MoodyRoom())
    yield site
    site.stop()


def _note_violation(faults: list[str], words: str) -> None:
    if "Content Security Policy" in words:
        faults.append(words)


@pytest.fixture
def doubtful(site: Site, room: MoodyRoom) -> Site:
    """A server that reads every digit as a 7 that may be a 1."""
    room.leaders = {"7": 0.6, "1": 0.35}
    return site
