"""How many passwords a worker computes: a crowd waits its turn, a flood is sent away, and drawings are read."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.accounts.errors import Crowded

CROWD = 60
"""So many in a row may find the gate closed and wait; more are a flood."""
REST = 3
CALM_S = 10
"""After so long without anybody having to wait, the next crowd is a new one."""


class Gate:
    """Lets one password at a time be computed. One for each worker, so a machine's cores each have theirs.

    In a flood nobody waits, as every waiting request takes a thread from recognition; and after each password the
    gate rests REST times as long as that took, so that passwords get a quarter of a core at most.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._turn, self._state = threading.Lock(), threading.Lock()
        self._num_came, self._last_came_at, self._open_at = 0, 0.0, 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and have it during the block. Raises Crowded in a flood."""
        self._check_for_flood()
        with self._turn:
            started = self._clock()
            try:
                yield
            finally:
                ended = self._clock()
                self._open_at = ended + REST * (ended - started)

    def _check_for_flood(self) -> None:
        with self._state:
            at = self._clock()
            if at - self._last_came_at > CALM_S:
                self._num_came = 0
            rests = self._num_came >= CROWD and at < self._open_at
            if not self._turn.locked() and not rests:
                return
            self._num_came, self._last_came_at = self._num_came + 1, at
            if self._num_came > CROWD:
                raise Crowded("Very many people are signing in at this moment. Try again in a few seconds.")
