"""Sending what is due: each mail at least once, and but for one window exactly once.

A relay takes a mail by an atomic UPDATE that puts its next try LEASE ahead, hands it over, and notes what became of
it. Another relay cannot take it meanwhile. A relay that dies leaves a mail that is due again when the lease ends.

The one way to a double: the server has taken a mail, and the relay does not get to know or to note it. It was
killed, stopped for longer than LEASE, or cut off between the last byte of the mail and the commit behind
the server's "250". Nobody can tell then whether the mail was taken, so it is sent again, byte for byte with the same
Message-ID, by which mailboxes and people can tell.
"""

import logging
import random
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, Select, select, update
from sqlalchemy.orm import Session

from app.background import wait_after
from app.database import WRITES, now
from app.mail.errors import PutOff, Refused, Unreachable
from app.mail.message import render
from app.mail.tables import Mail
from app.mail.transports import Transport, transport_from

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
"""Longer than one mail takes: connecting and a dozen answers, none slower than TIMEOUT_S."""


@dataclass(frozen=True)
class Relay:
    """Carries mails from the table to `transport`; any number may run at once, also on several machines."""

    engine: Engine
    transport: Transport
    sender: str
    clock: Callable[[], datetime] = now
    rng: random.Random = field(default_factory=random.SystemRandom)

    def deliver(self) -> Generator[str, None, None]:
        """Send what is due, the oldest first; yields the state of each mail after its try.

        Ends early when the server is out of reach: what waits then waits, and nothing is given up.
        """
        with closing(self.transport):
            while (mail := self._take_oldest()) is not None:
                try:
                    self.transport.send(mail, render(mail, self.sender))
                except Refused as error:
                    yield self._give_up(mail, str(error))
                except PutOff as error:
                    yield self._put_off(mail, str(error))
                except Unreachable as error:
                    yield self._put_off(mail, str(error))
                    return
                else:
                    yield self._note_sent(mail)

    def _take_oldest(self) -> Mail | None:
        """The oldest mail that is due, ours until its lease ends. Waits for no lock while nothing is due."""
        at = self.clock()
        is_due = (Mail.state == "waiting") & (Mail.next_try_at <= at)
        oldest = select(Mail.id).where(is_due).order_by(Mail.id).limit(1)
        take = update(Mail).values(tries=Mail.tries + 1, next_try_at=at + LEASE).returning(Mail)
        while (mail_id := self._read(oldest)) is not None:
            with self._writing() as session:
                mail = session.scalar(take.where(Mail.id == mail_id, is_due))
                session.commit()
            if mail is not None:  # else another relay was faster
                return mail
        return None

    def _note_sent(self, mail: Mail) -> str:
        log.info("Mail %d was sent.", mail.id)
        return self._note(mail, state="sent", sent_at=self.clock(), last_error=None, text="", html="")

    def _give_up(self, mail: Mail, reason: str) -> str:
        log.warning("Mail %d was refused for good: %s", mail.id, reason)
        return self._note(mail, still_ours(mail), state="failed", last_error=reason)

    def _put_off(self, mail: Mail, reason: str) -> str:
        log.warning("Mail %d was not taken at try %d: %s", mail.id, mail.tries, reason)
        next_try_at = self.clock() + wait_after(mail.tries, self.rng)
        return self._note(mail, still_ours(mail), state="waiting", next_try_at=next_try_at, last_error=reason)

    def _note(self, mail: Mail, *conditions: ColumnElement[bool], state: str, **values: object) -> str:
        with self._writing() as session:
            session.execute(update(Mail).where(is_same(mail), *conditions).values(state=state, **values))
            session.commit()
        return state

    def _read(self, oldest: Select[int]) -> int | None:
        with Session(self.engine) as session:
            return session.scalar(oldest)

    def _writing(self) -> Session:
        return Session(self.engine.execution_options(**WRITES), expire_on_commit=False)


def relay_from(settings: Mapping[str, Any], engine: Engine) -> Relay:
    """The relay that the settings ask for."""
    return Relay(engine, transport_from(settings), settings["MAIL_FROM"])


def is_same(mail: Mail) -> ColumnElement[bool]:
    """By its Message-ID: SQLite gives the number of a mail that was deleted meanwhile to the next one."""
    return Mail.message_id == mail.message_id


def still_ours(mail: Mail) -> ColumnElement[bool]:
    """No relay has taken `mail` since, after our lease, nor noted it as sent."""
    return (Mail.tries == mail.tries) & (Mail.state == "waiting")
