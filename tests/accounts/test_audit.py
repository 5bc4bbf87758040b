"""Every act that matters for security leaves one row."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.extensions import db
from tests.accounts.conftest import ADDRESS, PASSWORD, SECOND_PASSWORD, Person, acts, entries, mails

UNKNOWN = "nobody@example.org"


def test_the_way_through_an_account(member: Person, app: Flask) -> None:
    member.change_password(SECOND_PASSWORD)
    member.password = SECOND_PASSWORD
    member.ask_for_password()
    member.post(member.links()[-1], password=PASSWORD, password_confirm=PASSWORD)
    member.password = PASSWORD
    member.sign_in()
    new = Person(app, "countess@example.org")
    member.post("/account/email", email=new.address, password=PASSWORD)
    new.post(new.links()[-1])
    new.sign_in()
    new.sign_out()
    assert acts(app) == [
        "registered",
        "confirmed",
        "role_given",
        "login",
        "password_changed",
        "password_asked_for",
        "password_reset",
        "login",
        "email_change_asked_for",
        "email_changed",
        "login",
        "logout",
    ]


def test_what_failed(newcomer: Person, app: Flask) -> None:
    newcomer.sign_in()  # not confirmed yet
    Person(app, password="a wrong password").sign_in()
    Person(app, UNKNOWN).sign_in()
    Person(app, "my password, by mistake").sign_in()
    assert [(entry.act, entry.about) for entry in entries(app)[1:]] == [
        ("login_failed", ADDRESS),
        ("login_failed", ADDRESS),
        ("login_failed", UNKNOWN),
        ("login_failed", ""),
    ]


@pytest.mark.usefixtures("member")
def test_what_strangers_ask_for(app: Flask) -> None:
    stranger = Person(app, UNKNOWN)
    stranger.ask_for_password()
    stranger.post("/account/confirm", email=UNKNOWN)
    Person(app, password=SECOND_PASSWORD).register()
    assert acts(app)[-3:] == ["password_asked_for", "confirmation_asked_for", "registration_refused"]


def test_a_row_says_who_did_what_and_from_where(member: Person, app: Flask) -> None:
    entry = entries(app)[-1]
    assert (entry.act, entry.about, entry.address) == ("login", ADDRESS, "127.0.0.1")
    assert entry.actor_id == member.record().id
    assert entry.at >= member.record().created_at


@pytest.mark.usefixtures("member")
def test_the_command_line_is_nobody(app: Flask) -> None:
    run = app.test_cli_runner()
    run.invoke(args=["users", "role", ADDRESS, "reviewer"])
    run.invoke(args=["users", "role", ADDRESS, "reviewer"])
    run.invoke(args=["users", "role", ADDRESS, "reviewer", "--take"])
    run.invoke(args=["users", "disable", ADDRESS])
    run.invoke(args=["users", "enable", ADDRESS])
    done = [(e.act, e.note, e.actor_id, e.address) for e in entries(app)[4:]]
    assert done == [
        ("role_given", "reviewer", None, ""),
        ("role_taken", "reviewer", None, ""),
        ("disabled", "", None, ""),
        ("enabled", "", None, ""),
    ]


def test_no_row_and_no_mail_for_what_was_not_done(stranger: Person, app: Flask) -> None:
    """One transaction: where the account cannot be kept, nothing says that it was."""

    def fail(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the disk is full"))

    with app.app_context():
        db.event.listen(db.session, "before_commit", fail)
        try:
            assert stranger.register().status_code == 503
        finally:
            db.event.remove(db.session, "before_commit", fail)
    assert acts(app) == []
    assert mails(app) == []
