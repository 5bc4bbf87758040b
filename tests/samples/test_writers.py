"""Answers that are kept at the same time, by processes. The long form is tests/bench/writers.py."""

from pathlib import Path

from tests.bench.writers import run


def test_writers_at_once_lose_nothing(tmp_path: Path, database_url: str) -> None:
    outcome = run(tmp_path, writers=3, answers=10, database=database_url)
    assert outcome.acknowledged == 30
    assert (outcome.lost, outcome.undelivered, outcome.failed) == (0, 0, [])
