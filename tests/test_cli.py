"""`flask db …`: the migrations give exactly the tables the code has."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect, text

from app import create_app

ROWS_OF_0003 = (
    "INSERT INTO users VALUES (1, 'a@example.org', 'x', 'y', 1, NULL, '2026-01-01')",
    """INSERT INTO samples VALUES ('s', 'digit', x'00', NULL, '1', 0.5, '[]', '7', 0, 'digit/1', 'draw', NULL,
    '2026-01-01', '2026-01-01')""",
    "INSERT INTO deliveries VALUES (1, 's', 'waiting', 0, '2026-01-01')",
)


@pytest.fixture
def empty_app(tmp_path: Path) -> Flask:
    return create_app({"INSTANCE_DIR": str(tmp_path)})


def tables(app: Flask) -> set[str]:
    return set(inspect(create_engine(app.config["DATABASE_URL"])).get_table_names()) - {"alembic_version"}


def test_upgrade_makes_the_tables(empty_app: Flask) -> None:
    done = empty_app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 0, done.output
    assert tables(empty_app) == {
        "samples",
        "deliveries",
        "call_slots",
        "mails",
        "users",
        "roles",
        "roles_users",
        "audit_log",
        "drawings",
        "api_tokens",
    }


def test_migrations_agree_with_the_tables_in_code(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    runner.invoke(args=["db", "upgrade"])
    done = runner.invoke(args=["db", "check"])
    assert done.exit_code == 0, done.output


def test_upgrade_twice_changes_nothing(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    assert [runner.invoke(args=["db", "upgrade"]).exit_code for _ in range(2)] == [0, 0]


def test_upgrade_keeps_the_rows_there_are(empty_app: Flask) -> None:
    """Altering a table on SQLite copies it; what refers to it must not go with the old one."""
    runner, engine = empty_app.test_cli_runner(), create_engine(empty_app.config["DATABASE_URL"])
    runner.invoke(args=["db", "upgrade", "0003"])
    with engine.begin() as connection:
        for statement in ROWS_OF_0003:
            connection.execute(text(statement))
    done = runner.invoke(args=["db", "upgrade"])
    assert done.exit_code == 0, done.output
    with engine.connect() as connection:
        for table in ("users", "samples", "deliveries"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert [key["referred_table"] for key in inspect(engine).get_foreign_keys("deliveries")] == ["samples"]


def test_downgrade_takes_the_tables_away(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    for command in (["upgrade"], ["downgrade", "base"]):
        assert runner.invoke(args=["db", *command]).exit_code == 0
    assert tables(empty_app) == set()
