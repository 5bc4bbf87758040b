"""Links in mails: random, for one use, for a while, for one address (OWASP ASVS 5.0, 6.4.1 and 6.5)."""

from datetime import timedelta

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from tests.accounts.conftest import ADDRESS, PASSWORD, SECOND_PASSWORD, SETTINGS, Person, mails
from tests.conftest import AppMaker

NEW = {"password": SECOND_PASSWORD, "password_confirm": SECOND_PASSWORD}
TOO_LATE = timedelta(seconds=-1)


def test_6_4_1_links_differ_each_time(member: Person) -> None:
    for _ in range(3):
        member.ask_for_password()
    assert len(set(member.links())) == 4


def test_6_5_1_a_password_link_works_once(member: Person) -> None:
    member.ask_for_password()
    link = member.links()[-1]
    assert member.post(link, **NEW).location == "/account/login"
    for answer in (member.http.get(link), member.post(link, password=PASSWORD, password_confirm=PASSWORD)):
        assert answer.location == "/account/reset"
    member.password = PASSWORD
    member.sign_in()
    assert not member.is_signed_in()


def test_6_5_1_a_password_ends_every_link_to_another(member: Person) -> None:
    member.ask_for_password()
    member.ask_for_password()
    first, second = member.links()[-2:]
    member.post(second, **NEW)
    assert member.http.get(first).location == "/account/reset"


def test_6_5_1_a_confirming_link_works_once(member: Person) -> None:
    answer = member.post(member.links()[0])
    assert answer.location == "/account/confirm"
    assert "confirmed already" in member.http.get(answer.location).text


def test_6_5_1_a_link_to_another_address_works_once(member: Person, app: Flask) -> None:
    new = Person(app, "countess@example.org")
    member.post("/account/email", email=new.address, password=PASSWORD)
    new.post(new.links()[-1])
    new.sign_in()
    new.post("/account/email", email=ADDRESS, password=PASSWORD)
    member.post(member.links()[-1])
    answer = new.post(new.links()[-1])  # the address is what it was again, and the link is not
    assert "no good" in new.http.get(answer.location).text
    assert member.record().email == ADDRESS


@pytest.mark.parametrize(
    ("setting", "path"),
    [("RESET_PASSWORD_WITHIN", "/account/reset"), ("CONFIRM_EMAIL_WITHIN", "/account/confirm")],
)
def test_6_5_5_links_expire(make_app: AppMaker, setting: str, path: str) -> None:
    person = Person(make_app(**SETTINGS, **{f"SECURITY_{setting}": TOO_LATE}))
    person.register()
    person.post(path, email=person.address)
    answer = person.post(person.links()[-1], **NEW)
    assert answer.location == path
    assert "too old" in person.http.get(path).text
    assert person.record().confirmed_at is None


def test_6_5_5_a_link_to_another_address_expires(make_app: AppMaker) -> None:
    person = Person(make_app(**SETTINGS, SECURITY_CHANGE_EMAIL_WITHIN=TOO_LATE))
    person.register()
    person.post(person.links()[-1])
    person.sign_in()
    new = Person(person.app, "countess@example.org")
    person.post("/account/email", email=new.address, password=PASSWORD)
    new.post(new.links()[-1])
    assert person.record().email == ADDRESS


def test_links_are_bound_to_the_address(member: Person, app: Flask) -> None:
    member.ask_for_password()
    link = member.links()[-1]
    new = Person(app, "countess@example.org")
    member.post("/account/email", email=new.address, password=PASSWORD)
    new.post(new.links()[-1])
    assert member.post(link, **NEW).location == "/account/reset"


def test_an_address_taken_meanwhile_stays_whose_it_is(member: Person, app: Flask) -> None:
    new = Person(app, "countess@example.org")
    member.post("/account/email", email=new.address, password=PASSWORD)
    link = new.links()[-1]
    new.register()
    new.post(link)
    assert member.record().email == ADDRESS


@pytest.mark.parametrize("path", ["/account/reset", "/account/confirm", "/account/email"])
@pytest.mark.parametrize("kind", ["confirm-salt", "reset-salt", "change-email-salt"])
def test_a_link_of_our_own_making_is_no_good(newcomer: Person, path: str, kind: str) -> None:
    token = URLSafeTimedSerializer("guessed", salt=kind).dumps([newcomer.record().fs_uniquifier, ""])
    for wrong in (token, "x", "..", newcomer.links()[0].rpartition("/")[2] + "x"):
        newcomer.post(f"{path}/{wrong}", **NEW)
    assert newcomer.record().confirmed_at is None


def test_a_link_of_one_kind_is_none_of_another(newcomer: Person) -> None:
    token = newcomer.links()[-1].rpartition("/")[2]
    newcomer.post(f"/account/reset/{token}", **NEW)
    newcomer.post(f"/account/email/{token}")
    newcomer.password = SECOND_PASSWORD
    newcomer.post(newcomer.links()[-1])
    newcomer.sign_in()
    assert not newcomer.is_signed_in()


def test_links_begin_with_the_setting_not_with_the_host(member: Person, app: Flask) -> None:
    headers = {"Referer": "https://evil.example/", "Host": "evil.example"}
    fields = {"email": ADDRESS, "csrf_token": member.token()}
    answer = member.http.post("/account/reset", data=fields, headers=headers, base_url="https://evil.example")
    text = mails(app)[-1].text
    assert answer.status_code in (200, 400)
    assert "evil.example" not in text
    assert "https://localhost/account/" in text


@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
@pytest.mark.parametrize("path", ["/account/register", "/account/reset", "/account/confirm"])
def test_without_the_setting_production_sends_no_links(make_app: AppMaker, path: str, address: str) -> None:
    person = Person(make_app(**{**SETTINGS, "SITE_URL": ""}), address)
    fields = {"email": address, "password": PASSWORD, "password_confirm": PASSWORD}
    answer = person.post(path, **fields)
    assert answer.status_code == 503
    assert "SITE_URL" in answer.text
    assert mails(person.app) == []
