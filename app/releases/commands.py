"""`flask releases …`: for whoever runs the server, and for programs that deploy."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.recognition.errors import RecognitionError
from app.recognition.releases import ReleaseStore
from app.releases import desk
from app.releases.comparison import Row, compare

releases = AppGroup("releases", help="List, compare, activate, roll back and install networks.")


@releases.command("list")
def list_releases() -> None:
    """Every release; a star stands before the one in use."""
    for shelf in desk.shelves(_store()):
        for entry in shelf.entries:
            star = "*" if entry.is_current else " "
            made = f"{entry.made_at:%Y-%m-%d %H:%M}" if entry.made_at else "-"
            about = entry.fault or ", ".join(f"{name} {right:.2f} %" for name, right in entry.right)
            click.echo(
                f"{star} {shelf.alphabet}/{entry.version}\t{made}\t{entry.learned_from or '-'}\t{about}"
            )


@releases.command("compare")
@click.argument("alphabet")
@click.argument("before")
@click.argument("after")
def compare_releases(alphabet: str, before: str, after: str) -> None:
    """What two cards say of the same tests."""
    with _told():
        result = compare(*(_store().load(alphabet, version) for version in (before, after)))
    click.echo(f"{'':<28}{result.before:>14}{result.after:>14}{'points':>10}")
    for title, rows in (
        ("Right, case included", result.right),
        ("Right, the ink changed", result.robust),
        ("Refused", result.refused),
    ):
        click.echo(f"{title} (%)")
        for row in rows:
            click.echo(_line(row))
    for rule in result.rules:
        click.echo(f"{'holds' if rule.holds else 'BROKEN'}: {rule.rule}: {rule.found}")


@releases.command("activate")
@click.argument("alphabet")
@click.argument("version")
def activate(alphabet: str, version: str) -> None:
    """Make a release the one in use; running servers go over to it within seconds."""
    with _told():
        release = desk.activate(_store(), alphabet, version)
    click.echo(f"{release.name} is in use.")


@releases.command("rollback")
@click.argument("alphabet")
def roll_back(alphabet: str) -> None:
    """Go back to the release that was in use before."""
    with _told():
        release = desk.roll_back(_store(), alphabet)
    click.echo(f"{release.name} is in use again.")


@releases.command("install")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--activate", "is_activated", is_flag=True, help="Use it, too.")
def install(folder: Path, is_activated: bool) -> None:
    """Take up a release, the folder <version>/, that was made elsewhere."""
    store = _store()
    with _told():
        release = desk.install(store, folder)
        if is_activated:
            desk.activate(store, release.alphabet, release.version)
    click.echo(f"{release.name} is {'in use' if is_activated else 'installed'}.")


@contextmanager
def _told() -> Iterator[None]:
    """What is wrong with a release is told in one line; exit code 1."""
    try:
        yield
    except RecognitionError as error:
        raise click.ClickException(str(error)) from error


def _store() -> ReleaseStore:
    return desk.store_in(current_app.config)


def _line(row: Row) -> str:
    before, after = ("-" if each is None else f"{each:.2f}" for each in (row.before, row.after))
    points = "" if row.points is None else f"{row.points:+.2f}"
    return f"  {row.name:<26}{before:>14}{after:>14}{points:>10}"
