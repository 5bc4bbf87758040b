"""Answering a prediction with yes, or with no and the right character."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.samples.tables import Sample
from tests.conftest import Visitor
from tests.fakes import SEVEN


def samples(app: Flask) -> list[Sample]:
    with app.app_context():
        return list(db.session.scalars(select(Sample)))


def test_yes_keeps_the_prediction_as_right(app: Flask, visitor: Visitor) -> None:
    answer = visitor.say(receipt=visitor.draw()["receipt"], correct="yes")
    assert answer.status_code == 200
    [sample] = samples(app)
    assert (sample.label, sample.correct, sample.source, sample.strokes) == ("7", True, "draw", SEVEN)
    assert answer.json == {
        "kept": True,
        "already": False,
        "message": "Thank you. Your answer was kept.",
        "sample": sample.id,
    }


def test_no_keeps_the_right_character(app: Flask, visitor: Visitor) -> None:
    visitor.say(receipt=visitor.draw()["receipt"], correct="no", label=" 1 ")
    [sample] = samples(app)
    assert (sample.predicted, sample.label, sample.correct) == ("7", "1", False)


def test_same_answer_twice_counts_once(app: Flask, visitor: Visitor) -> None:
    receipt = visitor.draw()["receipt"]
    answers = [visitor.say(receipt=receipt, correct="yes").json for _ in range(2)]
    assert [answer["already"] for answer in answers] == [False, True]
    assert len(samples(app)) == 1


def test_another_answer_is_refused(app: Flask, visitor: Visitor) -> None:
    receipt = visitor.draw()["receipt"]
    visitor.say(receipt=receipt, correct="yes")
    answer = visitor.say(receipt=receipt, correct="no", label="1")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "already_answered")
    assert samples(app)[0].label == "7"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"correct": "no", "label": "A"}, 422, "unknown_label"),
        ({"correct": "no", "label": ""}, 422, "unknown_label"),
        ({"correct": "no"}, 422, "missing_answer"),
        ({"correct": "maybe"}, 422, "missing_answer"),
        ({}, 422, "missing_answer"),
        ({"correct": "yes", "receipt": "forged"}, 400, "bad_receipt"),
        ({"correct": "yes", "receipt": ""}, 400, "bad_receipt"),
    ],
)
def test_unclear_answer_is_refused_and_not_kept(
    app: Flask, visitor: Visitor, fields: dict[str, str], status: int, code: str
) -> None:
    answer = visitor.say(**{"receipt": visitor.draw()["receipt"], **fields})
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert samples(app) == []


def test_letters_keep_their_case(app: Flask, visitor: Visitor) -> None:
    visitor.say(receipt=visitor.draw(alphabet="character")["receipt"], correct="no", label="a")
    assert samples(app)[0].label == "a"


def test_expired_receipt_is_told_from_a_forged_one(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    receipt = visitor.draw()["receipt"]
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4e9)
    answer = visitor.say(receipt=receipt, correct="yes")
    assert (answer.status_code, answer.json["error"]["code"]) == (410, "receipt_expired")


def test_one_visitor_keeps_one_id(app: Flask) -> None:
    for visitor in (Visitor(app), Visitor(app)):
        for _ in range(2):
            visitor.say(receipt=visitor.draw()["receipt"], correct="yes")
    ids = [sample.visitor for sample in samples(app)]
    assert None not in ids
    assert len(set(ids)) == 2


def test_form_gets_a_page(visitor: Visitor) -> None:
    fields = {"receipt": visitor.draw()["receipt"], "correct": "yes", "csrf_token": visitor.token()}
    answer = visitor.http.post("/feedback", data=fields, headers={"Referer": "https://localhost/"})
    assert answer.mimetype == "text/html"
    assert "Your answer was kept" in answer.text


def test_any_replica_takes_the_answer(visitor: Visitor, app: Flask) -> None:
    receipt = visitor.draw()["receipt"]
    assert Visitor(app).say(receipt=receipt, correct="yes").status_code == 200


@pytest.mark.parametrize("body", ["", "[]", "7", "{", '{"receipt": 7, "correct": ["yes"]}', "[" * 10_000])
def test_malformed_json_is_refused(visitor: Visitor, body: str) -> None:
    headers = {"X-CSRFToken": visitor.token(), "Referer": "https://localhost/"}
    answer = visitor.http.post("/feedback", data=body, content_type="application/json", headers=headers)
    assert answer.status_code in (400, 422)


def test_token_is_never_cached(visitor: Visitor) -> None:
    assert visitor.http.get("/csrf-token").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("made_up", "source"), [({"made_up": "yes"}, "dummy"), ({}, "draw"), ({"made_up": "no"}, "draw")]
)
def test_program_may_say_that_its_ink_is_made_up(
    app: Flask, visitor: Visitor, made_up: dict[str, str], source: str
) -> None:
    receipt = visitor.draw()["receipt"]
    assert visitor.say(receipt=receipt, correct="yes", **made_up).status_code == 200
    with app.app_context():
        assert db.session.scalars(select(Sample.source)).all() == [source]
