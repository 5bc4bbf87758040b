"""What every table and every transaction shares: aware times, an SQLite that keeps what was acknowledged, and errors
that quote no row."""

import sqlite3
from datetime import UTC, datetime

from sqlalchemy import Connection, DateTime, Dialect, Engine, ExceptionContext, TypeDecorator, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

WRITES = {"begin_immediate": True}
"""Execution options of an engine whose transactions write: they wait for the write lock at their start, and
so never fail half-way. PostgreSQL ignores them."""

BUSY_TIMEOUT_MS = 60_000
"""SQLite's writers do not queue: each looks again every 0.1 s, and whoever comes at the right moment is next. Of 16
that write without a pause on a busy machine, some had no luck for 10 s (tests/bench/writers.py)."""

NO_ANSWER = (InterfaceError, OperationalError, ProgrammingError)
"""What is raised when the database is out of reach, or its tables are not there or not up to date: PostgreSQL calls
the latter a ProgrammingError, SQLite an OperationalError."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC. SQLite forgets time zones, and PostgreSQL tells times in the server's own; what is
    read is in UTC again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def set_up(engine: Engine) -> None:
    """Make connections to SQLite durable, and let our own BEGIN replace the driver's. PostgreSQL's are; its days are
    made UTC's, and its errors lose the rows that they quote."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _on_connect_to_server)
        event.listen(engine, "handle_error", _on_error)
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin late, and never IMMEDIATE
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _on_connect_to_server(connection: DBAPIConnection, _record: object) -> None:
    """By a statement: `options` of the connection may say something else already, such as a search path."""
    cursor = connection.cursor()
    cursor.execute("SET TIME ZONE 'UTC'")
    cursor.close()
    connection.commit()  # a rollback would take it back


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("begin_immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _on_error(context: ExceptionContext) -> None:
    """Errors are logged, and `hide_parameters` knows nothing of the DETAIL that PostgreSQL adds to them."""
    cause, wrapped = context.original_exception, context.sqlalchemy_exception
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is None or not diagnosis.message_detail:
        return
    told, whole = diagnosis.message_primary, str(cause)
    for error in (cause, wrapped):
        if error is not None:
            error.args = tuple(str(text).replace(whole, told) for text in error.args)
