"""`flask db …`: the migrations give exactly the tables the code has."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, inspect

from app import create_app


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
        "mails",
        "users",
        "roles",
        "roles_users",
        "audit_log",
    }


def test_migrations_agree_with_the_tables_in_code(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    runner.invoke(args=["db", "upgrade"])
    done = runner.invoke(args=["db", "check"])
    assert done.exit_code == 0, done.output


def test_upgrade_twice_changes_nothing(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    assert [runner.invoke(args=["db", "upgrade"]).exit_code for _ in range(2)] == [0, 0]


def test_downgrade_takes_the_tables_away(empty_app: Flask) -> None:
    runner = empty_app.test_cli_runner()
    for command in (["upgrade"], ["downgrade", "base"]):
        assert runner.invoke(args=["db", *command]).exit_code == 0
    assert tables(empty_app) == set()
