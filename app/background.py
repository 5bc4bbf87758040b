"""Work that goes on beside the requests: a thread of each worker, and how long to wait after a failed try."""

import atexit
import logging
import random
import threading
from collections.abc import Callable, Generator
from contextlib import closing
from datetime import timedelta

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

log = logging.getLogger(__name__)

POLL_S = 30
"""A thread also looks by itself this often: for what waits for its next try, and what other processes queued."""
STOP_S = 20
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
MAX_REASON = 500
"""Characters of why something was not delivered."""


class Background:
    """Delivers on a daemon thread, which the first `wake()` starts: never an import, and after a fork.

    `deliver` is called in the app's context and does one round; between its steps the thread can end.
    """

    def __init__(
        self,
        app: Flask,
        name: str,
        deliver: Callable[[], Generator[object, None, None]],
        is_on: bool,
        poll_s: float = POLL_S,
    ) -> None:
        self._app, self._name, self._start_round = app, name, deliver
        self._is_on, self._poll_s = is_on, poll_s
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        """Have the thread look for what is due now, if it is to run at all."""
        if not self._is_on or self._stopping.is_set():
            return
        self._due.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # a fork leaves it dead in the child
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
                atexit.register(self.stop)

    def wake_after(self, session: Session) -> None:
        """`wake()` as a listener for commits, deaf to those of savepoints."""
        if not session.in_nested_transaction():
            self.wake()

    def stops_within(self, seconds: float) -> bool:
        """For a round that has to wait: sleep, and say whether to give up because the thread is to end."""
        return self._stopping.wait(seconds)

    def stop(self) -> None:
        """End the thread after the step that it is at, if any."""
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
                log.error("Deliveries by %s wait, the database does not answer: %s", self._name, error)
            except Exception:
                log.exception("Deliveries by %s wait.", self._name)
            self._due.wait(self._poll_s)
            self._due.clear()

    def _deliver(self) -> None:
        with self._app.app_context(), closing(self._start_round()) as steps:
            for _ in steps:
                if self._stopping.is_set():
                    return


def wait_after(tries: int, rng: random.Random) -> timedelta:
    """How long to wait after the `tries`th failed try: doubling up to LONGEST_WAIT, less up to a half by chance."""
    longest = min(FIRST_WAIT * 2.0 ** min(tries - 1, 10), LONGEST_WAIT)
    return longest * rng.uniform(0.5, 1)


def one_line(text: str) -> str:
    """Somebody else's words, fit for a terminal and a column: at most MAX_REASON characters."""
    return "".join(c if c.isprintable() else " " for c in text)[:MAX_REASON]
