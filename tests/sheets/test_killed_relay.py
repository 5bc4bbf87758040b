"""A kept sample survives kill -9 of its relay, and arrives once. The long form is tests/bench/kill_sheets_relay.py."""

from pathlib import Path

from tests.bench.kill_sheets_relay import run


def test_samples_survive_kills(tmp_path: Path, database_url: str) -> None:
    outcome = run(tmp_path, kills=3, database_url=database_url)
    assert outcome.killed == 3
    assert (outcome.lost, outcome.doubled, outcome.unsent) == (0, 0, 0)
