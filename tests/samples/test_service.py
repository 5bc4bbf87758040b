"""Keeping answers: once, whole, and in one transaction."""

import threading
import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.errors import AlreadyAnswered, UnknownLabel
from app.extensions import db
from app.samples.archive import MADE_UP
from app.samples.receipts import Receipt
from app.samples.service import is_ready, keep
from app.samples.tables import Delivery, Sample


def receipt(**changes: object) -> Receipt:
    values: dict[str, object] = {
        "id": uuid.uuid4().hex,
        "alphabet": "digit",
        "glyph": bytes(range(256)) * 3 + bytes(16),
        "strokes": [[[1.5, 2.0]]],
        "candidates": [["7", 0.9], ["1", 0.1]],
        "confidence": 0.9,
        "release": "digit/1",
        "source": "draw",
        "predicted_at": datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC),
    }
    return Receipt(**{**values, **changes})  # type: ignore[arg-type]


def count(table: type[Sample | Delivery]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_sample_is_stored_exactly_as_predicted(app: Flask) -> None:
    given = receipt()
    with app.app_context():
        keep(given, "1", visitor="someone")
    with app.app_context():
        sample = db.session.get_one(Sample, given.id)
        for name in (
            "alphabet",
            "glyph",
            "strokes",
            "candidates",
            "confidence",
            "release",
            "source",
            "predicted_at",
        ):
            assert getattr(sample, name) == getattr(given, name), name
        assert (sample.predicted, sample.label, sample.correct, sample.visitor) == (
            "7",
            "1",
            False,
            "someone",
        )
        assert sample.created_at.tzinfo is UTC


def test_delivery_waits_beside_the_sample(app: Flask) -> None:
    with app.app_context():
        kept = keep(receipt(), "7")
        delivery = db.session.scalars(select(Delivery)).one()
        assert (delivery.sample_id, delivery.state, delivery.attempts) == (kept.sample_id, "waiting", 0)


def test_what_was_made_up_is_not_delivered(app: Flask) -> None:
    with app.app_context():
        keep(receipt(source=MADE_UP), "7")
        assert (count(Sample), count(Delivery)) == (1, 0)


def test_right_answer_is_correct(app: Flask) -> None:
    with app.app_context():
        assert db.session.get_one(Sample, keep(receipt(), "7").sample_id).correct


def test_same_receipt_counts_once(app: Flask) -> None:
    given = receipt()
    with app.app_context():
        assert [keep(given, "7").already for _ in range(3)] == [False, True, True]
        assert (count(Sample), count(Delivery)) == (1, 1)


def test_another_label_for_the_same_receipt_is_refused(app: Flask) -> None:
    given = receipt()
    with app.app_context():
        keep(given, "7")
        with pytest.raises(AlreadyAnswered, match="7"):
            keep(given, "1")
        assert db.session.get_one(Sample, given.id).label == "7"


@pytest.mark.parametrize("label", ["", "a", "77", "７", "7 ", "\ud800", "'; DROP TABLE"])
def test_label_outside_the_alphabet_is_refused_by_name(app: Flask, label: str) -> None:
    with app.app_context():
        with pytest.raises(UnknownLabel) as caught:
            keep(receipt(), label)
        assert repr(label) in str(caught.value)
        assert count(Sample) == 0


def test_answer_to_an_account_that_is_deleted_meanwhile_is_nobodys(app: Flask) -> None:
    given = receipt()
    with app.app_context():
        assert [keep(given, "1", "someone", user_id=4711).already for _ in range(2)] == [False, True]
    with app.app_context():
        sample = db.session.get_one(Sample, given.id)
        assert (sample.label, sample.user_id, sample.visitor) == ("1", None, None)
        assert count(Delivery) == 1


def test_nothing_is_kept_when_the_delivery_cannot_be(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.samples.service.Delivery", lambda sample_id: Delivery(sample_id=None))  # noqa: ARG005
    with app.app_context(), pytest.raises(IntegrityError, match=r"(?i)not.null"):
        keep(receipt(), "7")
    with app.app_context():
        assert count(Sample) == 0


def test_answers_at_the_same_time_are_all_kept(app: Flask) -> None:
    given = receipt()
    outcomes: list[bool] = []

    def answer() -> None:
        with app.app_context():
            keep(receipt(), "7")
            outcomes.append(keep(given, "7").already)

    threads = [threading.Thread(target=answer) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] + [True] * 7
    with app.app_context():
        assert (count(Sample), count(Delivery)) == (9, 9)


def test_times_come_back_in_utc(app: Flask) -> None:
    there = datetime(2030, 1, 2, 3, tzinfo=timezone(timedelta(hours=5)))
    with app.app_context():
        sample_id = keep(receipt(predicted_at=there), "7").sample_id
    with app.app_context():
        predicted_at = db.session.get_one(Sample, sample_id).predicted_at
        assert predicted_at == there
        assert predicted_at.utcoffset() == timedelta(0)


def test_database_without_tables_is_not_ready(app: Flask) -> None:
    with app.app_context():
        assert is_ready()
    with app.app_context():
        Delivery.__table__.drop(db.engine)  # type: ignore[attr-defined]
        Sample.__table__.drop(db.engine)  # type: ignore[attr-defined]
        assert not is_ready()
