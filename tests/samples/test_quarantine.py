"""What goes to quarantine when it is kept, and that nobody is told."""

import pytest
from flask import Flask

from app.accounts.tables import User
from app.extensions import db
from app.samples.quarantine import BAD_FROM, LATEST
from app.samples.tables import NEW, QUARANTINED
from app.samples.verdicts import ACCEPT, REJECT
from tests.conftest import Visitor
from tests.samples.answers import LIKELY, UNLIKELY, answer, decide, sample


def test_a_label_that_the_release_excludes_is_quarantined(app: Flask) -> None:
    with app.app_context():
        assert sample(answer(UNLIKELY)).state == QUARANTINED
        assert sample(answer(LIKELY)).state == sample(answer("7")).state == NEW


def test_doubt_is_stored_with_the_answer(app: Flask) -> None:
    with app.app_context():
        doubts = [sample(answer(label)).doubt or 0 for label in ("7", LIKELY, UNLIKELY)]
        assert doubts == sorted(doubts)
        assert doubts[0] == pytest.approx(0.1 / 1.5)


@pytest.mark.parametrize("person", [{"visitor": "eve"}, {"visitor": None, "user_id": 1}])
def test_the_answers_of_a_liar_go_to_quarantine(app: Flask, person: dict[str, object]) -> None:
    with app.app_context():
        db.session.add(User(id=1, email="eve@example.org", password="-", fs_uniquifier="-"))
        db.session.commit()
        states = [sample(answer(UNLIKELY, **person)).state for _ in range(BAD_FROM)]  # type: ignore[arg-type]
        assert states == [QUARANTINED] * BAD_FROM
        assert sample(answer("7", **person)).state == QUARANTINED  # type: ignore[arg-type]
        assert sample(answer("7", visitor="ada")).state == NEW


def test_rejected_answers_count_against_a_person(app: Flask) -> None:
    with app.app_context():
        decide(REJECT, *[answer(LIKELY, "eve") for _ in range(BAD_FROM)])
        assert sample(answer(LIKELY, "eve")).state == QUARANTINED


def test_a_few_bad_answers_among_many_good_ones_are_forgiven(app: Flask) -> None:
    with app.app_context():
        decide(ACCEPT, *[answer(LIKELY) for _ in range(BAD_FROM)])
        decide(REJECT, *[answer(LIKELY) for _ in range(BAD_FROM)])
        assert sample(answer(LIKELY)).state == NEW


def test_bad_answers_of_long_ago_are_forgiven(app: Flask) -> None:
    with app.app_context():
        bad = [answer(UNLIKELY) for _ in range(BAD_FROM)]
        decide(ACCEPT, *[answer(LIKELY) for _ in range(LATEST)])
        assert {sample(each).state for each in bad} == {QUARANTINED}
        assert sample(answer(LIKELY)).state == NEW


def test_people_without_a_name_are_not_taken_for_one(app: Flask) -> None:
    with app.app_context():
        for _ in range(BAD_FROM):
            answer(UNLIKELY, None)
        assert sample(answer(LIKELY, None)).state == NEW


def test_nobody_is_told_of_the_quarantine(app: Flask, visitor: Visitor) -> None:
    said: list[object] = []
    states: list[str] = []
    for _ in range(2):
        told = visitor.say(receipt=visitor.draw()["receipt"], correct="no", label="4")
        with app.app_context():
            states.append(sample(told.json["sample"]).state)
            decide(REJECT, *[answer(LIKELY, sample(told.json["sample"]).visitor) for _ in range(BAD_FROM)])
        said.append((told.status_code, {**told.json, "sample": ""}))
    assert states == [NEW, QUARANTINED]
    assert said[0] == said[1]
