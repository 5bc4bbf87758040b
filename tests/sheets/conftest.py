"""A desk with a spreadsheet at our own Google, and a clock that runs while somebody waits."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from tests.conftest import AppMaker
from tests.sheets.desk import Clock, Desk
from tests.sheets.google import Google
from tests.sheets.google_account import account


@pytest.fixture
def google(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Google]:
    """Google, as every client in this process meets it from now on."""
    google = Google(tmp_path)
    for name, value in google.environment.items():
        monkeypatch.setenv(name, value)
    with google.running():
        yield google


@pytest.fixture
def clock(google: Google) -> Clock:
    clock = Clock()
    google.clock = clock.seconds
    return clock


@pytest.fixture
def sheets_app(make_app: AppMaker) -> Flask:
    """An app with credentials that sends nothing by itself."""
    return make_app(GOOGLE_CREDENTIALS=account().key_file, SHEETS_RELAY="off")


@pytest.fixture
def desk(sheets_app: Flask, google: Google, clock: Clock) -> Iterator[Desk]:
    """A desk whose spreadsheet is empty yet."""
    google.make()
    with sheets_app.app_context():
        yield Desk(google, clock)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests need not wait for their turn: commands go by the clock of this world."""
    monkeypatch.setattr("app.sheets.pace.GAP", timedelta())
    # nor for a desk's clock, a minute ahead
    monkeypatch.setattr("app.sheets.pace.LONGEST_QUEUE", timedelta())
