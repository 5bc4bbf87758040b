"""Copying what is due to Google Sheets: each sample exactly once.

A relay takes a batch by one transaction, which marks its rows as "sending" and puts their next try LEASE ahead; no
other relay takes them meanwhile. It appends them in one request, which Google applies whole or not at all, and notes
that they were sent.

Sometimes nobody knows whether a request was applied: the answer did not come, or the relay was killed. The rows then
stay "sending", and whoever takes them next looks for their keys in the spreadsheet before writing. It looks only when
no request of the last relay can be on its way any more: Google works on none for longer than 180 seconds
(https://developers.google.com/sheets/api/limits). So a row doubles only if a relay is stopped for longer than LEASE
between taking a batch and writing it, and then goes on.
"""

import logging
import random
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Engine, select, update
from sqlalchemy.orm import Session, defer

from app.background import wait_after
from app.database import WRITES, now
from app.samples.tables import Delivery, Sample
from app.sheets.errors import NotNow, OutcomeUnknown, Refused
from app.sheets.pace import Pace
from app.sheets.rows import Cell, UnfitCell, row_of
from app.sheets.spreadsheet import Sheets
from app.sheets.target import target_from

log = logging.getLogger(__name__)

BATCH_ROWS = 200
"""About 100 kB; Google advises to stay below 2 MB."""
SETTLE = timedelta(minutes=3, seconds=10)
"""After that, a request that was not answered is applied, or never will be."""
WRITE_WITHIN = timedelta(minutes=2)
LEASE = timedelta(minutes=15)
"""Longer than WRITE_WITHIN, all tries of one append, and SETTLE together."""


class Book(Protocol):
    """The spreadsheet, as a relay needs it: `Sheets`, whose methods say what they raise."""

    def prepare(self, alphabet: str) -> None: ...
    def keys(self, alphabet: str) -> set[str]: ...
    def append(self, alphabet: str, rows: list[list[Cell]]) -> None: ...


@dataclass(frozen=True)
class Batch:
    """Rows of one worksheet that are ours until `lease_ends_at`, which is also how we know them again."""

    alphabet: str
    in_doubt: bool
    """They were taken before, and may have arrived."""
    samples: Sequence[Sample]
    tries: int
    taken_at: datetime
    lease_ends_at: datetime


@dataclass(frozen=True)
class Relay:
    """Carries samples from the table to the spreadsheet; any number may run at once, also on several machines."""

    engine: Engine
    book: Book
    clock: Callable[[], datetime] = now
    batch_rows: int = BATCH_ROWS
    rng: random.Random = field(default_factory=random.SystemRandom)

    def deliver(self) -> Generator[Counter[str], None, None]:
        """Send what is due, the oldest first; yields for each batch how many rows are in which state now.

        Ends early when Google is out of reach, or refuses a batch: the next one would fare no better.
        """
        while (batch := self._take()) is not None:
            try:
                unfit = self._carry(batch)
            except OutcomeUnknown as error:
                yield self._leave_in_doubt(batch, str(error))
                return
            except NotNow as error:
                yield self._put_off(batch, str(error))
                return
            except Refused as error:
                yield self._park(batch, {sample.id: str(error) for sample in batch.samples})
                return
            else:
                yield self._park(batch, unfit) + self._note_sent(batch, unfit)

    def _carry(self, batch: Batch) -> dict[str, str]:
        """Write what is not there yet; which samples never can be, and why."""
        self.book.prepare(batch.alphabet)
        arrived = self.book.keys(batch.alphabet) if batch.in_doubt else frozenset[str]()
        rows: list[list[Cell]] = []
        unfit: dict[str, str] = {}
        for sample in batch.samples:
            if sample.id not in arrived:
                try:
                    rows.append(row_of(sample))
                except UnfitCell as error:
                    unfit[sample.id] = str(error)
        if self.clock() > batch.taken_at + WRITE_WITHIN:
            raise NotNow("Getting ready took too long.")
        if rows:
            self.book.append(batch.alphabet, rows)
        return unfit

    def _take(self) -> Batch | None:
        """The oldest rows that are due, of one worksheet. Waits for no lock while nothing is due."""
        at = self.clock()
        is_due = Delivery.state.in_(("waiting", "sending")) & (Delivery.next_try_at <= at)
        oldest = (
            select(Delivery.state, Sample.alphabet).join(Sample).where(is_due).order_by(Delivery.id).limit(1)
        )
        with Session(self.engine) as session:
            if session.execute(oldest).first() is None:
                return None
        with self._writing() as session:
            first = session.execute(oldest).first()
            if first is None:  # another relay was faster
                return None
            alike = (Delivery.state == first.state) & (Sample.alphabet == first.alphabet)
            return self._lease(session, is_due & alike, at)

    def _lease(self, session: Session, wanted: ColumnElement[bool], at: datetime) -> Batch | None:
        taken = session.execute(
            select(Delivery, Sample)
            .join(Sample)
            .where(wanted)
            .order_by(Delivery.id)
            .limit(self.batch_rows)
            .with_for_update(skip_locked=True, of=Delivery)
            .options(defer(Sample.strokes), defer(Sample.candidates))
        ).all()
        if not taken:
            return None
        deliveries, samples = [row[0] for row in taken], [row[1] for row in taken]
        batch = Batch(
            alphabet=samples[0].alphabet,
            in_doubt=deliveries[0].state == "sending",
            samples=samples,
            tries=max(delivery.attempts for delivery in deliveries) + 1,
            taken_at=at,
            lease_ends_at=at + LEASE,
        )
        session.execute(
            update(Delivery)
            .where(Delivery.id.in_([delivery.id for delivery in deliveries]))
            .values(state="sending", attempts=Delivery.attempts + 1, next_try_at=batch.lease_ends_at)
            .execution_options(synchronize_session=False)
        )
        session.commit()
        return batch

    def _note_sent(self, batch: Batch, unfit: Mapping[str, str]) -> Counter[str]:
        sent = [sample.id for sample in batch.samples if sample.id not in unfit]
        self._note(Delivery.sample_id.in_(sent), state="sent", sent_at=self.clock(), last_error=None)
        log.info("%d samples went to the worksheet for “%s”.", len(sent), batch.alphabet)
        return Counter(sent=len(sent))

    def _leave_in_doubt(self, batch: Batch, reason: str) -> Counter[str]:
        log.warning("Nobody knows whether %d samples arrived: %s", len(batch.samples), reason)
        self._note(is_ours(batch), next_try_at=self.clock() + SETTLE, last_error=reason)
        return Counter(waiting=len(batch.samples))

    def _put_off(self, batch: Batch, reason: str) -> Counter[str]:
        log.warning("%d samples were not taken at try %d: %s", len(batch.samples), batch.tries, reason)
        next_try_at = self.clock() + wait_after(batch.tries, self.rng)
        state = "sending" if batch.in_doubt else "waiting"
        self._note(is_ours(batch), state=state, next_try_at=next_try_at, last_error=reason)
        return Counter(waiting=len(batch.samples))

    def _park(self, batch: Batch, reasons: Mapping[str, str]) -> Counter[str]:
        for reason in set(reasons.values()):
            ids = [sample_id for sample_id, why in reasons.items() if why == reason]
            log.error("%d samples are parked: %s", len(ids), reason)
            self._note(is_ours(batch), Delivery.sample_id.in_(ids), state="parked", last_error=reason)
        return Counter(parked=len(reasons))

    def _note(self, *conditions: ColumnElement[bool], **values: object) -> None:
        with self._writing() as session:
            session.execute(update(Delivery).where(*conditions).values(**values))
            session.commit()

    def _writing(self) -> Session:
        return Session(self.engine.execution_options(**WRITES), expire_on_commit=False)


def sheets_from(settings: Mapping[str, Any], engine: Engine, pause: Callable[[float], None]) -> Sheets:
    """The spreadsheet that the settings name, at the pace that all relays share."""
    return Sheets(target_from(settings), Pace(engine, pause).wait, pause)


def is_ours(batch: Batch) -> ColumnElement[bool]:
    """Of the rows of `batch`, those that no relay has taken since, after our lease."""
    return (Delivery.state == "sending") & (Delivery.next_try_at == batch.lease_ends_at)
