"""People with accounts: what they do in a browser, and the mails they get."""

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.people import find
from app.accounts.tables import AuditEntry, User
from app.extensions import db
from app.mail.tables import Mail
from tests.conftest import AppMaker, Visitor

CHEAP = {
    "argon2__type": "ID",
    "argon2__memory_cost": 64,
    "argon2__rounds": 1,
    "argon2__parallelism": 1,
}
SETTINGS = {
    "SITE_URL": "https://localhost",
    "MAIL_RELAY": "off",
    "LOGIN_RATE_LIMIT": "",
    "ACCOUNT_RATE_LIMIT": "",
    "LETTER_RATE_LIMIT": "",
    "RATE_LIMIT_STORAGE_URL": "memory://",
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": CHEAP,
}
"""Nothing is limited, no mail leaves, and a password costs next to nothing."""

ADDRESS, PASSWORD = "ada@example.org", "correct horse ⚡"
SECOND_PASSWORD = "battery staple 42"


class Person(Visitor):
    """A visitor with an e-mail address and a password."""

    def __init__(self, app: Flask, address: str = ADDRESS, password: str = PASSWORD) -> None:
        super().__init__(app)
        self.app, self.address, self.password = app, address, password

    def post(self, path: str, **fields: str) -> TestResponse:
        """Send a form with its token, as the pages do."""
        headers = {"Referer": "https://localhost/"}
        return self.http.post(path, data={"csrf_token": self.token(), **fields}, headers=headers)

    def register(self) -> TestResponse:
        fields = {"email": self.address, "password": self.password, "password_confirm": self.password}
        return self.post("/account/register", **fields)

    def sign_in(self, **fields: str) -> TestResponse:
        return self.post("/account/login", **{"email": self.address, "password": self.password, **fields})

    def sign_out(self) -> TestResponse:
        return self.post("/account/logout")

    def ask_for_password(self) -> TestResponse:
        return self.post("/account/reset", email=self.address)

    def change_password(self, new: str) -> TestResponse:
        fields = {"password": self.password, "new_password": new, "new_password_confirm": new}
        return self.post("/account/password", **fields)

    def is_signed_in(self) -> bool:
        return self.http.get("/account/").status_code == 200

    def links(self) -> list[str]:
        """The paths of the links in the mails to this person, the latest last."""
        texts = [mail.text for mail in mails(self.app) if mail.recipient == self.address]
        return re.findall(r"https://localhost(/\S+)", "\n".join(texts))

    def record(self) -> User:
        """The row of the account, apart from any session."""
        with self.app.app_context():
            user = find(self.address)
            assert user is not None
            assert user.roles is not None
            db.session.expunge_all()
            return user


def mails(app: Flask) -> list[Mail]:
    with app.app_context():
        return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def acts(app: Flask) -> list[str]:
    """What the audit log says was done, the latest last."""
    return [entry.act for entry in entries(app)]


def entries(app: Flask) -> list[AuditEntry]:
    with app.app_context():
        return list(db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)))


@pytest.fixture
def app(make_app: AppMaker) -> Flask:
    return make_app(**SETTINGS)


@pytest.fixture
def stranger(app: Flask) -> Person:
    """Has no account."""
    return Person(app)


@pytest.fixture
def newcomer(stranger: Person) -> Person:
    """Has registered, and a link to confirm the address."""
    assert stranger.register().status_code == 302
    return stranger


@pytest.fixture
def member(newcomer: Person) -> Person:
    """Has confirmed the address, and is signed in."""
    newcomer.post(newcomer.links()[-1])
    assert newcomer.sign_in().location == "/account/"
    return newcomer


@pytest.fixture
def other_browser(member: Person) -> Person:
    """The same member, signed in once more elsewhere."""
    other = Person(member.app)
    other.sign_in()
    assert other.is_signed_in()
    return other


def page_of(answer: TestResponse, person: Person) -> Any:
    """What a browser shows after `answer`: the page it leads to."""
    return person.http.get(answer.location).text if answer.location else answer.text
