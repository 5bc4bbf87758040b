"""The page of one's API tokens."""

import re

from flask import Flask
from sqlalchemy import select

from app.accounts.tables import ApiToken
from app.accounts.tokens import PREFIX
from app.extensions import db
from tests.accounts.conftest import ADDRESS, Person, app, member, newcomer, stranger  # noqa: F401 - fixtures


def make(person: Person, name: str = "scanner", scope: str = "recognize") -> str:
    """The page after the form was sent."""
    return person.post("/account/tokens", name=name, scope=scope).text


def shown(page: str) -> list[str]:
    return re.findall(rf'value="({PREFIX}[\w-]+)"', page)


def ids(app: Flask) -> list[int]:  # noqa: F811
    with app.app_context():
        return list(db.session.scalars(select(ApiToken.id)))


def test_a_new_token_is_shown_once_and_works(member: Person) -> None:  # noqa: F811
    [token] = shown(make(member))
    answer = member.app.test_client().post(
        "/api/v1/recognize", json={}, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 400  # read, and found empty
    page = member.http.get("/account/tokens")
    assert token not in page.text
    assert "scanner" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_token_is_in_no_cookie(member: Person) -> None:  # noqa: F811
    answer = member.post("/account/tokens", name="scanner", scope="read")
    assert PREFIX not in str(answer.headers)


def test_what_is_wrong_is_said_beside_the_form(member: Person) -> None:  # noqa: F811
    answer = member.post("/account/tokens", name="scanner")
    assert answer.status_code == 422
    assert "Choose what the token is for." in answer.text
    assert 'value="scanner"' in answer.text


def test_reloading_makes_no_second_token(member: Person) -> None:  # noqa: F811
    make(member)
    assert "You have a token “scanner”" in make(member)
    assert len(ids(member.app)) == 1


def test_a_token_is_revoked(member: Person) -> None:  # noqa: F811
    make(member)
    answer = member.post(f"/account/tokens/{ids(member.app)[0]}/revoke")
    assert answer.location == "/account/tokens"
    assert "is revoked" in member.http.get("/account/tokens").text
    assert ids(member.app) == []


def test_nobody_sees_or_revokes_the_tokens_of_another(member: Person) -> None:  # noqa: F811
    make(member, name="scanner of ada")
    other = Person(member.app, "grace@example.org")
    other.register()
    other.post(other.links()[-1])
    other.sign_in()
    assert "scanner of ada" not in other.http.get("/account/tokens").text
    assert other.post(f"/account/tokens/{ids(member.app)[0]}/revoke").status_code == 404
    assert len(ids(member.app)) == 1
    assert other.address != ADDRESS
