"""Turns for requests: as many a minute as Google allows, whoever asks and wherever."""

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.database import now
from app.extensions import db
from app.samples.tables import CallSlot
from app.sheets.errors import NotNow
from app.sheets.pace import CALLS_PER_MINUTE, GAP, SERVICE, Pace
from tests.sheets.desk import Clock


def test_turns_of_all_relays_are_a_gap_apart(app: Flask) -> None:
    clock = Clock()
    begin = clock.now
    with app.app_context():
        relays = [Pace(db.engine, clock.advance, clock) for _ in range(3)]
        for n in range(12):
            relays[n % 3].wait()
            assert clock.now == begin + n * GAP


def test_a_minute_holds_no_more_than_google_allows() -> None:
    assert timedelta(minutes=1) == GAP * CALLS_PER_MINUTE
    assert CALLS_PER_MINUTE < 60


def test_first_request_does_not_wait(app: Flask) -> None:
    def fail(_seconds: float) -> None:
        raise AssertionError("It waited.")

    with app.app_context():
        Pace(db.engine, fail).wait()


def test_relays_at_once_get_different_turns(app: Flask) -> None:
    turns: list[object] = []

    def take() -> None:
        with app.app_context():
            turns.append(Pace(db.engine, lambda _seconds: None)._next_turn())

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(turns)) == 8


def test_turn_left_by_a_wrong_clock_is_not_waited_for(app: Flask) -> None:
    clock = Clock()
    with app.app_context():
        with Session(db.engine) as session:
            session.add(CallSlot(service=SERVICE, next_at=now() + timedelta(days=365)))
            session.commit()
        begin = clock.now
        Pace(db.engine, clock.advance, clock).wait()
        assert clock.now == begin


def test_waiting_ends_when_the_server_stops(app: Flask) -> None:
    def stop(_seconds: float) -> None:
        raise NotNow("Stopped.")

    with app.app_context():
        pace = Pace(db.engine, stop)
        pace.wait()
        with pytest.raises(NotNow):
            pace.wait()
