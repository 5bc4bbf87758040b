"""`flask …` commands; each calls one function."""

from collections import Counter
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app.accounts.commands import account, users
from app.accounts.errors import LastOwner
from app.extensions import db
from app.history.leaving import leave
from app.mail.queue import latest_mails
from app.mail.relay import relay_from
from app.read_commands import read
from app.releases.commands import releases
from app.retention import forget
from app.samples.review_commands import samples
from app.sheets.commands import sheets

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


@users.command("delete")
@click.argument("email")
@click.option(
    "--with-answers", is_flag=True, help="Its answers with Yes or No, too; else they stay, nameless."
)
def delete_account(email: str, with_answers: bool) -> None:
    """Delete an account and every drawing that is kept for it, and write to its address that this was done."""
    user = account(email)
    try:
        leave(user, keeps_corrections=not with_answers)
    except LastOwner as error:
        raise click.ClickException(str(error)) from error


mail = AppGroup("mail", help="Look at the mails that the app sends, and send them.")


@mail.command("deliver")
@click.pass_context
def deliver_mails(context: click.Context) -> None:
    """Send the mails that are due now. Exit code 1: one was not taken."""
    states = Counter(relay_from(current_app.config, db.engine).deliver())
    for state in ("sent", "waiting", "failed"):
        click.echo(f"{state:<8}{states[state]:>6}")
    context.exit(1 if states["waiting"] or states["failed"] else 0)


@mail.command("list")
@click.option("--limit", default=50, show_default=True, help="How many, the newest first.")
def list_mails(limit: int) -> None:
    """List what waits, was sent or was refused."""
    for each in latest_mails(db.session(), limit):
        queued = each.created_at.isoformat(" ", "seconds")
        line = f"{each.id:>6}  {each.state:<8}{queued}  {each.tries:>3}  {each.recipient}  {each.subject}"
        click.echo(f"{line}  [{each.last_error}]" if each.last_error else line)


@click.command("translations")
def update_translations() -> None:
    """Take new sentences up into the catalogs of translations, and write what the app reads."""
    from app import catalogs  # Babel's tools, which a server does not need

    for language in catalogs.FOREIGN:
        lacking = catalogs.missing(catalogs.update(language))
        click.echo(f"{language}: {len(lacking)} sentences are not translated")


@click.command("forget")
@with_appcontext
def forget_old() -> None:
    """Delete old rows of the audit log, and mails that are done with (AUDIT_LOG_DAYS, MAIL_DAYS)."""
    for what, number in forget(current_app.config, db.engine).items():
        click.echo(f"{what:<10}{number:>8}")


def init_app(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(forget_old)
    app.cli.add_command(update_translations)
    app.cli.add_command(database)
    app.cli.add_command(mail)
    app.cli.add_command(users)
    app.cli.add_command(read)
    app.cli.add_command(releases)
    app.cli.add_command(sheets)
    app.cli.add_command(samples)
