"""`flask samples …`: what people answered, for whoever runs the server."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.orm import Session

from app.database import WRITES
from app.extensions import db
from app.recognition.alphabets import ALPHABETS
from app.samples.archive import write_archive
from app.samples.doubt import NEWCOMER, share_against
from app.samples.export import accepted_archive, csv_of
from app.samples.review import CHOICES, WAITING, Filters, counts, in_order
from app.samples.tables import ACCEPTED, STATES
from app.samples.verdicts import accept_below, reconsider

samples = AppGroup("samples", help="Look at what people answered, decide about it, take it out.")

alphabet_option = click.option("--alphabet", type=click.Choice(list(ALPHABETS)), required=True)


@samples.command("list")
@click.option("--alphabet", type=click.Choice(list(ALPHABETS)), default=None, help="Only these; else all.")
@click.option("--state", type=click.Choice(CHOICES), default=WAITING, show_default=True)
@click.option("--limit", default=50, show_default=True, help="How many, the most doubtful first.")
def list_samples(alphabet: str | None, state: str, limit: int) -> None:
    """List samples, and say how many are in each state."""
    filters = Filters(alphabet=alphabet or "", state=state)
    for each in db.session.scalars(in_order(filters).limit(limit)):
        doubt = "   ?" if each.doubt is None else f"{each.doubt:.2f}"
        click.echo(
            f"{each.id}  {each.alphabet:<9}  {each.predicted} → {each.label}  {doubt}  {each.state:<11}  {each.release}"
        )
    by_state = counts(db.session(), filters)
    click.echo("  ".join(f"{by_state[state]} {state}" for state in STATES))


@samples.command("export")
@alphabet_option
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
def export(alphabet: str, path: Path) -> None:
    """Write the accepted samples to an archive (.npz) that training reads, or to a table (.csv)."""
    if path.suffix == ".npz":
        archive = accepted_archive(db.engine, alphabet)
        write_archive(path, archive)
        click.echo(f"{path}: {len(archive)} samples")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_of(db.engine, in_order(Filters(alphabet=alphabet, state=ACCEPTED))))
    else:
        raise click.BadParameter(f"{path.name} must end in .npz or .csv.")


@samples.command("doubt")
def doubt() -> None:
    """Doubt all that waits anew, by the current releases and by what was decided meanwhile."""
    room = current_app.extensions["recognition"]
    num_samples, num_quarantined = reconsider(db.engine, room.recognizer)
    click.echo(f"{num_samples} samples wait; {num_quarantined} of them went to quarantine now.")


@samples.command("accept")
@alphabet_option
@click.option(
    "--doubt-below",
    type=click.FloatRange(0, 1),
    default=round(share_against(0.0, NEWCOMER) + 0.005, 2),
    show_default=True,
    help="As of the review page. The default takes any answer of somebody whose answers were not found wrong.",
)
def accept(alphabet: str, doubt_below: float) -> None:
    """Accept what waits, by a rule instead of a person. What is in quarantine stays there."""
    with Session(db.engine.execution_options(**WRITES)) as session:
        number = accept_below(session, alphabet, doubt_below)
        session.commit()
    click.echo(f"{number} samples are accepted.")
