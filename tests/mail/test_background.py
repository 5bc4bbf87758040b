"""The relay's thread: started by the first mail, not before, and ended without leaving anything half done."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.background import Background
from app.config import ROOT
from app.extensions import db
from app.mail.queue import queue_mail
from tests.conftest import AppMaker

PATIENCE_S = 60


@pytest.fixture
def app(make_app: AppMaker) -> Iterator[Flask]:
    """An app that sends mails by itself, into its folder."""
    app = make_app(MAIL_RELAY="on", SMTP_HOST="")
    yield app
    app.extensions["mail"].stop()


@pytest.fixture
def delivered(monkeypatch: pytest.MonkeyPatch) -> threading.Semaphore:
    """Counts the rounds that the thread has ended."""
    delivered = threading.Semaphore(0)
    deliver = Background._deliver

    def deliver_and_tell(background: Background) -> None:
        try:
            deliver(background)
        finally:
            delivered.release()

    monkeypatch.setattr(Background, "_deliver", deliver_and_tell)
    return delivered


def queue(app: Flask) -> None:
    with app.app_context(), Session(db.engine) as session:
        queue_mail(session, "ann@example.com", "Hello", "text", "<p>html</p>")
        session.commit()


def mail_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "mail"]


def test_nothing_runs_before_the_first_mail(app: Flask) -> None:
    app.test_client().get("/")
    assert mail_threads() == []


def test_commit_sends_the_mail(app: Flask, delivered: threading.Semaphore, tmp_path: Path) -> None:
    for num_files in (1, 2):
        queue(app)
        while len(list((tmp_path / "mails").glob("*.eml"))) < num_files:
            assert delivered.acquire(timeout=PATIENCE_S)
    assert len(mail_threads()) == 1


def test_thread_ends_when_told(app: Flask, delivered: threading.Semaphore) -> None:
    queue(app)
    assert delivered.acquire(timeout=PATIENCE_S)
    app.extensions["mail"].stop()
    assert mail_threads() == []
    queue(app)
    assert mail_threads() == []


def test_setting_turns_it_off(make_app: AppMaker) -> None:
    app = make_app(MAIL_RELAY="off")
    queue(app)
    app.extensions["mail"].wake()
    assert mail_threads() == []


@pytest.mark.parametrize("failure", ["database", "other"])
def test_thread_survives_failures(
    app: Flask,
    delivered: threading.Semaphore,
    failure: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("Something else.")

    with monkeypatch.context() as patch:
        if failure == "database":
            with app.app_context():
                db.metadata.tables["mails"].drop(db.engine)
        else:
            patch.setattr("app.mail.background.relay_from", fail)
        app.extensions["mail"].wake()
        assert delivered.acquire(timeout=PATIENCE_S)
    app.extensions["mail"].wake()
    assert delivered.acquire(timeout=PATIENCE_S)
    assert "Deliveries by mail wait" in caplog.text
    assert len(mail_threads()) == 1


def test_child_of_a_fork_has_a_thread_of_its_own(app: Flask, delivered: threading.Semaphore) -> None:
    app.extensions["mail"].wake()
    assert delivered.acquire(timeout=PATIENCE_S)
    child = os.fork()
    if child == 0:
        app.extensions["mail"].wake()
        os._exit(0 if len(mail_threads()) == 1 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


SCRIPT = """
import main
from app.extensions import db
from app.mail.queue import queue_mail
from sqlalchemy.orm import Session
with main.app.app_context(), Session(db.engine) as session:
    db.create_all()
    queue_mail(session, "ann@example.com", "Hello", "text", "html")
    session.commit()
"""


def test_process_ends_cleanly_with_a_mail_on_its_way(tmp_path: Path) -> None:
    environment = {**os.environ, "INSTANCE_DIR": str(tmp_path), "SMTP_HOST": ""}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "mails").glob("*.draft")) == []
