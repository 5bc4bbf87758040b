"""A queued mail survives kill -9 of its relay. The long form is tests/bench/kill_relay.py."""

from pathlib import Path

from tests.bench.kill_relay import run


def test_mails_survive_kills(tmp_path: Path, database_url: str) -> None:
    outcome = run(tmp_path, kills=5, database_url=database_url)
    assert outcome.killed == 5
    assert (outcome.lost, outcome.unlike, outcome.waiting) == (0, 0, 0)
    assert outcome.doubled <= outcome.killed
