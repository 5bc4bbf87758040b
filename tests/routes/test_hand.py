"""“Learn my hand”: two people at one site, each with answers of their own and no word of the other's."""

import io
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from app.extensions import db
from app.samples.hand import Hands
from app.samples.tables import Sample
from tests.accounts.conftest import SETTINGS
from tests.conftest import AppMaker, Visitor
from tests.fakes import SEVEN
from tests.images import seven
from tests.members import REFERER, Member


@pytest.fixture
def app(make_app: AppMaker) -> Flask:
    return make_app(**SETTINGS)


def turn(visitor: Visitor, act: str = "learn", alphabet: str = "digit") -> TestResponse:
    fields = {"csrf_token": visitor.token(), "alphabet": alphabet}
    return visitor.http.post(f"/hand/{act}", data=fields, headers=REFERER)


def note(visitor: Visitor, page: str = "/canvas/digit") -> str | None:
    """What the page says about whose hand it is."""
    found = re.search(r'(?:data-note|name="hand" value)="([^"]+)"', visitor.http.get(page).text)
    return found and found[1]


def draw(visitor: Visitor, hand: str | None, alphabet: str = "digit") -> dict[str, Any]:
    question = {"alphabet": alphabet, "strokes": SEVEN, "hand": hand}
    return dict(visitor.http.post("/api/v1/recognize", json=question).json)  # type: ignore[arg-type]


def correct(visitor: Visitor, times: int = 1, hand: str | None = None, label: str = "1") -> None:
    for _ in range(times):
        answer = visitor.say(receipt=draw(visitor, hand)["receipt"], correct="no", label=label)
        assert answer.status_code == 200


def best(answer: dict[str, Any]) -> str:
    return str(answer["candidates"][0]["character"])


def taught(visitor: Visitor) -> str:
    """The note of a visitor whose 7 has become a 1."""
    turn(visitor)
    mine = note(visitor)
    assert mine
    correct(visitor, 3)
    return mine


PEOPLE = {"visitor": lambda app, _name: Visitor(app), "member": Member}
everybody = pytest.mark.parametrize("kind", PEOPLE)


@everybody
def test_it_is_off_at_first(app: Flask, kind: str) -> None:
    person = PEOPLE[kind](app, "ada")
    assert note(person) is None
    correct(person, 3)
    assert best(draw(person, None)) == "7"
    assert "hand" not in draw(person, None)


@everybody
def test_corrections_count_at_once(app: Flask, kind: str) -> None:
    person = PEOPLE[kind](app, "ada")
    answer = draw(person, taught(person))
    assert best(answer) == "1"
    assert answer["hand"] == {"answers": 3, "changed": True}


@everybody
def test_nobody_else_is_answered_differently(app: Flask, kind: str) -> None:
    person, other = PEOPLE[kind](app, "ada"), PEOPLE[kind](app, "grace")
    taught(person)
    turn(other)
    answer = draw(other, note(other))
    assert best(answer) == "7"
    assert answer["hand"] == {"answers": 0, "changed": False}


@everybody
def test_forgetting_begins_anew(app: Flask, kind: str) -> None:
    person = PEOPLE[kind](app, "ada")
    taught(person)
    turn(person, "learn")
    assert best(draw(person, note(person))) == "7"


@everybody
def test_turning_off_forgets(app: Flask, kind: str) -> None:
    person = PEOPLE[kind](app, "ada")
    taught(person)
    turn(person, "stop")
    assert note(person) is None
    turn(person, "learn")
    assert draw(person, note(person))["hand"]["answers"] == 0


@pytest.mark.parametrize("act", ["learn", "stop"])
def test_an_accounts_reset_holds_in_pages_that_are_open(app: Flask, act: str) -> None:
    person = Member(app, "ada")
    old_page = taught(person)
    turn(person, act)
    assert "hand" not in draw(person, old_page)


def test_an_account_takes_its_hand_to_another_browser(app: Flask) -> None:
    here, there = Member(app, "ada"), Visitor(app)
    taught(here)
    Member.sign_in(there, "ada")  # type: ignore[arg-type]  # a browser is all it needs
    assert best(draw(there, note(there))) == "1"


def test_signing_out_leaves_nothing_behind(app: Flask) -> None:
    person = Member(app, "ada")
    taught(person)
    with person.http.session_transaction() as session:
        del session["_user_id"]
    assert note(person) is None
    turn(person)
    assert draw(person, note(person))["hand"]["answers"] == 0


def test_a_locked_account_has_no_hand(app: Flask) -> None:
    person = Member(app, "ada")
    mine = taught(person)
    with app.app_context():
        person.user().active = False
        db.session.commit()
    assert "hand" not in draw(person, mine)


def test_a_sample_says_what_the_network_said_and_what_was_shown(app: Flask, visitor: Visitor) -> None:
    mine = taught(visitor)
    visitor.say(receipt=draw(visitor, mine)["receipt"], correct="yes")
    with app.app_context():
        sample = db.session.scalars(select(Sample).order_by(Sample.created_at.desc())).first()
        assert sample is not None
        assert (sample.label, sample.shown) == ("1", "1")
        assert (sample.predicted, sample.confidence, sample.correct) == ("7", 0.9, False)
        assert (sample.release, sample.candidates[0]) == ("digit/0", ["7", 0.9])


def test_a_sample_of_the_network_alone_shows_nothing_else(app: Flask, visitor: Visitor) -> None:
    visitor.say(receipt=visitor.draw()["receipt"], correct="yes")
    with app.app_context():
        assert db.session.scalars(select(Sample.shown)).all() == [None]


@pytest.mark.parametrize("hand", ["forged", "", 7, None, {}, "ü"])
def test_a_note_that_is_none_of_ours_changes_nothing(visitor: Visitor, hand: Any) -> None:
    answer = draw(visitor, hand)
    assert best(answer) == "7"
    assert "hand" not in answer


def test_without_a_note_no_table_is_read(app: Flask, visitor: Visitor) -> None:
    queries: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: queries.append(given[2]))
    visitor.draw()
    assert queries == []


def test_the_network_answers_when_the_database_does_not(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = taught(visitor)

    def fail(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception("it is away"))

    monkeypatch.setattr(Hands, "learned", fail)
    answer = draw(visitor, mine)
    assert best(answer) == "7"
    assert "hand" not in answer


def test_an_upload_is_read_by_hand_too(visitor: Visitor) -> None:
    turn(visitor)
    for _ in range(3):
        receipt = re.search(r'name="receipt" value="([^"]+)"', upload(visitor).text)
        assert receipt is not None
        visitor.say(receipt=receipt[1], correct="no", label="1")
    page = upload(visitor).text
    assert "I read “1”" in page
    assert "Adjusted to your hand" in page


def upload(visitor: Visitor) -> TestResponse:
    fields = {"alphabet": "digit", "csrf_token": visitor.token(), "hand": note(visitor, "/upload") or ""}
    return visitor.http.post(
        "/upload", data={**fields, "file": (io.BytesIO(seven()), "7.png")}, headers=REFERER
    )


def test_one_comes_back_to_the_same_pad(visitor: Visitor) -> None:
    answer = turn(visitor, alphabet="character")
    assert (answer.status_code, answer.location) == (303, "/canvas/character#hand")


def test_a_script_gets_its_new_note_and_stays(visitor: Visitor) -> None:
    def turned(act: str) -> dict[str, Any]:
        headers = {**REFERER, "X-CSRFToken": visitor.token()}
        return dict(visitor.http.post(f"/hand/{act}", json={}, headers=headers).json)  # type: ignore[arg-type]

    mine = turned("learn")["note"]
    correct(visitor, 3, mine)
    assert best(draw(visitor, mine)) == "1"
    assert turned("stop") == {"note": None}
    assert note(visitor) is None


def test_an_unknown_alphabet_changes_nothing(visitor: Visitor) -> None:
    assert turn(visitor, alphabet="//example.org").status_code == 422
    assert note(visitor) is None


def test_the_page_says_how_many_answers_it_knows(visitor: Visitor) -> None:
    taught(visitor)
    assert '<strong id="hand-answers">3</strong>' in visitor.http.get("/canvas/digit").text
    assert '<strong id="hand-answers">0</strong>' in visitor.http.get("/canvas/character").text
