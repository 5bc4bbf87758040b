"""What counts as an e-mail address; none may become another header (OWASP ASVS 5.0, 1.3.11)."""

import pytest
from flask import Flask

from app.accounts.mail import normalized
from tests.accounts.conftest import PASSWORD, Person, mails

FORMS = ("/account/register", "/account/reset", "/account/confirm", "/account/login")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org\nBcc: eve@example.org",
        "ada@example.org%0d%0aBcc: eve@example.org",
        "ada@example.org\r",
        "ada@example.org,eve@example.org",
        "ada@example.org;eve@example.org",
        "Ada <ada@example.org>",
        '"ada\r\n"@example.org',
        "ada\x00@example.org",
    ],
    ids=repr,
)
def test_1_3_11_an_address_cannot_become_a_header(stranger: Person, path: str, address: str) -> None:
    fields = {"password": PASSWORD, "password_confirm": PASSWORD}
    answer = stranger.post(path, email=address, **fields)
    assert answer.status_code == 200
    assert mails(stranger.app) == []
    if path != "/account/login":
        assert "This is no e-mail address that we can write to." in answer.text


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Ada@Example.org", "ada@example.org"),
        (" ada@example.org ", "ada@example.org"),
        ("ada+ink@example.org", "ada+ink@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@xn--bcher-kva.example", "ada@xn--bcher-kva.example"),
        ("ada@ｅxample.org", "ada@example.org"),
        ("jürgen@example.org", None),
        ("аda@example.org", None),
        ("ada@localhost", None),
        ("ada@192.0.2.1", None),
        ("ada", None),
        ("", None),
        (f"{'a' * 65}@example.org", None),
        (f"ada@{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 63}.org", None),
        ("a" * 100_000, None),
    ],
)
def test_one_spelling_for_each_address(written: str, kept: str | None) -> None:
    assert normalized(written) == kept


def test_an_address_beyond_ascii_is_known_again(app: Flask) -> None:
    Person(app, "ada@bücher.example").register()
    Person(app, "ada@xn--bcher-kva.example").register()
    assert [mail.recipient for mail in mails(app)] == ["ada@xn--bcher-kva.example"] * 2
    assert "There is one already" in mails(app)[-1].text


@pytest.mark.parametrize("path", FORMS)
def test_more_than_a_form_can_hold_is_refused(stranger: Person, path: str) -> None:
    assert stranger.post(path, email="a" * 20_000, password=PASSWORD).status_code == 413


@pytest.mark.parametrize("path", FORMS)
def test_json_is_refused(stranger: Person, path: str) -> None:
    headers = {"X-CSRFToken": stranger.token(), "Referer": "https://localhost/"}
    answer = stranger.http.post(path, json={"email": {"a": 1}, "password": []}, headers=headers)
    assert answer.status_code == 415


def test_what_is_wrong_is_said_at_the_field(stranger: Person) -> None:
    page = stranger.post("/account/register", email="ada", password=PASSWORD, password_confirm="").text
    email = page.split('<input id="email"')[1].split(">")[0]
    assert 'aria-invalid="true"' in email
    assert 'aria-describedby="email-error email-help"' in email
    assert "autofocus" in email
    assert page.count("autofocus") == 1
    assert 'id="email-error"' in page
    assert PASSWORD not in page
