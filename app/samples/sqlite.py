"""How SQLite is opened so that what was acknowledged is still there after a crash."""

import sqlite3

from sqlalchemy import Connection, Engine, event

WRITES = {"begin_immediate": True}
"""Execution options of an engine whose transactions write: they wait for the write lock at their start, and
so never fail half-way. PostgreSQL ignores them."""

BUSY_TIMEOUT_MS = 10_000


def set_up(engine: Engine) -> None:
    """Make connections of `engine` durable, and let our own BEGIN replace the driver's."""
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin late, and never IMMEDIATE
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("begin_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
