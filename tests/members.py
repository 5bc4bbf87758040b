"""People who are signed in, and what they draw: for tests of what is kept for them."""

from typing import Any

from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.people import find, give_role
from app.accounts.tables import MEMBER, User
from app.database import now
from app.extensions import db
from app.history.tables import Drawing
from app.reading import receipts
from app.samples.receipts import Receipt
from tests.accounts.conftest import PASSWORD
from tests.conftest import Visitor

REFERER = {"Referer": "https://localhost/"}


class Member(Visitor):
    """A browser in which somebody with a confirmed account is signed in."""

    def __init__(self, app: Flask, name: str) -> None:
        super().__init__(app)
        self.app, self.address = app, f"{name}@example.org"
        with app.app_context():
            user = User(
                email=self.address, password=hash_password(PASSWORD), fs_uniquifier=name, confirmed_at=now()
            )
            db.session.add(user)
            give_role(user, MEMBER)
            db.session.commit()
            self.id = user.id
        self.sign_in(name)

    def sign_in(self, uniquifier: str) -> None:
        with self.http.session_transaction() as session:
            session["_user_id"] = uniquifier

    def user(self) -> User:
        """The row of the account, within an app context."""
        user = find(self.address)
        assert user is not None
        return user

    def receipt(self, **drawing: Any) -> Receipt:
        """The receipt of a new drawing, read."""
        text = self.draw(**drawing)["receipt"]
        with self.app.app_context():
            return receipts().read(text)

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Send a form with its token."""
        return self.http.post(path, data={"csrf_token": self.token(), **fields}, headers=REFERER)

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Post JSON as the pages' scripts do."""
        return self.http.post(path, json=fields, headers={**REFERER, "X-CSRFToken": self.token()})

    def keep(self, **drawing: Any) -> str:
        """Draw, finish and keep a drawing; its id."""
        text = self.draw(**drawing)["receipt"]
        assert self.send("/account/history/keep", receipt=text).json == {"kept": True}
        with self.app.app_context():
            return receipts().read(text).id

    def drawings(self) -> list[Drawing]:
        """What is kept, the oldest first."""
        with self.app.app_context():
            rows = select(Drawing).where(Drawing.user_id == self.id).order_by(Drawing.created_at)
            return list(db.session.scalars(rows))
