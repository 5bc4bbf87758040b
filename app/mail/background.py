"""The relay in the server itself: a thread of each worker that sends what is queued."""

import atexit
import logging
import threading
from contextlib import closing

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.extensions import db
from app.mail.relay import relay_from

log = logging.getLogger(__name__)

POLL_S = 30
"""A relay also looks by itself this often: for what waits for its next try, and what other processes queued."""
STOP_S = 20


class Background:
    """Delivers mails on a daemon thread, which the first `wake()` starts: never an import, and after a fork."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have the thread look for due mails now, if `MAIL_RELAY` is on."""
        if self._app.config["MAIL_RELAY"] == "off" or self._stopping.is_set():
            return
        self._due.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # a fork leaves it dead in the child
                self._thread = threading.Thread(target=self._run, name="mail", daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def wake_after(self, session: Session) -> None:
        """`wake()` as a listener for commits, deaf to those of savepoints."""
        if not session.in_nested_transaction():
            self.wake()

    def stop(self) -> None:
        """End the thread after the mail that it is sending, if any."""
        self._stopping.set()
        self._due.set()
        if self._thread:
            self._thread.join(STOP_S)
        atexit.unregister(self.stop)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._deliver()
            except SQLAlchemyError as error:
                log.error("Mails wait, the database does not answer: %s", error)
            except Exception:
                log.exception("Mails wait.")
            self._due.wait(POLL_S)
            self._due.clear()

    def _deliver(self) -> None:
        with self._app.app_context():
            relay = relay_from(self._app.config, db.engine)
            with closing(relay.deliver()) as states:
                for _ in states:
                    if self._stopping.is_set():
                        return


def init_app(app: Flask) -> None:
    """Give the app its mail room."""
    app.extensions["mail"] = Background(app)
