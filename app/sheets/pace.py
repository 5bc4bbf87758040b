"""One pace for all relays on all machines: Google counts the requests of an account, whoever makes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.database import WRITES, now
from app.samples.tables import CallSlot

SERVICE = "google-sheets"
CALLS_PER_MINUTE = 50
"""Google allows an account 60 reads and 60 writes; the rest is for the slowness of networks, and for people."""
GAP = timedelta(minutes=1) / CALLS_PER_MINUTE
LONGEST_QUEUE = timedelta(minutes=2)


@dataclass(frozen=True)
class Pace:
    """Turns, GAP apart, taken from a row that all relays share."""

    engine: Engine
    pause: Callable[[float], None]
    """Sleeps for so many seconds."""
    clock: Callable[[], datetime] = now

    def wait(self) -> None:
        """Return when it is our turn for one request."""
        turn = self._next_turn()
        while (left := turn - self.clock()) > timedelta():
            self.pause(left.total_seconds())

    def _next_turn(self) -> datetime:
        with Session(self.engine.execution_options(**WRITES)) as session:
            at = self.clock()
            slot = session.get(CallSlot, SERVICE, with_for_update=True)
            if slot is None:
                return self._begin(session, at)
            # a time further ahead was left by a machine whose clock is wrong
            turn = slot.next_at if at < slot.next_at < at + LONGEST_QUEUE else at
            slot.next_at = turn + GAP
            session.commit()
        return turn

    def _begin(self, session: Session, at: datetime) -> datetime:
        """The first turn of all, unless another relay was faster."""
        session.add(CallSlot(service=SERVICE, next_at=at + GAP))
        try:
            session.commit()
        except IntegrityError:
            session.rollback()
            return self._next_turn()
        return at
