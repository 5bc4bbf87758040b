"""The deliveries as their owner sees them: how many wait, and why; and another try for what was parked."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, func, select, update
from sqlalchemy.orm import Session

from app.database import WRITES, now
from app.samples.tables import Delivery

WAITING = ("waiting", "sending")


@dataclass(frozen=True)
class Trouble:
    """Rows that were not taken for the same reason."""

    state: str
    reason: str
    num_rows: int


def deliveries_by_state(session: Session) -> Counter[str]:
    """How many deliveries wait, are being sent, were sent or are parked."""
    counts = select(Delivery.state, func.count().label("number")).group_by(Delivery.state)
    return Counter({row.state: row.number for row in session.execute(counts)})


def waiting_deliveries(session: Session) -> int:
    """How many samples Google Sheets does not have yet, but for those that are parked."""
    return sum(deliveries_by_state(session)[state] for state in WAITING)


def troubles(session: Session) -> Sequence[Trouble]:
    """Why rows wait or are parked, the commonest reason first."""
    number = func.count().label("number")
    reasons = (
        select(Delivery.state, Delivery.last_error, number)
        .where(Delivery.last_error.is_not(None), Delivery.state != "sent")
        .group_by(Delivery.state, Delivery.last_error)
        .order_by(number.desc())
    )
    return [Trouble(row.state, row.last_error, row.number) for row in session.execute(reasons)]


def retry_parked(engine: Engine) -> int:
    """Have relays try all parked rows again; how many there are. They are looked up in the spreadsheet first."""
    again = (
        update(Delivery)
        .where(Delivery.state == "parked")
        .values(state="sending", attempts=0, next_try_at=now(), last_error=None)
    )
    with Session(engine.execution_options(**WRITES)) as session:
        parked = cast("CursorResult[Any]", session.execute(again)).rowcount
        session.commit()
    return int(parked)
