"""What only a person can mend is set aside, with a sentence that says how; what mends itself is not."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.extensions import db
from app.samples.tables import Delivery, Sample
from app.sheets import outbox
from tests.sheets.desk import Desk
from tests.sheets.google import Google
from tests.sheets.workbook import Spreadsheet


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda google: google.spreadsheets.clear(), "sees no spreadsheet called “Handwriting-recognition”"),
        (lambda google: setattr(only(google), "trashed", True), "in the bin"),
        (lambda google: setattr(only(google), "can_edit", False), "Share it with this address as an editor"),
        (lambda google: google.make(), "Set SHEETS_ID"),
    ],
)
def test_what_an_owner_has_to_mend_is_parked_with_the_reason(
    desk: Desk, damage: Callable[[Google], object], reason: str
) -> None:
    desk.keep(2)
    damage(desk.google)
    assert desk.deliver() == Counter(parked=2)
    assert reason in str(desk.deliveries()[0].last_error)
    desk.clock.advance(minutes=24 * 60)
    assert desk.deliver() == Counter()


def test_permission_lost_while_running_parks(desk: Desk) -> None:
    sheets = desk.sheets()
    desk.keep()
    desk.deliver(sheets)
    only(desk.google).can_edit = False
    desk.keep()
    assert desk.deliver(sheets) == Counter(parked=1)


def test_parked_rows_arrive_once_the_owner_has_mended_it(desk: Desk) -> None:
    keys = desk.keep(3)
    only(desk.google).can_edit = False
    desk.deliver()
    only(desk.google).can_edit = True
    assert outbox.retry_parked(db.engine) == 3
    desk.clock.advance(seconds=1)
    assert desk.deliver() == Counter(sent=3)
    assert desk.keys() == keys


def test_row_that_fits_no_cell_is_parked_alone(desk: Desk) -> None:
    bad, *good = desk.keep(3)
    with Session(db.engine) as session:
        session.get_one(Sample, bad).glyph = bytes(60_000)
        session.commit()
    assert desk.deliver() == Counter(sent=2, parked=1)
    assert desk.keys() == good
    assert "60,000 bytes" in str(desk.deliveries()[0].last_error)


def test_changed_header_is_not_written_below(desk: Desk) -> None:
    desk.keep()
    desk.deliver()
    desk.google.worksheet("Digit").rows[0][0] = "clé"
    desk.keep()
    assert desk.deliver() == Counter(parked=1)
    assert "first row" in str(desk.deliveries()[1].last_error)


@pytest.mark.parametrize("credentials", ["", "/nowhere/key.json", "{", '{"type": "user"}'])
def test_bad_credentials_give_nothing_up(desk: Desk, credentials: str) -> None:
    desk.keep()
    assert desk.deliver(desk.sheets(credentials=credentials)) == Counter(waiting=1)
    assert "GOOGLE_CREDENTIALS" in str(desk.deliveries()[0].last_error) or "service account" in str(
        desk.deliveries()[0].last_error
    )


def test_revoked_key_gives_nothing_up(desk: Desk) -> None:
    desk.keep()
    desk.google.knows_us = False
    assert desk.deliver() == Counter(waiting=1)
    assert "does not accept the key" in str(desk.deliveries()[0].last_error)


def test_owner_sees_how_many_wait(desk: Desk) -> None:
    desk.keep(3)
    with Session(db.engine) as session:
        assert outbox.waiting_deliveries(session) == 3
    desk.google.spreadsheets.clear()
    desk.deliver()
    with Session(db.engine) as session:
        assert outbox.deliveries_by_state(session) == Counter(parked=3)
        [trouble] = outbox.troubles(session)
    assert (trouble.state, trouble.num_rows) == ("parked", 3)


def only(google: Google) -> Spreadsheet:
    [spreadsheet] = google.spreadsheets.values()
    return spreadsheet


def test_delivery_states_fit_their_column() -> None:
    length = Delivery.__table__.c.state.type.length  # type: ignore[attr-defined]
    assert max(map(len, ("waiting", "sending", "sent", "parked"))) <= length
