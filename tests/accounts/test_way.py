"""From registering to signing out: the way through an account, as it should go."""

import pytest
from flask import Flask

from app.accounts.tables import MEMBER
from tests.accounts.conftest import PASSWORD, SECOND_PASSWORD, Person, acts, mails, page_of
from tests.conftest import AppMaker


def test_an_account_needs_its_address_confirmed(newcomer: Person) -> None:
    assert newcomer.sign_in().status_code == 200
    assert not newcomer.is_signed_in()
    newcomer.post(newcomer.links()[-1])
    newcomer.sign_in()
    assert newcomer.is_signed_in()


def test_confirmed_is_member(member: Person) -> None:
    user = member.record()
    assert user.confirmed_at is not None
    assert [role.name for role in user.roles] == [MEMBER]


def test_the_address_is_kept_in_lower_case(app: Flask) -> None:
    Person(app, "Ada@Example.ORG").register()
    assert Person(app).record().email == "ada@example.org"


def test_the_account_shows_what_is_known(member: Person) -> None:
    page = member.http.get("/account/").text
    for words in (member.address, MEMBER, "/account/password", "/account/email"):
        assert words in page


def test_every_page_says_who_is_signed_in(member: Person, app: Flask) -> None:
    for path in ("/", "/upload", "/canvas/digit"):
        assert member.address in member.http.get(path).text
        assert "Sign in" in Person(app).http.get(path).text


def test_signing_out(member: Person, app: Flask) -> None:
    assert member.sign_out().location == "/"
    assert not member.is_signed_in()
    assert member.address not in member.http.get("/").text
    assert acts(app)[-1] == "logout"


def test_signing_in_leads_back(member: Person) -> None:
    member.sign_out()
    answer = member.http.get("/account/password")
    assert answer.location == "/account/login?next=/account/password"
    assert member.sign_in(next="/account/password").location == "/account/password"


def test_a_forgotten_password_is_replaced(member: Person) -> None:
    member.ask_for_password()
    fields = {"password": SECOND_PASSWORD, "password_confirm": SECOND_PASSWORD}
    assert member.post(member.links()[-1], **fields).location == "/account/login"
    assert member.sign_in().status_code == 200
    member.password = SECOND_PASSWORD
    member.sign_in()
    assert member.is_signed_in()


def test_a_new_password_confirms_the_address_that_its_link_went_to(newcomer: Person) -> None:
    newcomer.ask_for_password()
    newcomer.password = SECOND_PASSWORD
    newcomer.post(newcomer.links()[-1], password=SECOND_PASSWORD, password_confirm=SECOND_PASSWORD)
    newcomer.sign_in()
    assert newcomer.is_signed_in()
    assert [role.name for role in newcomer.record().roles] == [MEMBER]


def test_another_link_to_confirm(newcomer: Person) -> None:
    newcomer.post("/account/confirm", email=newcomer.address)
    first, second = newcomer.links()
    assert first != second
    newcomer.post(second)
    newcomer.sign_in()
    assert newcomer.is_signed_in()


def test_another_address(member: Person, app: Flask) -> None:
    new = Person(app, "countess@example.org")
    member.post("/account/email", email=new.address, password=PASSWORD)
    new.post(new.links()[-1])
    assert member.sign_in().status_code == 200
    assert new.sign_in().location == "/account/"
    assert [mail.recipient for mail in mails(app)][-2:] == [new.address, member.address]


@pytest.mark.parametrize("fields", [{}, {"password": "wrong password"}])
def test_another_address_needs_the_password(member: Person, app: Flask, fields: dict[str, str]) -> None:
    num_mails = len(mails(app))
    answer = member.post("/account/email", email="countess@example.org", **fields)
    assert "This is not your password." in answer.text
    assert len(mails(app)) == num_mails


def test_opening_a_link_changes_nothing(newcomer: Person, app: Flask) -> None:
    page = newcomer.http.get(newcomer.links()[-1]).text
    assert "<form" in page
    assert newcomer.record().confirmed_at is None
    assert acts(app) == ["registered"]


def test_development_says_where_the_mail_lies(make_app: AppMaker) -> None:
    app = make_app(APP_ENV="development", MAIL_RELAY="off")
    person = Person(app)
    assert str(app.config["INSTANCE_DIR"]) in page_of(person.register(), person)


def test_production_does_not_say_where_files_are(stranger: Person) -> None:
    page = page_of(stranger.register(), stranger)
    assert "We have written to ada@example.org" in page
    assert str(stranger.app.config["INSTANCE_DIR"]) not in page


def test_anonymous_use_needs_no_account(stranger: Person) -> None:
    receipt = stranger.draw()["receipt"]
    assert stranger.say(receipt=receipt, correct="yes").status_code == 200
