"""Accounts in a real browser: the whole way by keyboard alone, and every page for everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.extensions import db
from app.mail.tables import Mail
from tests.browser.conftest import PageMaker
from tests.browser.site import Site
from tests.browser.test_pages import INLINE, TEMPLATES
from tests.fakes import FakeRoom

ADDRESS, PASSWORD, SECOND_PASSWORD = "ada@example.org", "correct horse ⚡", "battery staple 42"
SETTINGS = {"MAIL_RELAY": "off", "LOGIN_RATE_LIMIT": "", "ACCOUNT_RATE_LIMIT": "", "LETTER_RATE_LIMIT": ""}
MAX_TABS = 30


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server where `ADDRESS` is an owner."""
    site = Site(tmp_path_factory.mktemp("accounts"), RECOGNITION=FakeRoom(), **SETTINGS)
    command = ["users", "create-owner", ADDRESS, "--password-stdin"]
    made = site.app.test_cli_runner().invoke(args=command, input=PASSWORD)
    assert made.exit_code == 0, made.output
    yield site
    site.stop()


def last_link(site: Site) -> str:
    """The link in the mail that was queued last."""
    with site.app.app_context():
        text = db.session.scalars(select(Mail.text).order_by(Mail.id.desc())).first()
    found = re.search(r"http://\S+", text or "")
    assert found is not None
    return found[0]


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, target: Locator) -> None:
        for _ in range(MAX_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"{MAX_TABS} presses of Tab do not lead to {target}")

    def press(self, role: str, name: str) -> None:
        self.go_to(self.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
        self.page.keyboard.press("Enter")

    def fill(self, **fields: str) -> None:
        for name, text in fields.items():
            self.go_to(self.page.locator(f"#{name}"))
            self.page.keyboard.press("Control+a")
            self.page.keyboard.insert_text(text)
        self.page.keyboard.press("Enter")


def heading_is(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(words)


def test_the_whole_way_by_keyboard(page: Page, accounts: Site) -> None:
    somebody, address = Keyboard(page), "grace@example.org"
    page.goto(accounts.url)
    somebody.press("link", "Sign in")
    somebody.press("link", "Create an account")
    somebody.fill(email=address, password=PASSWORD, password_confirm=PASSWORD)
    expect(page.get_by_role("status")).to_contain_text(f"We have written to {address}")
    page.goto(last_link(accounts))
    somebody.press("button", "Yes, confirm it")
    expect(page.get_by_role("status")).to_contain_text("Your address is confirmed")
    somebody.fill(email=address, password=PASSWORD)
    heading_is(page, "Your account")
    somebody.press("link", "Change the password")
    somebody.fill(password=PASSWORD, new_password=SECOND_PASSWORD, new_password_confirm=SECOND_PASSWORD)
    expect(page.get_by_role("status")).to_contain_text("Your password is changed")
    somebody.go_to(page.locator(".account-menu summary"))
    page.keyboard.press("Enter")
    somebody.press("button", "Sign out")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.goto(f"{accounts.url}/account/")
    somebody.fill(email=address, password=SECOND_PASSWORD)
    heading_is(page, "Your account")


def test_without_javascript(open_page: PageMaker, accounts: Site) -> None:
    page = open_page(java_script_enabled=False)
    sign_in(page, accounts)
    expect(page.locator(".show-password").first).to_be_hidden()
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


def test_a_password_can_be_shown(page: Page, accounts: Site) -> None:
    page.goto(f"{accounts.url}/account/login")
    field = page.get_by_label("Password", exact=True)
    field.fill(PASSWORD)
    show = page.get_by_role("button", name="Show what is typed as “Password”")
    for kind, pressed in (("password", "false"), ("text", "true"), ("password", "false")):
        expect(field).to_have_attribute("type", kind)
        expect(show).to_have_attribute("aria-pressed", pressed)
        show.press("Enter")
    expect(field).to_have_value(PASSWORD)


def test_the_first_error_has_the_focus(page: Page, accounts: Site) -> None:
    page.goto(f"{accounts.url}/account/register")
    Keyboard(page).fill(email="grace2@example.org", password="password", password_confirm="password")
    field = page.locator("#password")
    expect(field).to_be_focused()
    expect(field).to_have_accessible_description(re.compile("most common passwords"))


def sign_in(page: Page, site: Site) -> None:
    page.goto(f"{site.url}/account/login")
    page.fill("#email", ADDRESS)
    page.fill("#password", PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").click()
    heading_is(page, "Your account")


@pytest.mark.parametrize(
    "template", sorted((TEMPLATES / "security").rglob("*.html")), ids=lambda path: path.name
)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []
