"""API tokens: what one may do, and when it stops doing it."""

import hashlib
import logging
from datetime import timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.accounts import people
from app.accounts.errors import UnusableToken
from app.accounts.tables import ApiToken
from app.accounts.tokens import LAST_USED_EVERY, MAX_NAME, MAX_TOKENS, PREFIX, SCOPES, create, revoke
from app.database import now
from app.extensions import db
from app.samples.tables import Sample
from tests.accounts.conftest import ADDRESS, SETTINGS, Person, acts, entries
from tests.conftest import AppMaker
from tests.fakes import SEVEN

QUESTION = {"alphabet": "digit", "strokes": SEVEN}


def make_token(app: Flask, *scopes: str, name: str = "scanner", address: str = ADDRESS) -> str:
    with app.app_context():
        user = people.find(address)
        assert user is not None
        return create(user, name, scopes).text


def kept(app: Flask) -> list[ApiToken]:
    with app.app_context():
        return list(db.session.scalars(select(ApiToken).order_by(ApiToken.id)))


def call(app: Flask, token: str | None, path: str = "/api/v1/recognize", **fields: object) -> TestResponse:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return app.test_client().post(path, json=fields or QUESTION, headers=headers)


def code_of(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    return answer.status_code, answer.json["error"]["code"]


def test_a_token_has_256_random_bits_of_which_nothing_is_kept(member: Person) -> None:
    first, second = (make_token(member.app, "read", name=name) for name in "ab")
    assert first != second
    assert first.startswith(PREFIX)
    assert len(first) - len(PREFIX) == 43  # 32 bytes in base64
    assert [t.digest for t in kept(member.app)] == [
        hashlib.sha256(text.encode()).hexdigest() for text in (first, second)
    ]


def test_a_token_recognizes(member: Person) -> None:
    assert call(member.app, make_token(member.app, "recognize")).status_code == 200


def test_nobody_needs_one_to_recognize_and_no_database_is_asked(app: Flask) -> None:
    with app.app_context(), patch.object(db.session, "execute") as asked:
        assert call(app, None).status_code == 200
    assert asked.call_count == 0


@pytest.mark.parametrize(
    "header", ["Bearer legible_wrong", "Bearer ", "Bearer é", "Basic YTpi", "legible_x", ""]
)
def test_a_wrong_token_is_refused(app: Flask, header: str) -> None:
    headers = {"Authorization": header.encode().decode("latin-1")}
    answer = app.test_client().post("/api/v1/recognize", json=QUESTION, headers=headers)
    assert code_of(answer) == (401, "bad_token")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Legible", error="invalid_token"'


def test_a_revoked_token_is_refused(member: Person) -> None:
    token = make_token(member.app, "recognize")
    with member.app.app_context():
        user = people.find(ADDRESS)
        assert user is not None
        assert revoke(user, kept(member.app)[0].id) == "scanner"
    assert code_of(call(member.app, token)) == (401, "bad_token")
    assert acts(member.app)[-2:] == ["token_created", "token_revoked"]


@pytest.mark.parametrize("change", ["disabled", "unconfirmed"])
def test_a_token_of_whoever_may_not_sign_in_is_refused(member: Person, change: str) -> None:
    token = make_token(member.app, "recognize")
    with member.app.app_context():
        user = people.find(ADDRESS)
        assert user is not None
        if change == "disabled":
            people.disable(user)
        else:
            user.confirmed_at = None
        db.session.commit()
    assert code_of(call(member.app, token)) == (401, "bad_token")


def test_a_token_does_only_what_it_is_for(member: Person) -> None:
    answer = call(member.app, make_token(member.app, "read", "feedback"))
    assert code_of(answer) == (403, "scope_missing")
    assert "insufficient_scope" in answer.headers["WWW-Authenticate"]


def test_feedback_by_token_belongs_to_the_account(member: Person) -> None:
    receipt = member.draw()["receipt"]
    answer = call(
        member.app,
        make_token(member.app, "feedback"),
        "/api/v1/feedback",
        receipt=receipt,
        correct="no",
        label="1",
    )
    assert answer.status_code == 200, answer.text
    with member.app.app_context():
        [sample] = db.session.scalars(select(Sample)).all()
    assert answer.json == {"kept": True, "already": False, "sample": sample.id}
    assert (sample.user_id, sample.label, sample.visitor) == (member.record().id, "1", None)


def test_feedback_to_the_api_needs_a_token(member: Person) -> None:
    answer = call(member.app, None, "/api/v1/feedback", receipt=member.draw()["receipt"], correct="yes")
    assert code_of(answer) == (401, "token_missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Legible"'


def test_rates_count_for_the_account_whatever_its_tokens_and_not_for_the_address(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "RECOGNIZE_RATE_LIMIT": "2 per minute"})
    app.test_cli_runner().invoke(
        args=["users", "create-owner", ADDRESS, "--password-stdin"], input="correct horse"
    )
    first, second = (make_token(app, "recognize", name=name) for name in "ab")
    answers = [call(app, token).status_code for token in (first, first, first, second, None)]
    assert answers == [200, 200, 429, 429, 200]


def test_guessing_tokens_ends_soon(make_app: AppMaker) -> None:
    app = make_app(**{**SETTINGS, "ACCOUNT_RATE_LIMIT": "3 per minute"})
    assert [call(app, f"{PREFIX}{n}").status_code for n in range(5)] == [401, 401, 401, 429, 429]


def test_the_last_use_is_noted_once_a_minute(member: Person) -> None:
    token, start = make_token(member.app, "recognize"), now()
    assert kept(member.app)[0].last_used_at is None
    moments = [timedelta(), LAST_USED_EVERY / 2, LAST_USED_EVERY]
    noted = []
    for later in moments:
        with patch("app.accounts.tokens.now", return_value=start + later):
            call(member.app, token)
        noted.append(kept(member.app)[0].last_used_at)
    assert noted == [start, start, start + LAST_USED_EVERY]


def test_a_busy_database_does_not_stop_a_recognition(
    member: Person, caplog: pytest.LogCaptureFixture
) -> None:
    token = make_token(member.app, "recognize")

    def fail(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE api_tokens"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    with member.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    with caplog.at_level(logging.WARNING):
        assert call(member.app, token).status_code == 200
    assert "was not noted" in caplog.text


def test_a_token_is_looked_up_by_one_select(member: Person) -> None:
    token, statements = make_token(member.app, "recognize"), list[str]()
    call(member.app, token)
    with member.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    call(member.app, token)
    [asked] = [text for text in statements if text != "BEGIN"]
    assert asked.startswith("SELECT")


@pytest.mark.parametrize(
    ("name", "scopes", "words"),
    [
        ("", SCOPES, "a name"),
        ("  ", SCOPES, "a name"),
        ("x" * (MAX_NAME + 1), SCOPES, "a name"),
        ("a\x00b", SCOPES, "a name"),
        ("scanner", (), "what the token is for"),
        ("scanner", ("everything",), "what the token is for"),
        ("taken", SCOPES, "You have a token “taken”"),
    ],
)
def test_what_no_token_can_be_made_of(member: Person, name: str, scopes: tuple[str, ...], words: str) -> None:
    make_token(member.app, "read", name="taken")
    with pytest.raises(UnusableToken, match=words):
        make_token(member.app, *scopes, name=name)
    assert len(kept(member.app)) == 1


def test_an_account_has_a_limited_number(member: Person) -> None:
    for n in range(MAX_TOKENS):
        make_token(member.app, "read", name=str(n))
    with pytest.raises(UnusableToken, match=str(MAX_TOKENS)):
        make_token(member.app, "read", name="one more")


def test_nobody_revokes_the_token_of_another(member: Person) -> None:
    make_token(member.app, "read")
    other = Person(member.app, "grace@example.org")
    other.register()
    with member.app.app_context():
        user = people.find(other.address)
        assert user is not None
        assert revoke(user, kept(member.app)[0].id) is None
    assert len(kept(member.app)) == 1


def test_the_audit_log_says_what_a_token_is_for(member: Person) -> None:
    make_token(member.app, "feedback", "recognize")
    entry = entries(member.app)[-1]
    assert (entry.act, entry.about, entry.note) == ("token_created", ADDRESS, "scanner (recognize, feedback)")
