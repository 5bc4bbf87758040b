"""`flask …` commands; each calls one function."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.extensions import db

MIGRATIONS = Path(__file__).parent / "migrations"


@click.command("db", add_help_option=False, context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@with_appcontext
def database(arguments: tuple[str, ...]) -> None:
    """Bring the database up to date (`upgrade`), and Alembic's other commands."""
    from flask_migrate import Migrate  # type: ignore[import-untyped]  # 12 MB that a server does not need
    from flask_migrate.cli import db as alembic_commands  # type: ignore[import-untyped]

    Migrate(current_app, db, directory=str(MIGRATIONS))
    alembic_commands.main(list(arguments), prog_name="flask db")


def upgrade_database() -> None:
    """Bring the current app's database up to date, as `flask db upgrade` does."""
    from flask_migrate import Migrate, upgrade

    Migrate(current_app, db, directory=str(MIGRATIONS))
    upgrade()


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(database)
