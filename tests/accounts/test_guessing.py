"""Who has an account, and with which password, cannot be found out by asking (OWASP ASVS 5.0, 6.3.1 and 6.3.8).

How long the answers take is measured by tests/bench/account_timing.py.
"""

import re
from unittest.mock import patch

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts.errors import Crowded
from tests.accounts.conftest import ADDRESS, PASSWORD, SECOND_PASSWORD, SETTINGS, Person, mails, page_of
from tests.conftest import AppMaker

UNKNOWN = "nobody@example.org"
FORMS = {
    "/account/login": {"password": SECOND_PASSWORD},
    "/account/register": {"password": SECOND_PASSWORD, "password_confirm": SECOND_PASSWORD},
    "/account/reset": {},
    "/account/confirm": {},
}


def plain(answer: TestResponse, person: Person, address: str) -> tuple[int, str | None, str]:
    """What an answer says, and the page it leads to, apart from the address asked for and the tokens."""
    page = page_of(answer, person).replace(address, "ADDRESS")
    return answer.status_code, answer.location, re.sub(r'value="[^"]{40,}"', "", page)


def asked(app: Flask, path: str, address: str) -> tuple[int, str | None, str]:
    person = Person(app)
    return plain(person.post(path, email=address, **FORMS[path]), person, address)


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("state", ["unconfirmed", "confirmed", "disabled"])
def test_6_3_8_known_and_unknown_get_the_same_answer(newcomer: Person, path: str, state: str) -> None:
    app = newcomer.app
    if state != "unconfirmed":
        newcomer.post(newcomer.links()[-1])
    if state == "disabled":
        app.test_cli_runner().invoke(args=["users", "disable", ADDRESS])
    assert asked(app, path, ADDRESS) == asked(app, path, UNKNOWN)


def test_6_3_8_the_right_password_does_not_tell_that_an_address_was_new(newcomer: Person) -> None:
    def tried(password: str) -> tuple[int, str | None, str]:
        person = Person(newcomer.app, password=password)
        return plain(person.sign_in(), person, ADDRESS)

    assert tried(PASSWORD) == tried(SECOND_PASSWORD)


def test_6_3_8_another_address_that_is_taken(member: Person) -> None:
    Person(member.app, "taken@example.org").register()
    member.http.get("/account/")  # shows what was said before
    answers = [
        plain(member.post("/account/email", email=address, password=PASSWORD), member, address)
        for address in ("taken@example.org", "free@example.org")
    ]
    assert answers[0] == answers[1]


def test_an_account_is_not_taken_over_by_registering_again(member: Person) -> None:
    other = Person(member.app, password=SECOND_PASSWORD)
    other.register()
    assert "There is one already" in mails(member.app)[-1].text
    other.sign_in()
    member.sign_out()
    member.sign_in()
    assert (other.is_signed_in(), member.is_signed_in()) == (False, True)


def test_who_registers_second_does_not_confirm_the_password_of_the_first(newcomer: Person) -> None:
    """Somebody registers your address, then you do: your mail lets you choose a password, not accept theirs."""
    rightful = Person(newcomer.app, password=SECOND_PASSWORD)
    rightful.register()
    assert rightful.links()[-1].startswith("/account/reset/")
    assert "/account/confirm" not in mails(newcomer.app)[-1].text


def test_6_3_1_the_eleventh_wrong_password_in_a_minute_is_refused(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "LOGIN_RATE_LIMIT": "10 per minute"})
    guesser = Person(app, password="a wrong password")
    assert [guesser.sign_in().status_code for _ in range(11)] == [200] * 10 + [429]


@pytest.mark.parametrize(
    "spelling", ["ADA@example.org", "ada@EXAMPLE.org", " ada@example.org", "ada@ｅxample.org"]
)
def test_6_3_1_another_spelling_is_the_same_account(make_app: AppMaker, spelling: str) -> None:
    app = make_app(**{**SETTINGS, "LOGIN_RATE_LIMIT": "1 per minute"})
    Person(app, password="a wrong password").sign_in()
    assert Person(app, spelling).sign_in().status_code == 429


def test_6_3_1_a_stranger_does_not_lock_one_out(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "LOGIN_RATE_LIMIT": "2 per minute"})
    person = Person(app)
    person.register()
    person.post(person.links()[-1])
    stranger = Person(app, password="a wrong password")
    stranger.http.environ_base["REMOTE_ADDR"] = "203.0.113.9"
    assert [stranger.sign_in().status_code for _ in range(3)] == [200, 200, 429]
    person.sign_in()
    assert person.is_signed_in()


def test_6_3_1_a_flood_is_refused_before_a_password_is_computed(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "ACCOUNT_RATE_LIMIT": "3 per minute"})
    with patch("flask_security.forms.hash_password") as compute:
        codes = [Person(app, f"person{n}@example.org").sign_in().status_code for n in range(6)]
    assert codes == [200, 200, 200, 429, 429, 429]
    assert compute.call_count == 3


def test_nobody_can_have_one_mailbox_flooded_from_many_addresses(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "LETTER_RATE_LIMIT": "3 per hour"})
    person = Person(app)
    person.register()
    person.post(person.links()[-1])
    codes = []
    for number in range(4):
        stranger = Person(app, person.address.upper() if number % 2 else person.address)
        stranger.http.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        codes.append(stranger.ask_for_password().status_code)
    assert codes[-2:] == [429, 429]
    assert len(mails(app)) == 3
    assert Person(app, "other@example.org").ask_for_password().status_code != 429


def test_deleting_an_account_waits_for_the_gate_before_passwords(make_app: AppMaker) -> None:
    app = make_app(**SETTINGS)
    person = Person(app)
    person.register()
    person.post(person.links()[-1])
    person.sign_in()
    with patch.object(app.extensions["passwords"], "turn", side_effect=Crowded("Very many people.")):
        assert person.post("/account/delete", password=PASSWORD).status_code == 503
    assert person.is_signed_in()


def test_6_3_1_a_browser_left_open_cannot_be_used_to_guess(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "LOGIN_RATE_LIMIT": "3 per minute"})
    person = Person(app)
    person.register()
    person.post(person.links()[-1])
    person.sign_in()
    person.password = "a wrong password"
    assert [person.change_password(SECOND_PASSWORD).status_code for _ in range(4)] == [200, 200, 200, 429]


def test_no_account_comes_with_the_product(app: Flask) -> None:
    """6.3.2: there are no default accounts."""
    assert app.test_cli_runner().invoke(args=["users", "list"]).output == ""
