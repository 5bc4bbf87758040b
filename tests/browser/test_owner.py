"""The owner's pages and the page of API tokens in a real browser: light, dark, narrow, wide, by keyboard."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.accounts import people
from app.accounts.tokens import create
from app.database import now
from app.extensions import db
from app.mail.queue import queue_mail
from app.mail.tables import Mail
from tests.browser.site import Site
from tests.browser.test_accounts import ADDRESS, PASSWORD, SETTINGS, Keyboard, sign_in
from tests.browser.test_pages import INLINE, TEMPLATES, assert_accessible
from tests.fakes import FakeRoom


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server where `ADDRESS` is an owner, with a little of everything."""
    site = Site(tmp_path_factory.mktemp("office"), RECOGNITION=FakeRoom(), **SETTINGS)
    run = site.app.test_cli_runner()
    for address in (ADDRESS, "grace.brewster.murray.hopper@navy.example.org"):
        made = run.invoke(args=["users", "create-owner", address, "--password-stdin"], input=PASSWORD)
        assert made.exit_code == 0, made.output
    run.invoke(args=["users", "disable", "grace.brewster.murray.hopper@navy.example.org"])
    with site.app.app_context():
        _fill()
    yield site
    site.stop()


def _fill() -> None:
    owner = people.find(ADDRESS)
    assert owner is not None
    for name, scopes in (("scanner in the mail room", ("recognize", "feedback")), ("archive", ("read",))):
        create(owner, name, scopes)
    for n, state in enumerate(("sent", "waiting", "failed")):
        queue_mail(
            db.session(), f"person{n}@example.org", "Confirm your e-mail address", "text", "html"
        ).state = state
    db.session.flush()
    reason = (
        "550 5.1.1 <person2@example.org>: Recipient address rejected: User unknown in local recipient table"
    )
    failed = {"last_error": reason, "tries": 1}
    db.session.execute(update(Mail).where(Mail.state == "failed").values(**failed))
    db.session.execute(
        update(Mail).where(Mail.state == "sent").values(sent_at=now() + timedelta(seconds=3), tries=1)
    )
    db.session.commit()


def test_a_token_is_made_and_revoked_by_keyboard(page: Page, office: Site) -> None:
    somebody = Keyboard(page)
    sign_in(page, office)
    page.goto(f"{office.url}/account/tokens")
    somebody.go_to(page.get_by_label("Name", exact=True))
    page.keyboard.insert_text("made by keyboard")
    somebody.go_to(page.get_by_role("checkbox", name="Read"))
    page.keyboard.press("Space")
    somebody.press("button", "Make the token")
    expect(page.locator("#token")).to_have_value(re.compile(r"legible_[\w-]{43}"))
    expect(page.locator("#token")).to_be_focused()
    assert_accessible(page)
    somebody.press("button", "Revoke made by keyboard")
    expect(page.get_by_role("status")).to_contain_text("“made by keyboard” is revoked")


def test_an_account_is_enabled_and_disabled(page: Page, office: Site) -> None:
    sign_in(page, office)
    page.goto(f"{office.url}/owner/accounts?search=grace")
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_role("status")).to_contain_text("may sign in again")
    expect(page.locator("#search")).to_have_value("grace")
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_role("status")).to_contain_text("signed out everywhere")


def test_a_refused_mail_is_tried_again(page: Page, office: Site) -> None:
    sign_in(page, office)
    page.goto(f"{office.url}/owner/mails?state=failed")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_contain_text("on its way again")


PAGES = [*sorted((TEMPLATES / "owner").glob("*.html")), TEMPLATES / "tokens.html"]


@pytest.mark.parametrize("template", PAGES, ids=lambda path: path.name)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert INLINE.findall(template.read_text()) == []
