"""The relay in the server: it runs when there are credentials, and no request waits for it."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask

from app.background import Background
from app.sheets.background import until_stopped
from app.sheets.errors import NotNow
from tests.conftest import AppMaker, Visitor
from tests.sheets.desk import Clock, Desk
from tests.sheets.google import Google
from tests.sheets.google_account import account

PATIENCE_S = 60

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def app(make_app: AppMaker, google: Google) -> Iterator[Flask]:
    """An app that fills its spreadsheet by itself."""
    google.make()
    app = make_app(GOOGLE_CREDENTIALS=account().key_file)
    yield app
    app.extensions["sheets"].stop()


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Counts the rounds that the thread has ended."""
    rounds = threading.Semaphore(0)
    deliver = Background._deliver

    def deliver_and_tell(background: Background) -> None:
        try:
            deliver(background)
        finally:
            rounds.release()

    monkeypatch.setattr(Background, "_deliver", deliver_and_tell)
    return rounds


def sheets_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "sheets"]


def test_server_fills_the_spreadsheet(app: Flask, google: Google, rounds: threading.Semaphore) -> None:
    with app.app_context():
        keys = Desk(google, Clock()).keep(3)
    app.extensions["sheets"].wake()
    assert rounds.acquire(timeout=PATIENCE_S)
    assert [row[0] for row in google.worksheet("Digit").rows[1:]] == keys


@pytest.mark.parametrize("settings", [{}, {"GOOGLE_CREDENTIALS": "key.json", "SHEETS_RELAY": "off"}])
def test_without_credentials_or_turned_off_nothing_runs(make_app: AppMaker, settings: dict[str, str]) -> None:
    make_app(**settings).extensions["sheets"].wake()
    assert sheets_threads() == []


def test_answer_is_acknowledged_while_google_is_silent(app: Flask, google: Google) -> None:
    """Google holds every request until the end of the test; the thanks do not wait for it."""
    asked, may_answer = threading.Event(), threading.Event()

    def hold(_when: str) -> None:
        asked.set()
        may_answer.wait(PATIENCE_S)

    google.on_request = hold
    visitor = Visitor(app)
    try:
        assert visitor.say(receipt=visitor.draw()["receipt"], correct="yes").status_code == 200
        app.extensions["sheets"].wake()
        assert asked.wait(PATIENCE_S)
        assert visitor.say(receipt=visitor.draw()["receipt"], correct="yes").status_code == 200
        assert not may_answer.is_set()
    finally:
        may_answer.set()


def test_server_that_stops_does_not_wait_for_its_turn() -> None:
    with pytest.raises(NotNow):
        until_stopped(lambda _seconds: True)(60)
