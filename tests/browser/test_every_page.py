"""Every page in every language, light and dark, narrow and wide: accessible, in that language alone, by keyboard."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from app import catalogs
from app.languages import LANGUAGES
from tests.accounts.conftest import PASSWORD
from tests.browser.conftest import PATIENCE_MS
from tests.browser.desk import Desk
from tests.browser.drawings import SEVEN
from tests.browser.test_pages import assert_accessible
from tests.browser.tour import OWNERS, VISITORS, Town, sent
from tests.test_security import ROUTES

PAGES = {**VISITORS, **OWNERS}
LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (("light", 1280), ("dark", 360))
PLACE = re.compile(r"%\(\w+\)s")
MARKUP = re.compile(r"</?[a-z]+>|&\w+;|%\(")
"""What only a mistake can show to people."""
NO_PAGES = {
    "static",
    "canvas.show_digits",
    "networks.picture",
    "feedback.csrf_token",
    "review.export_csv",
    "review.export_archive",
    "ops.healthz",
}
"""What a GET gets that is nothing to look at."""

Opener = Callable[[str, str], Page]

SPOKEN = """() => {
    const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        if (!walker.currentNode.parentElement.closest('script, noscript, template, code, [lang]:not(html)')) {
            texts.push(walker.currentNode.data);
        }
    }
    for (const each of document.querySelectorAll('[aria-label], [alt], [placeholder], [title]')) {
        texts.push(...['aria-label', 'alt', 'placeholder', 'title'].map((name) => each.getAttribute(name) ?? ''));
    }
    return [document.title, ...texts].map((text) => text.trim().replace(/\\s+/g, ' '));
}"""
"""All that a page says, piece by piece."""

WATCH = """() => {
    const isControl = (each) => each.checkVisibility({visibilityProperty: true}) && !each.disabled
        && each.tabIndex >= 0 && !(each.type === 'radio' && !each.checked);
    const controls = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')]
        .filter(isControl);
    const shown = new Set();
    document.addEventListener('focusin', ({target}) => {
        const around = [target, target.closest('label') ?? target.parentElement];
        if (around.some((each) => getComputedStyle(each).outlineStyle !== 'none')) shown.add(target);
    });
    window.unreached = () => controls.filter((each) => !shown.has(each)).map((each) => each.outerHTML);
    return controls.length;
}"""
"""Counts the controls on show, and remembers which of them have had the focus and looked it.

Left out is what other keys lead to: the radio buttons beside the chosen one, and answers to a doubt, which are typed.
"""

STOPS_WITHIN = 15
"""Controls of a browser's own make have several: a date has four."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.site.stop()


@pytest.fixture(scope="module")
def open_named(browser: Browser, town: Town) -> Iterator[Opener]:
    """Leads a browser to a page of the tour; one for each language and each of owner and visitor serves all tests."""
    with ExitStack() as contexts:

        @cache
        def browser_of(language: str, is_owner: bool) -> Page:
            context = contexts.enter_context(browser.new_context(locale=language, reduced_motion="reduce"))
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            if is_owner:
                Desk(page, town.url).read(SEVEN)  # a drawing of before, which is offered
                sent("/account/login", email=town.owner.address, password=PASSWORD)(page, town)
            return page

        def open_named(name: str, language: str) -> Page:
            page = browser_of(language, name in OWNERS)
            PAGES[name](page, town)
            return page

        yield open_named


@cache
def english(language: str) -> re.Pattern[str]:
    """Every sentence of ours that is another one in a language."""
    messages = [message for message in catalogs.load(language) if isinstance(message.id, str)]
    ours = {str(message.id) for message in messages} - {str(message.string) for message in messages}
    telling = (each for each in ours if len(PLACE.sub("", each)) > (15 if PLACE.search(each) else 0))
    return re.compile(
        "|".join(".+".join(map(re.escape, PLACE.split(" ".join(each.split())))) for each in telling)
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(open_named: Opener, name: str, language: str) -> None:
    page = open_named(name, language)
    for scheme, width in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 900})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {width} px"
    texts = page.evaluate(SPOKEN)
    assert page.locator(".message .number").count() == int(name == "error"), "not the page that was meant"
    assert page.locator("html").get_attribute("lang") == language
    assert [text for text in texts if MARKUP.search(text)] == []
    assert [text for text in texts if language != "en" and english(language).fullmatch(text)] == []


@pytest.mark.parametrize("name", PAGES)
def test_every_control_is_reached_by_tab_and_shows_it(open_named: Opener, name: str) -> None:
    page = open_named(name, "en")
    page.wait_for_load_state()  # scripts hide what they make needless
    num_controls = page.evaluate(WATCH)
    for _ in range(num_controls + STOPS_WITHIN):
        page.keyboard.press("Tab")
    assert page.evaluate("unreached()") == []


def test_no_page_is_left_out() -> None:
    """A route with a new page fails here until it is on the tour."""
    pages = {endpoint for endpoint, declared in ROUTES.items() if "GET" in declared.methods} - NO_PAGES
    assert pages <= {name.partition(" ")[0] for name in PAGES}
