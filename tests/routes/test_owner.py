"""The owner's pages: who may do what to whom, and what they show."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from app.accounts import audit
from app.accounts.tables import AuditEntry
from app.config import SETTINGS
from app.database import now
from app.extensions import db
from app.mail.queue import queue_mail
from app.mail.tables import Mail
from app.overview import settings_in_force
from app.retention import forget
from tests.accounts.conftest import (  # noqa: F401 - fixtures
    ADDRESS,
    PASSWORD,
    Person,
    app,
    entries,
    mails,
    member,
    newcomer,
    stranger,
)
from tests.accounts.conftest import SETTINGS as ACCOUNTS
from tests.conftest import AppMaker

OWNER = "owner@example.org"


@pytest.fixture
def owner(app: Flask) -> Person:  # noqa: F811
    made = app.test_cli_runner().invoke(
        args=["users", "create-owner", OWNER, "--password-stdin"], input=PASSWORD
    )
    assert made.exit_code == 0, made.output
    owner = Person(app, OWNER)
    owner.sign_in()
    return owner


def said(owner: Person, answer: TestResponse) -> str:
    """What the page says that `answer` leads to."""
    assert answer.status_code == 302, answer.text
    page = owner.http.get(answer.location).text
    return " ".join(re.findall(r"<p>(.*?)</p>", page, re.DOTALL))


def change(owner: Person, person: Person, what: str, **fields: str) -> str:
    return said(owner, owner.post(f"/owner/accounts/{person.record().id}/{what}", **fields))


def roles(person: Person) -> set[str]:
    return {role.name for role in person.record().roles}


def test_the_menu_leads_owners_there_and_nobody_else(owner: Person, member: Person) -> None:  # noqa: F811
    assert "/owner/" in owner.http.get("/").text
    assert "/owner/" not in member.http.get("/").text


def test_others_are_told_that_the_page_is_not_theirs(member: Person) -> None:  # noqa: F811
    answer = member.http.get("/owner/accounts")
    assert answer.status_code == 403
    assert "Your account may not open this page." in answer.text


def test_strangers_are_asked_to_sign_in(stranger: Person) -> None:  # noqa: F811
    assert stranger.http.get("/owner/log").location == "/account/login?next=/owner/log"


def test_the_overview_counts(owner: Person, newcomer: Person) -> None:  # noqa: F811
    receipts = [newcomer.draw()["receipt"] for _ in range(2)]
    newcomer.say(receipt=receipts[0], correct="yes")
    newcomer.say(receipt=receipts[1], correct="no", label="1")
    page = owner.http.get("/owner/").text
    assert re.findall(r'class="number">(\d+)<', page) == ["2", "2", "2", "1"]
    for words in ("1 unconfirmed, 0 disabled", "1 of them corrections", "0 refused, 0 sent", "digit/0"):
        assert words in page


def test_a_role_is_given_and_taken(owner: Person, member: Person) -> None:  # noqa: F811
    change(owner, member, "role", role="reviewer", change="give")
    assert roles(member) == {"member", "reviewer"}
    change(owner, member, "role", role="reviewer", change="take")
    assert roles(member) == {"member"}
    done = [(e.act, e.about, e.note, e.actor_id) for e in entries(owner.app)[-2:]]
    actor = owner.record().id
    assert done == [
        ("role_given", ADDRESS, "reviewer", actor),
        ("role_taken", ADDRESS, "reviewer", actor),
    ]


def test_whoever_has_not_confirmed_gets_no_role(owner: Person, newcomer: Person) -> None:  # noqa: F811
    words = change(owner, newcomer, "role", role="owner", change="give")
    assert f"{ADDRESS} has not been confirmed yet" in words
    assert roles(newcomer) == set()


@pytest.mark.parametrize("role", ["member", "king", ""])
def test_other_roles_are_nobodys_to_give(owner: Person, member: Person, role: str) -> None:  # noqa: F811
    answer = owner.post(f"/owner/accounts/{member.record().id}/role", role=role, change="give")
    assert answer.status_code == 400


def test_a_disabled_account_is_signed_out(owner: Person, member: Person) -> None:  # noqa: F811
    assert "signed out everywhere" in change(owner, member, "state", change="disable")
    assert not member.is_signed_in()
    member.sign_in()
    assert not member.is_signed_in()
    change(owner, member, "state", change="enable")
    member.sign_in()
    assert member.is_signed_in()
    assert [e.act for e in entries(owner.app) if e.actor_id == owner.record().id][-2:] == [
        "disabled",
        "enabled",
    ]


@pytest.mark.parametrize(
    ("what", "fields"), [("state", {"change": "disable"}), ("role", {"role": "owner", "change": "take"})]
)
def test_the_last_owner_stays(owner: Person, what: str, fields: dict[str, str]) -> None:
    assert f"{OWNER} is the only owner" in change(owner, owner, what, **fields)
    assert owner.is_signed_in()
    assert "owner" in roles(owner)


def test_an_owner_who_is_disabled_does_not_count(owner: Person, member: Person) -> None:  # noqa: F811
    change(owner, member, "role", role="owner", change="give")
    change(owner, member, "state", change="disable")
    assert "is the only owner" in change(owner, owner, "role", role="owner", change="take")


def test_one_of_two_owners_may_go(owner: Person, member: Person) -> None:  # noqa: F811
    change(owner, member, "role", role="owner", change="give")
    owner.post(f"/owner/accounts/{owner.record().id}/role", role="owner", change="take")
    assert "owner" not in roles(owner)
    assert owner.http.get("/owner/").status_code == 403


def test_nobody_is_404(owner: Person) -> None:
    for number in ("99", "9" * 30):
        assert owner.post(f"/owner/accounts/{number}/state", change="disable").status_code == 404
    assert owner.post("/owner/mails/99/retry").status_code == 404


@pytest.mark.parametrize(("part", "found"), [("ADA", True), ("@example", True), ("%", False), ("_da", False)])
def test_accounts_are_found_by_a_part_of_the_address(
    owner: Person,
    member: Person,  # noqa: F811
    part: str,
    found: bool,
) -> None:
    page = owner.http.get("/owner/accounts", query_string={"search": part}).text
    assert (f">{member.address}<" in page) is found


def pages(owner: Person, path: str) -> list[list[str]]:
    """The first cells of all pages, from one "more" to the next."""
    found = []
    while path:
        text = owner.http.get(path).text
        found.append(re.findall(r'<th scope="row".*?>(.*?)</th>', text))
        more = re.search(r'class="more"><a class="button" href="(.*?)"', text)
        path = more[1].replace("&amp;", "&") if more else ""
    return found


def test_lists_have_pages(owner: Person) -> None:
    with owner.app.app_context():
        for n in range(7):
            queue_mail(db.session(), f"p{n}@example.org", "Hello", "text", "html")
        db.session.commit()
    with patch("app.routes.owner.ROWS", 3):
        found = pages(owner, "/owner/mails?state=waiting")
    assert found == [[f"p{n}@example.org" for n in ns] for ns in ((6, 5, 4), (3, 2, 1), (0,))]


def test_a_refused_mail_is_tried_again(owner: Person, newcomer: Person) -> None:  # noqa: F811
    [mail] = mails(owner.app)
    with owner.app.app_context():
        failed = {
            "state": "failed",
            "last_error": "550 Nobody of that name",
            "next_try_at": now() + timedelta(hours=1),
        }
        db.session.execute(update(Mail).values(**failed))
        db.session.commit()
    assert "550 Nobody of that name" in owner.http.get("/owner/mails?state=failed").text
    assert "on its way" in said(owner, owner.post(f"/owner/mails/{mail.id}/retry"))
    [mail] = mails(owner.app)
    assert (mail.state, mail.next_try_at <= now(), mail.recipient) == ("waiting", True, newcomer.address)
    assert entries(owner.app)[-1].act == "mail_retried"


def test_only_a_refused_mail_is_tried_again(owner: Person, newcomer: Person) -> None:  # noqa: F811
    assert newcomer.links()
    assert owner.post(f"/owner/mails/{mails(owner.app)[0].id}/retry").status_code == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 6),
        ({"act": "login"}, 2),
        ({"account": "ADA@"}, 4),
        ({"account": "nobody"}, 0),
        ({"act": "login", "account": "ada"}, 1),
        ({"since": "2026-03-01"}, 4),
        ({"until": "2026-03-01"}, 3),
        ({"since": "2026-03-01", "until": "2026-03-01"}, 1),
        ({"since": "yesterday"}, 6),
        ({"until": "9999-12-31", "before": "9" * 30}, 6),
    ],
)
def test_the_log_is_filtered(owner: Person, query: dict[str, str], found: int) -> None:
    with owner.app.app_context():
        db.session.execute(AuditEntry.__table__.delete())  # type: ignore[attr-defined]
        for month, (act, about) in enumerate(
            [
                ("role_given", OWNER),
                ("login", OWNER),
                ("registered", ADDRESS),
                ("confirmed", ADDRESS),
                ("role_given", ADDRESS),
                ("login", ADDRESS),
            ],
            1,
        ):
            at = now().replace(year=2026, month=month, day=1)
            db.session.add(AuditEntry(at=at, act=act, about=about))
        db.session.commit()
    [rows] = pages(owner, owner.http.get("/owner/log", query_string=query).request.full_path)
    assert len(rows) == found


def test_settings_show_no_secret(make_app: AppMaker) -> None:
    secrets = {
        "SECRET_KEY": "s3cret-key",
        "SMTP_PASSWORD": "s3cret-mail",
        "RATE_LIMIT_STORAGE_URL": "memory://user:s3cret-redis@host/?password=s3cret-query",
    }
    app = make_app(**{**ACCOUNTS, **secrets})  # noqa: F811
    shown = {each.setting.name: each for each in settings_in_force(app.config)}
    assert list(shown) == [setting.name for setting in SETTINGS]
    assert not [each for each in shown.values() if "s3cret" in each.value]
    assert shown["SMTP_PASSWORD"].value == "set"
    assert shown["RATE_LIMIT_STORAGE_URL"].value == "memory://user:***@host/?***"


def test_settings_say_what_was_changed(app: Flask, owner: Person, database_url: str) -> None:  # noqa: F811
    shown = {each.setting.name: each for each in settings_in_force(app.config)}
    assert shown["SITE_URL"].is_changed
    assert shown["SITE_URL"].value == "https://localhost"
    assert not shown["PORT"].is_changed
    assert shown["DATABASE_URL"].is_changed == bool(database_url)
    assert shown["SMTP_PASSWORD"].value == "not set"
    assert "SMTP_PASSWORD" in owner.http.get("/owner/settings").text


def test_what_is_old_is_forgotten(owner: Person, newcomer: Person) -> None:  # noqa: F811
    app = newcomer.app  # noqa: F811
    with app.app_context():
        old = now() - timedelta(days=31)
        for state in ("sent", "failed", "waiting"):
            mail = queue_mail(db.session(), f"{state}@example.org", "Hello", "text", "html")
            mail.created_at, mail.state = old, state
        audit.record("login", OWNER)
        db.session.flush()
        first = min(entry.id for entry in entries(app))
        db.session.execute(
            update(AuditEntry).where(AuditEntry.id == first).values(at=now() - timedelta(days=366))
        )
        db.session.commit()
        num_entries = len(entries(app))
        assert forget(app.config, db.engine) == {"mails": 2, "audit log": 1}
    assert {mail.recipient for mail in mails(app)} == {ADDRESS, "waiting@example.org"}
    assert len(entries(app)) == num_entries - 1
    assert owner.is_signed_in()


def test_nothing_is_forgotten_where_the_settings_say_so(app: Flask, newcomer: Person) -> None:  # noqa: F811
    assert newcomer.links()
    with app.app_context(), patch("app.mail.queue.now", return_value=now() + timedelta(days=10_000)):
        assert forget({"MAIL_DAYS": 0, "AUDIT_LOG_DAYS": 0}, db.engine) == {"mails": 0, "audit log": 0}


def test_forgetting_is_a_command(app: Flask) -> None:  # noqa: F811
    done = app.test_cli_runner().invoke(args=["forget"])
    assert (done.exit_code, done.output.split()) == (0, ["mails", "0", "audit", "log", "0"])
