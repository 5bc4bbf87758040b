"""Deleting an account: what goes, and what may stay without a name."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from werkzeug.test import TestResponse

from app.accounts.people import find, give_role
from app.accounts.tables import MEMBER, OWNER, ApiToken, AuditEntry, roles_users
from app.accounts.tokens import create
from app.extensions import db
from app.history.tables import Drawing
from app.mail.tables import Mail
from app.samples.tables import Delivery, Sample
from tests.accounts.conftest import PASSWORD, acts, mails
from tests.members import Member


def leave(member: Member, corrections: str = "keep", password: str = PASSWORD) -> TestResponse:
    return member.post("/account/delete", password=password, corrections=corrections)


def rows(app: Flask, *tables: Any) -> list[int]:
    with app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


def give_answers(*members: Member) -> None:
    for member in members:
        member.say(receipt=member.draw()["receipt"], correct="no", label="1")


def is_signed_in(member: Member) -> bool:
    return member.http.get("/account/").status_code == 200


def test_everything_of_the_account_goes(app: Flask, member: Member) -> None:
    member.keep()
    member.post("/account/reset", email=member.address)
    with app.app_context():
        create(member.user(), "at home", ["read"])
    assert leave(member).location == "/account/deleted"
    with app.app_context():
        assert find(member.address) is None
    assert rows(app, Drawing, ApiToken, roles_users) == [0, 0, 0]
    assert "Your account is deleted" in member.http.get("/account/deleted").text


def test_corrections_stay_without_a_name(app: Flask, member: Member, other: Member) -> None:
    give_answers(member, other)
    leave(member, "keep")
    with app.app_context():
        owners = db.session.execute(
            select(Sample.user_id, Sample.visitor.is_(None)).order_by(Sample.user_id)
        ).all()
    assert sorted(map(tuple, owners), key=str) == sorted([(None, True), (other.id, False)], key=str)
    assert rows(app, Sample, Delivery) == [2, 2]


def test_corrections_go_with_their_deliveries(app: Flask, member: Member, other: Member) -> None:
    give_answers(member, other)
    leave(member, "delete")
    with app.app_context():
        assert db.session.scalars(select(Sample.user_id)).all() == [other.id]
    assert rows(app, Sample, Delivery) == [1, 1]


def test_nobody_else_loses_anything(member: Member, other: Member) -> None:
    other.keep()
    leave(member, "delete")
    assert len(other.drawings()) == 1
    assert is_signed_in(other)


@pytest.mark.parametrize("password", ["", "a wrong password"])
def test_it_needs_the_password(app: Flask, member: Member, password: str) -> None:
    assert "This is not your password." in leave(member, password=password).text
    assert is_signed_in(member)
    assert "account_deleted" not in acts(app)


def test_every_session_ends(app: Flask, member: Member) -> None:
    second = Member.__new__(Member)
    super(Member, second).__init__(app)
    second.sign_in("ada")
    assert is_signed_in(second)
    leave(member)
    assert not is_signed_in(member)
    assert not is_signed_in(second)


def test_the_audit_log_says_so(app: Flask, member: Member) -> None:
    leave(member)
    with app.app_context():
        entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.about, entry.actor_id) == ("account_deleted", member.address, None)


@pytest.mark.parametrize(
    ("corrections", "words"), [("keep", "stay, as you chose"), ("delete", "are deleted too")]
)
def test_the_last_mail_says_farewell(app: Flask, member: Member, corrections: str, words: str) -> None:
    member.post("/account/reset", email=member.address)
    leave(member, corrections)
    [mail] = mails(app)
    assert (mail.recipient, mail.subject) == (member.address, "Your account was deleted")
    assert words in mail.text


def test_the_only_owner_stays(app: Flask, member: Member, other: Member) -> None:
    with app.app_context():
        give_role(member.user(), OWNER)
        db.session.commit()
    assert leave(member, "delete").status_code == 409
    assert is_signed_in(member)
    with app.app_context():
        give_role(other.user(), OWNER)
        db.session.commit()
    assert leave(member).location == "/account/deleted"


def test_nothing_goes_where_not_all_can(app: Flask, member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    member.keep()
    give_answers(member)
    monkeypatch.setattr("app.history.leaving.send", lambda *_: 1 / 0)
    assert leave(member, "delete").status_code == 500
    assert is_signed_in(member)
    assert rows(app, Drawing, Sample, Delivery, Mail) == [2, 1, 1, 0]


def test_an_id_that_is_given_again_has_nothing_of_before(app: Flask, member: Member) -> None:
    give_answers(member)
    leave(member)
    newcomer = Member(app, "newcomer")
    assert newcomer.drawings() == []
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Sample.user_id == newcomer.id)) == 0
        assert db.session.scalar(select(func.count()).where(AuditEntry.actor_id == newcomer.id)) == 0
        db.session.execute(delete(Drawing))
        assert [role.name for role in newcomer.user().roles] == [MEMBER]
