"""`flask sheets …`: the spreadsheet, from the command line of whoever runs the server."""

import time
from collections import Counter
from collections.abc import Iterator, Sized
from contextlib import contextmanager

import click
from flask import current_app
from flask.cli import AppGroup

from app.extensions import db
from app.recognition.errors import RecognitionError
from app.recognition.normalize import Ink
from app.recognition.recognizer import Prediction
from app.sheets import outbox
from app.sheets.delivery import Relay, sheets_from
from app.sheets.errors import Busy, SheetsError
from app.sheets.fetch import Fetch, Findings
from app.sheets.spreadsheet import Sheets
from app.sheets.target import target_from

COLUMNS = ("rows", "same", "new", "proposed", "conflicts", "unknown", "unreadable", "gone")

sheets = AppGroup("sheets", help="Fill the spreadsheet at Google, look after it, and read it back.")


@sheets.command("deliver")
@click.pass_context
def deliver(context: click.Context) -> None:
    """Send what is due now. Exit code 1: something was not taken."""
    if not current_app.config["GOOGLE_CREDENTIALS"]:
        waiting = outbox.waiting_deliveries(db.session())
        raise click.ClickException(f"{waiting} deliveries wait for credentials: see doc/google-sheets.md.")
    states = sum(Relay(db.engine, _book()).deliver(), Counter[str]())
    for state in ("sent", "waiting", "parked"):
        click.echo(f"{state:<8}{states[state]:>6}")
    _show_troubles()
    context.exit(1 if states["waiting"] or states["parked"] else 0)


@sheets.command("list")
def list_deliveries() -> None:
    """Count what waits, was sent or is parked, and say why."""
    counts = outbox.deliveries_by_state(db.session())
    for state in ("waiting", "sending", "sent", "parked"):
        click.echo(f"{state:<8}{counts[state]:>6}")
    _show_troubles()


@sheets.command("retry")
def retry() -> None:
    """Try again what is parked, once its reason is gone."""
    click.echo(f"{outbox.retry_parked(db.engine)} deliveries wait again.")


@sheets.command("check")
def check() -> None:
    """Try the credentials and the spreadsheet, and say what to do. Exit code 1: something is missing."""
    with _in_words():
        book = _book()
        address = book.address()
        click.echo(f"ok  Google knows us as {book.email}")
        click.echo(f"ok  The spreadsheet can be written: {address}")
        missing = book.missing()
        click.echo("ok  No worksheet has another header than ours")
        if missing:
            click.echo(
                f"ok  The first delivery will make the worksheets that are missing: {', '.join(missing)}"
            )
    counts = outbox.deliveries_by_state(db.session())
    click.echo(f"ok  {counts['waiting'] + counts['sending']} deliveries wait, {counts['sent']} were sent")
    if counts["parked"]:
        click.echo(f"!!  {counts['parked']} are parked. Try them again: flask --app main sheets retry")


@sheets.command("create")
@click.argument("email")
def create(email: str) -> None:
    """Make the spreadsheet, and share it with the Google account EMAIL."""
    with _in_words():
        book = _book()
        book.create(email)
        click.echo(f"Made, and shared with {email}: {book.address()}")


@sheets.command("fetch")
@click.option(
    "--accept-labels",
    is_flag=True,
    help="Take changed labels as decided, where nobody has reviewed the sample.",
)
@click.option("--restore", is_flag=True, help="Keep rows with a key that is unknown here, too.")
def fetch(accept_labels: bool, restore: bool) -> None:
    """Bring rows back: typed in, relabelled, or (--restore) deleted here."""
    worksheets = target_from(current_app.config).worksheets
    with _in_words():
        reader = Fetch(db.engine, _book(), _recognize, accept_labels, restore)
        found = {title: reader.worksheet(alphabet) for alphabet, title in worksheets.items()}
    click.echo(f"{'worksheet':<12}" + "".join(f"{name:>11}" for name in COLUMNS))
    for title, findings in found.items():
        click.echo(f"{title[:12]:<12}" + "".join(f"{number:>11}" for number in _numbers(findings)))
    for title, findings in found.items():
        for line in _details(findings, accept_labels):
            click.echo(f"{title} {line}")


def _numbers(found: Findings) -> tuple[int, ...]:
    lists: tuple[Sized, ...] = (
        found.added,
        found.proposed,
        found.conflicts,
        found.unknown,
        found.unreadable,
        found.gone,
    )
    return (found.num_rows, found.num_same, *map(len, lists))


def _details(found: Findings, accept_labels: bool) -> Iterator[str]:
    """A line for whatever a person may want to look at."""
    outcome = "accepted" if accept_labels else "not accepted: give --accept-labels, or review it here"
    for each in found.proposed:
        yield f"row {each.row}: {each.sample_id} is “{each.ours}” here, “{each.theirs}” there ({outcome})"
    for each in found.conflicts:
        yield f"row {each.row}: {each.sample_id} was reviewed as “{each.ours}”; “{each.theirs}” is not taken"
    for number, key in found.unknown:
        yield f"row {number}: {key} is no sample here (any more); --restore keeps it"
    for number, reason in found.unreadable:
        yield f"row {number}: {reason}"
    for sample_id in found.gone:
        yield f"has no row for {sample_id} any more; the sample stays as it is"


def _book() -> Sheets:
    return sheets_from(current_app.config, db.engine, time.sleep)


def _recognize(alphabet: str, ink: Ink) -> Prediction:
    prediction: Prediction = current_app.extensions["recognition"].recognizer(alphabet).recognize(ink)
    return prediction


def _show_troubles() -> None:
    for trouble in outbox.troubles(db.session()):
        click.echo(f"{trouble.num_rows} {trouble.state}: {trouble.reason}")


@contextmanager
def _in_words() -> Iterator[None]:
    """Errors as a sentence and exit code 1."""
    try:
        yield
    except (SheetsError, RecognitionError) as error:
        hint = " Try again in a minute." if isinstance(error, Busy) else ""
        raise click.ClickException(f"{error}{hint}") from error
