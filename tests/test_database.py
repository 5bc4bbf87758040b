"""SQLite as we open it: nothing acknowledged is lost, writers wait for each other."""

import sqlite3
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.database import BUSY_TIMEOUT_MS, WRITES
from app.extensions import db

pytestmark = pytest.mark.sqlite("Its settings and its one write lock.")


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("busy_timeout", BUSY_TIMEOUT_MS)],
)
def test_connections_are_durable(app: Flask, pragma: str, value: object) -> None:
    with app.app_context():
        assert db.session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def is_writable_by_others(path: Path) -> bool:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_only_writers_take_the_lock_at_once(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        db.session.execute(text("SELECT * FROM samples"))
        assert is_writable_by_others(tmp_path / "samples.sqlite")
    with app.app_context(), db.engine.execution_options(**WRITES).begin():
        assert not is_writable_by_others(tmp_path / "samples.sqlite")
