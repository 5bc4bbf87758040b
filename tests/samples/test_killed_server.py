"""An answer that was acknowledged survives kill -9. The long form is tests/bench/kill_server.py."""

from pathlib import Path

import pytest

from tests.bench.kill_server import run


@pytest.mark.sqlite("It is about what SQLite's file holds after a kill.")
def test_acknowledged_answers_survive_kills(tmp_path: Path) -> None:
    outcome = run(tmp_path, kills=3, clients=4)
    assert outcome.acknowledged > 3
    assert (outcome.lost, outcome.undelivered, outcome.integrity) == (0, 0, "ok")
