"""The relay and a stand-in for Google: every sample arrives, once, whatever fails, and what cannot says why."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.extensions import db
from app.samples.tables import Sample
from app.sheets.delivery import LEASE, SETTLE, WRITE_WITHIN, Relay
from app.sheets.google_client import ANSWER_S, CONNECT_S, PATIENCE_S
from app.sheets.rows import HEADER, Cell, ink_of
from tests.sheets.desk import Desk
from tests.sheets.google import FAULTS

QUICK_S = 0.5


def die(_when: str) -> None:
    """What happens to a relay that is killed."""
    raise KeyboardInterrupt


def test_sample_arrives_in_the_order_of_the_columns(desk: Desk) -> None:
    [key] = desk.keep(label="1")
    assert desk.deliver() == Counter(sent=1)
    [header, row] = desk.google.worksheet("Digit").rows
    assert tuple(header) == HEADER
    with Session(db.engine) as session:
        sample = session.get_one(Sample, key)
        assert ink_of(str(row[1])).tobytes() == sample.glyph
        time = sample.created_at.isoformat(timespec="seconds")
    assert row[:1] + row[2:] == [key, "7", 0.9, "1", "digit", "digit/1", time]


def test_each_alphabet_has_its_worksheet(desk: Desk) -> None:
    digits, letters = desk.keep(2), desk.keep(2, "character", "a")
    both = desk.keep(1, "combined", "7")
    assert desk.deliver() == Counter(sent=5)
    assert [desk.keys(title) for title in ("Digit", "Character", "Combined")] == [digits, letters, both]


def test_many_rows_are_one_request(desk: Desk) -> None:
    desk.keep(30)
    desk.deliver()
    assert sum(":append" in call.what for call in desk.google.calls) == 1


def test_batch_is_not_larger_than_it_may_be(desk: Desk) -> None:
    keys = desk.keep(4)
    assert [sum(states.values()) for states in desk.relay(batch_rows=3).deliver()] == [3, 1]
    assert desk.keys() == keys


def test_sent_row_is_not_sent_again(desk: Desk) -> None:
    desk.keep()
    desk.deliver()
    desk.clock.advance(minutes=24 * 60)
    assert desk.deliver() == Counter()
    [delivery] = desk.deliveries()
    assert (delivery.state, delivery.last_error, len(desk.rows())) == ("sent", None, 1)


def test_idle_relay_asks_google_nothing(desk: Desk) -> None:
    with Session(db.engine.execution_options(begin_immediate=True)) as session:
        session.connection()  # holds the write lock
        assert desk.deliver() == Counter()
    assert (desk.google.calls, desk.google.num_tokens) == ([], 0)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("is_first", [True, False])
def test_row_arrives_once_whatever_fails(desk: Desk, fault: str, is_first: bool) -> None:
    sheets = desk.sheets(timeout_s=QUICK_S if fault.startswith("silent") else 30)
    keys = [] if is_first else desk.keep()
    desk.deliver(sheets)
    keys += desk.keep(3)
    desk.google.faults.append(fault)
    desk.deliver(sheets)
    desk.clock.advance(seconds=SETTLE.total_seconds() + 1)
    desk.deliver(sheets)
    lost = [row[0] for worksheet in desk.google.lost for row in worksheet.rows[1:]]
    assert (lost + desk.keys(), desk.states()) == (keys, Counter(sent=len(keys)))


@pytest.mark.parametrize("fault", ["429", "dropped"])
def test_set_up_survives_a_fault_at_each_request(desk: Desk, fault: str) -> None:
    for healthy in range(6):
        desk.google.spreadsheets.clear()
        desk.google.make()
        key = desk.keep()
        desk.google.any_faults.extend([""] * healthy + [fault])
        desk.deliver()
        desk.clock.advance(minutes=4)
        desk.deliver()
        assert desk.keys() == key, healthy


def test_request_in_doubt_is_not_repeated_before_google_has_given_it_up(desk: Desk) -> None:
    desk.keep()
    desk.google.faults.append("dropped")
    assert desk.deliver() == Counter(waiting=1)
    desk.clock.advance(seconds=SETTLE.total_seconds() - 2)
    assert desk.deliver() == Counter()
    assert timedelta(seconds=180) < SETTLE


def test_only_rows_in_doubt_are_looked_up(desk: Desk) -> None:
    desk.keep()
    desk.deliver()
    assert not [call for call in desk.google.calls if call.what.endswith("A1:A")]


def test_lost_worksheet_is_made_again(desk: Desk) -> None:
    sheets = desk.sheets()
    desk.keep()
    desk.deliver(sheets)
    spreadsheet = next(iter(desk.google.spreadsheets.values()))
    spreadsheet.worksheets = spreadsheet.worksheets[:1]
    keys = desk.keep(2)
    assert desk.deliver(sheets) == Counter(sent=2)
    assert tuple(desk.google.worksheet("Digit").rows[0]) == HEADER
    assert desk.keys() == keys


def test_google_out_of_reach_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = desk.keep(2)
    with monkeypatch.context() as patch:
        patch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
        patch.setenv("https_proxy", "http://127.0.0.1:9")
        for _ in range(3):
            assert desk.deliver() in (Counter(waiting=2), Counter())
            desk.clock.advance(minutes=1)
    assert desk.states() == Counter(waiting=2)
    desk.clock.advance(minutes=20)
    assert desk.deliver() == Counter(sent=2)
    assert desk.keys() == keys


def test_relays_at_once_never_send_the_same_row(sheets_app: Flask, desk: Desk) -> None:
    keys = desk.keep(24)

    def run() -> None:
        with sheets_app.app_context():
            desk.deliver(batch_rows=3)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, desk.keys())) == sorted(keys)


def test_rows_are_taken_by_one_relay_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.keep(2)
    others: list[Counter[str]] = []
    sheets = desk.sheets()
    append = sheets.append

    def append_after_another_relay(alphabet: str, rows: list[list[Cell]]) -> None:
        others.append(desk.deliver())
        append(alphabet, rows)

    monkeypatch.setattr(sheets, "append", append_after_another_relay)
    assert desk.deliver(sheets) == Counter(sent=2)
    assert (others, len(desk.rows())) == ([Counter()], 2)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_rows_of_a_dead_relay_are_looked_up_when_its_lease_ends(
    desk: Desk, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = desk.keep(3)
    with monkeypatch.context() as patch:
        patch.setattr(Relay, "_carry" if moment == "before" else "_note_sent", die)
        with pytest.raises((KeyboardInterrupt, TypeError)):
            desk.deliver()
    desk.clock.advance(seconds=LEASE.total_seconds() - 60)
    assert desk.deliver() == Counter()
    desk.clock.advance(seconds=61)
    assert desk.deliver() == Counter(sent=3)
    assert desk.keys() == keys


def test_relay_that_slept_before_writing_does_not_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = desk.keep()
    sheets = desk.sheets()
    prepare = sheets.prepare

    def sleep_and_prepare(alphabet: str) -> None:
        desk.clock.advance(seconds=LEASE.total_seconds() + 1)
        prepare(alphabet)

    monkeypatch.setattr(sheets, "prepare", sleep_and_prepare)
    assert desk.deliver(sheets) == Counter(waiting=1)
    desk.clock.advance(minutes=1)
    assert desk.deliver() == Counter(sent=1)
    assert desk.keys() == keys


def test_lease_outlasts_the_slowest_delivery() -> None:
    """All tries of an append: the last one begins within PATIENCE_S and a wait, and sets a worksheet up, too."""
    slowest_append_s = PATIENCE_S + 16 + 6 * (CONNECT_S + ANSWER_S)
    assert WRITE_WITHIN + timedelta(seconds=slowest_append_s) + SETTLE < LEASE
