"""Where sessions begin and end, and where signing in may lead."""

from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask

from app.extensions import db
from app.security import is_path_here
from tests.accounts.conftest import ADDRESS, PASSWORD, SECOND_PASSWORD, SETTINGS, Person, acts
from tests.conftest import AppMaker

HOSTILE = (
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "http://evil.example",
    "ftp://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "%5c%5cevil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    "//localhost@evil.example",
    "https://localhost@evil.example",
    "https://localhost:pw@evil.example/",
    "https://localhost.evil.example",
    "https://evil.example\\@localhost",
    "//evil.example\\@localhost/",
    "evil.example",
    ".evil.example",
    "@evil.example",
    "?next=//evil.example",
    "/account/../..//evil.example",
    "\u3000//evil.example",
    "\u2215\u2215evil.example",
)


def as_a_browser_reads(location: str) -> str:
    """The host that a browser on https://localhost/account/login goes to (WHATWG's URL standard, in short)."""
    text = location.strip("".join(map(chr, range(33))))
    for stripped in "\t\r\n":
        text = text.replace(stripped, "")
    text = text.replace("\\", "/")
    return urlsplit(urljoin("https://localhost/account/login", text)).netloc


@pytest.mark.parametrize("target", HOSTILE, ids=repr)
def test_signing_in_stays_on_this_site(member: Person, target: str) -> None:
    for fields, path in (({"next": target}, "/account/login"), ({}, f"/account/login?next={target!r}")):
        member.sign_out()
        location = member.post(path, email=ADDRESS, password=PASSWORD, **fields).location
        assert is_path_here(location)
        assert as_a_browser_reads(location) == "localhost"
    assert member.is_signed_in()


@pytest.mark.parametrize("target", ["/", "/upload", "/canvas/digit?x=1#top", "/a%20b", "/account/"])
def test_signing_in_leads_to_a_path_here(member: Person, target: str) -> None:
    member.sign_out()
    assert urlsplit(member.sign_in(next=target).location)[2:] == urlsplit(target)[2:]


@pytest.mark.parametrize(
    "target", ["//x", "/\\x", "///x", "https://localhost/", "/ x", "/\tx", "x", "", "/x\\y"]
)
def test_no_path_here(target: str) -> None:
    assert not is_path_here(target)


def test_signing_in_renews_what_somebody_may_have_planted(newcomer: Person, app: Flask) -> None:
    newcomer.post(newcomer.links()[-1])
    planted = newcomer.http.get_cookie("session")
    token = newcomer.token()
    newcomer.sign_in()
    assert planted is not None
    planter = Person(app)
    planter.http.set_cookie("session", planted.value)
    assert not planter.is_signed_in()
    assert newcomer.token() != token
    assert newcomer.http.post("/account/logout", data={"csrf_token": token}).status_code == 400


def test_a_new_password_ends_the_other_sessions(member: Person, other_browser: Person) -> None:
    assert member.change_password(SECOND_PASSWORD).location == "/account/"
    assert member.is_signed_in()
    assert not other_browser.is_signed_in()


def test_a_reset_password_ends_all_sessions(member: Person, other_browser: Person) -> None:
    member.ask_for_password()
    fields = {"password": SECOND_PASSWORD, "password_confirm": SECOND_PASSWORD}
    Person(member.app).post(member.links()[-1], **fields)
    assert not member.is_signed_in()
    assert not other_browser.is_signed_in()


def test_another_address_ends_all_sessions(member: Person, other_browser: Person, app: Flask) -> None:
    new = Person(app, "countess@example.org")
    member.post("/account/email", email=new.address, password=PASSWORD)
    new.post(new.links()[-1])
    assert not member.is_signed_in()
    assert not other_browser.is_signed_in()


def test_a_disabled_account_is_out_at_once(member: Person, app: Flask) -> None:
    app.test_cli_runner().invoke(args=["users", "disable", ADDRESS])
    assert not member.is_signed_in()
    member.sign_in()
    assert not member.is_signed_in()
    app.test_cli_runner().invoke(args=["users", "enable", ADDRESS])
    member.sign_in()
    assert member.is_signed_in()


def test_remembered(member: Person) -> None:
    member.sign_out()
    member.sign_in(remember="y")
    member.http.delete_cookie("session")
    assert member.is_signed_in()
    member.sign_out()
    assert not member.is_signed_in()


def test_a_new_password_forgets_who_was_remembered(member: Person, app: Flask) -> None:
    other = Person(app)
    other.sign_in(remember="y")
    other.http.delete_cookie("session")
    member.change_password(SECOND_PASSWORD)
    assert not other.is_signed_in()


def test_both_cookies_are_guarded(member: Person) -> None:
    member.sign_out()
    for header in member.sign_in(remember="y").headers.getlist("Set-Cookie"):
        for cookie in SimpleCookie(header).values():
            assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", True)


def test_signing_out_by_a_link_is_refused(member: Person) -> None:
    assert member.http.get("/account/logout").status_code == 405
    assert member.is_signed_in()


def test_signing_out_needs_a_token(member: Person) -> None:
    assert member.http.post("/account/logout", headers={"Referer": "https://localhost/"}).status_code == 400
    assert member.is_signed_in()


@pytest.mark.parametrize("path", ["/", "/upload", "/account/", "/account/password", "/nowhere"])
def test_pages_of_who_is_signed_in_are_not_kept(member: Person, path: str) -> None:
    assert member.http.get(path).headers["Cache-Control"] == "private, no-store"


def test_pages_of_others_may_be_kept_but_not_for_all(stranger: Person) -> None:
    headers = stranger.http.get("/").headers
    assert "Cache-Control" not in headers
    assert "Cookie" in headers["Vary"]


@pytest.mark.parametrize("path", ["/api/v1/recognize", "/static/css/base.css"])
def test_without_session_a_cookie_counts_for_nothing(member: Person, path: str) -> None:
    answer = member.http.open(path, method="POST" if "api" in path else "GET", json={})
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers
    assert answer.headers.get("Cache-Control", "") != "private, no-store"
    answer.close()


def test_a_token_in_a_request_signs_nobody_in(member: Person, app: Flask) -> None:
    with app.test_request_context():
        token = member.record().get_auth_token()
    stranger = Person(app)
    headers = {"Authentication-Token": str(token)}
    assert stranger.http.get("/account/", headers=headers).status_code == 302
    assert stranger.http.get(f"/account/?auth_token={token!s}").status_code == 302


def test_a_page_is_drawn_without_the_database(make_app: AppMaker) -> None:
    person = Person(make_app(**SETTINGS))
    person.register()
    person.post(person.links()[-1])
    person.sign_in()
    with person.app.app_context():
        db.drop_all()
    assert person.http.get("/upload").status_code == 200


def test_fields_that_no_form_has_are_ignored(app: Flask) -> None:
    person = Person(app)
    fields = {"email": ADDRESS, "password": PASSWORD, "password_confirm": PASSWORD}
    person.post("/account/register", **fields, active="", roles="owner", confirmed_at="2026-01-01", id="7")
    user = person.record()
    assert (user.active, user.roles, user.confirmed_at, user.id) == (True, [], None, 1)
    assert acts(app) == ["registered"]
