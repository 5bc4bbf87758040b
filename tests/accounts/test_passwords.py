"""What may be a password, and how it is kept: OWASP ASVS 5.0, chapter 6.2."""

import re
import sys
import unicodedata

import pytest
from flask import Flask
from flask_security.utils import hash_password

from app.accounts.passwords import MAX_LENGTH, _common_passwords, fault_in
from tests.accounts.conftest import ADDRESS, PASSWORD, SECOND_PASSWORD, SETTINGS, Person, entries
from tests.conftest import AppMaker

PASSPHRASE = "the quick brown fox who jumps over the lazy dog and types 64 let"
EMOJI = "🐎🔋✂️🧷🪶🖋️📜🔭"


def is_taken(app: Flask, password: str) -> bool:
    """Whether one can register with `password` and then sign in with exactly it."""
    person = Person(app, password=password)
    if person.register().status_code != 302:
        return False
    person.post(person.links()[-1])
    person.sign_in()
    return person.is_signed_in()


@pytest.mark.parametrize(("password", "is_good"), [("zebra42", False), ("zebra 42", True)])
def test_6_2_1_at_least_eight_characters(app: Flask, password: str, is_good: bool) -> None:
    assert is_taken(app, password) is is_good


@pytest.mark.parametrize("password", ["password", "12345678", "Trustno1", "qwertyuiop", "PASSWORD"])
def test_6_2_4_common_passwords_are_refused(password: str) -> None:
    assert "most common" in str(fault_in(password, ADDRESS))


def test_6_2_4_asks_for_common_passwords_everywhere(member: Person) -> None:
    assert "most common" in member.change_password("12345678").text
    member.ask_for_password()
    fields = {"password": "12345678", "password_confirm": "12345678"}
    assert "most common" in member.post(member.links()[-1], **fields).text


def test_6_2_4_the_list_has_what_it_should() -> None:
    long_enough = [each for each in _common_passwords().split(",") if len(each) >= 8]
    assert len(long_enough) >= 3000
    assert "zxcvbn" not in sys.modules


@pytest.mark.parametrize("password", ["zzzzqqqqxx", "8675830912", "ABSENTMINDED X", "        ^        "])
def test_6_2_5_no_rules_for_what_it_is_made_of(password: str) -> None:
    assert fault_in(password, ADDRESS) is None


def test_6_2_6_and_7_fields_hide_and_let_paste(stranger: Person) -> None:
    page = stranger.http.get("/account/register").text + stranger.http.get("/account/login").text
    fields = re.findall(r'<input [^>]*name="password[^>]*>', page)
    assert len(fields) == 3
    assert all('type="password"' in field for field in fields)
    assert [re.findall(r'autocomplete="([^"]+)"', f) for f in fields] == [
        ["new-password"],
        ["new-password"],
        ["current-password"],
    ]
    assert "onpaste" not in page


@pytest.mark.parametrize("change", [str.upper, str.strip, lambda text: text[:64], lambda text: text + " "])
def test_6_2_8_a_password_counts_as_it_is(app: Flask, change: object) -> None:
    password = f" {PASSPHRASE}, every one of them "
    assert is_taken(app, password)
    assert callable(change)
    other = Person(app, password=change(password))
    other.sign_in()
    assert not other.is_signed_in()


@pytest.mark.parametrize("password", [PASSPHRASE, EMOJI, "🐎" * 64, "å" * MAX_LENGTH])
def test_6_2_9_sixty_four_characters_and_more(app: Flask, password: str) -> None:
    assert is_taken(app, password)


def test_6_2_9_but_there_is_an_end(app: Flask) -> None:
    assert not is_taken(app, "å" * (MAX_LENGTH + 1))
    assert not is_taken(app, "long " * 100_000)


TOO_LONG = ["long " * 1_000, "\ufdfa" * 300]
"""More than the library hashes: as it is, or once normalised."""


@pytest.mark.parametrize("password", TOO_LONG)
@pytest.mark.parametrize("address", [ADDRESS, "nobody@example.org"])
def test_6_2_9_what_is_too_long_is_a_wrong_password(member: Person, address: str, password: str) -> None:
    other = Person(member.app, address, password)
    assert "don’t go together" in other.sign_in().text
    assert (entries(member.app)[-1].act, entries(member.app)[-1].about) == ("login_failed", address)


@pytest.mark.parametrize("password", TOO_LONG)
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("password", {"new_password": SECOND_PASSWORD, "new_password_confirm": SECOND_PASSWORD}),
        ("email", {"email": "countess@example.org"}),
        ("delete", {"corrections": "keep"}),
    ],
)
def test_6_2_9_and_so_it_is_in_every_form(
    member: Person, path: str, fields: dict[str, str], password: str
) -> None:
    answer = member.post(f"/account/{path}", password=password, **fields)
    assert "This is not your password." in answer.text


@pytest.mark.parametrize("password", TOO_LONG)
def test_6_2_9_nor_can_it_be_chosen(member: Person, password: str) -> None:
    assert f"Use at most {MAX_LENGTH} characters." in member.change_password(password).text


def test_a_keyboard_that_composes_differently(app: Flask) -> None:
    composed = unicodedata.normalize("NFC", "Ångström élan")
    assert is_taken(app, composed)
    other = Person(app, password=unicodedata.normalize("NFD", composed))
    other.sign_in()
    assert other.is_signed_in()


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada@example.org", "ADA@example.org1"),
        ("adalovelace@example.org", "AdaLovelace"),
        ("adalovelace@example.org", "adalovelace1815!"),
        ("ada@example.org", "Legible2026"),
    ],
)
def test_6_2_11_the_address_and_the_product_are_no_passwords(address: str, password: str) -> None:
    assert fault_in(password, address) is not None


def test_the_two_passwords_have_to_agree(stranger: Person) -> None:
    fields = {"email": ADDRESS, "password": PASSWORD, "password_confirm": SECOND_PASSWORD}
    assert "The two passwords differ." in stranger.post("/account/register", **fields).text


def test_6_2_3_changing_needs_the_password(member: Person) -> None:
    member.password = "not the one 1"
    answer = member.change_password(SECOND_PASSWORD)
    assert "This is not your password." in answer.text
    assert "autofocus" in answer.text.split('id="password"')[1].split(">")[0]


def test_passwords_are_hashed_as_owasp_recommends(make_app: AppMaker) -> None:
    name = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
    app = make_app(**{key: value for key, value in SETTINGS.items() if key != name})
    with app.test_request_context():
        kept = hash_password(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    salt = kept.split("$")[4]
    assert len(salt) * 6 >= 128
