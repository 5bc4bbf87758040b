"""The gate before passwords: a crowd waits, a flood does not."""

import threading
from contextlib import suppress

import pytest
from flask import Flask

from app.accounts.crowd import CALM_S, CROWD, REST, Gate
from app.accounts.errors import Crowded
from tests.accounts.conftest import Person

TURN_S = 0.04


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(clock: Clock) -> Gate:
    return Gate(clock)


def enter(gate: Gate, clock: Clock) -> None:
    """Have a turn."""
    with gate.turn():
        clock.now += TURN_S


def come(gate: Gate, times: int) -> int:
    """Want a turn, so many times, while somebody else has it; how many may wait for theirs."""
    waiting = 0
    with gate._turn:
        for _ in range(times):
            with suppress(Crowded):
                gate._check_for_flood()
                waiting += 1
    return waiting


def test_one_after_another_is_always_let_in(gate: Gate, clock: Clock) -> None:
    start = clock.now
    for _ in range(10 * CROWD):
        enter(gate, clock)
    assert clock.now == pytest.approx(start + 10 * CROWD * TURN_S)


def test_a_crowd_may_wait(gate: Gate) -> None:
    assert come(gate, CROWD) == CROWD


def test_a_flood_may_not(gate: Gate) -> None:
    assert come(gate, CROWD + 10) == CROWD


def test_a_flood_gets_a_quarter_of_the_time(gate: Gate, clock: Clock) -> None:
    come(gate, CROWD)
    computed, start = 0, clock.now
    while clock.now < start + 100:
        try:
            enter(gate, clock)
            computed += 1
        except Crowded:
            clock.now += 0.001
    assert computed * TURN_S == pytest.approx(100 / (1 + REST), rel=0.05)


def test_after_a_flood_and_some_calm_there_may_be_another_crowd(gate: Gate, clock: Clock) -> None:
    assert come(gate, CROWD) == CROWD
    clock.now += CALM_S + 1
    assert come(gate, CROWD) == CROWD


def test_a_crowd_waits_and_each_has_the_gate_alone() -> None:
    gate, inside, most = Gate(), list[int](), list[int]()

    def compute(n: int) -> None:
        with gate.turn():
            inside.append(n)
            most.append(len(inside))
            inside.remove(n)

    threads = [threading.Thread(target=compute, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 20


def test_an_error_inside_leaves_the_gate_open(gate: Gate, clock: Clock) -> None:
    with pytest.raises(ValueError, match="x"), gate.turn():
        raise ValueError("x")
    assert not gate._turn.locked()
    enter(gate, clock)


def test_whoever_is_sent_away_is_told_when_to_come_back(app: Flask) -> None:
    clock = Clock()
    gate = app.extensions["passwords"] = Gate(clock)
    come(gate, CROWD)
    enter(gate, clock)
    answer = Person(app).sign_in()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Very many people are signing in" in answer.text
