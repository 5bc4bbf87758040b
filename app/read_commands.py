"""`flask read`: folders of pictures and documents into one table, on every core."""

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from functools import cache, partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cells import csv_line, guarded
from app.intake.documents import DocumentLimits
from app.page_by_page import Reader, ReadPage, Upload, read_upload
from app.pages.expectations import Expectation
from app.pages.fields import parse_expectation
from app.pages.reader import PageReader
from app.recognition.errors import RecognitionError
from app.recognition.releases import releases_in
from app.recognition.service import RecognitionRoom
from app.transcripts import COLUMNS, Row

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".pdf")
"""What is read of a folder; a file that is named itself is read whatever it is called."""

FILES_AT_ONCE = 4
"""That a process is given: a file or two is too little to be worth the way."""


class NoTable(ValueError):
    """A file that is there is none of our tables."""


@click.command("read")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="FILE-OR-FOLDER…"
)
@click.option(
    "--expect", default="any", show_default=True, help="digits, letters, amount, … or a mask: 99/99/9999"
)
@click.option("--check", help="luhn or iban")
@click.option(
    "--csv",
    "table",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The table. Files that it has already are not read again.",
)
@click.option("--jobs", type=click.IntRange(1), help="Processes; without it, as many as there are cores.")
@click.pass_context
@with_appcontext
def read(
    context: click.Context,
    paths: tuple[Path, ...],
    expect: str,
    check: str | None,
    table: Path,
    jobs: int | None,
) -> None:
    """Read pictures and PDFs line by line into a table. Exit code 1: something could not be read."""
    try:
        current_app.extensions["recognition"].recognizer(parse_expectation(expect, check).alphabet.name)
        known = resume(table)
    except (RecognitionError, NoTable) as error:
        raise click.ClickException(str(error)) from error
    files = [path for path in files_in(paths) if guarded(str(path)) not in known]
    problems = []
    with table.open("a", encoding="utf-8", newline="") as out:
        if not out.tell():
            out.write(csv_line(COLUMNS))
        reading = _read_all(files, partial(_rows_of, expect=expect, check=check), jobs or os.cpu_count() or 1)
        with click.progressbar(reading, length=len(files), label="Reading") as bar:
            for rows in bar:
                out.write("".join(csv_line(astuple(row)) for row in rows))
                out.flush()
                problems += [row for row in rows if row.problem]
    _report(len(files), len(known), problems)
    context.exit(1 if problems else 0)


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Files that were named, and those in folders, however deep, that are called like a picture or a document."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        is_fit = {p: p == path or (p.is_file() and p.suffix.lower() in SUFFIXES) for p in inside}
        found |= {p: None for p in inside if is_fit[p]}
    return list(found)


def resume(table: Path) -> set[str]:
    """The files that the table has. The rows of the last one go: it may have been written in part when all stopped.

    Raises NoTable for a file that this command did not begin.
    """
    header = csv_line(COLUMNS).encode()
    content = table.read_bytes() if table.exists() else b""
    foreign = NoTable(f"{table} is no table of this command. Name another.")
    if not (content.startswith(header) or header.startswith(content)):
        raise foreign
    whole = content[: content.rfind(b"\n") + 1]  # no cell has a line break
    try:
        lines = list(io.StringIO(whole.decode(), newline=""))
        names = [row[0] for row in csv.reader(lines)]
    except (UnicodeDecodeError, IndexError) as error:
        raise foreign from error
    first_of_last = names.index(names[-1]) if len(names) > 1 else len(lines)
    table.write_bytes("".join(lines[:first_of_last]).encode())
    return set(names[1:first_of_last])


def _read_all(files: Sequence[Path], rows_of: Callable[[Path], list[Row]], jobs: int) -> Iterator[list[Row]]:
    """The rows of each file, in order."""
    settings = dict(current_app.config)
    jobs = min(jobs, -(-len(files) // FILES_AT_ONCE))
    if jobs <= 1:
        _desks[:] = [_Desk(current_app.extensions["pages"], DocumentLimits.from_settings(settings))]
        yield from map(rows_of, files)
        return
    limits = DocumentLimits.from_settings(settings)
    start = partial(_open_desk, releases_in(settings["INSTANCE_DIR"]), settings["INFERENCE_ENGINE"], limits)
    with ProcessPoolExecutor(jobs, initializer=start) as pool:
        yield from pool.map(rows_of, files, chunksize=FILES_AT_ONCE)


@dataclass(frozen=True)
class _Desk:
    """What a process needs to read."""

    reader: Reader
    limits: DocumentLimits


_desks: list[_Desk] = []
"""The one of this process."""


def _open_desk(releases: Path, engine: str, limits: DocumentLimits) -> None:
    room = RecognitionRoom(releases, engine)
    room.load()
    _desks[:] = [_Desk(PageReader(room), limits)]


def _rows_of(path: Path, expect: str, check: str | None) -> list[Row]:
    """One file's lines, or what is wrong with it."""
    try:
        upload = Upload(str(path), path.read_bytes())
    except OSError as error:
        return [Row(str(path), 1, 0, "", problem=str(error.strerror))]
    [desk] = _desks
    pages = read_upload(upload, desk.reader, _expectation(expect, check), desk.limits)
    return [row for page in pages for row in rows_of_page(page)]


@cache
def _expectation(expect: str, check: str | None) -> Expectation:
    """Made once: it remembers where it was before."""
    return parse_expectation(expect, check)


def rows_of_page(page: ReadPage) -> list[Row]:
    """A page's lines, or why there are none."""
    if page.reading is None:
        return [Row(page.name, page.number, 0, "", problem=str(page.problem))]
    return [
        Row(
            page.name,
            page.number,
            number,
            line.text,
            round(line.confidence, 4),
            sum(glyph.is_doubtful for glyph in line.glyphs),
        )
        for number, line in enumerate(page.reading.lines, 1)
    ]


def _report(num_files: int, num_known: int, problems: Sequence[Row]) -> None:
    click.echo(f"{num_files} files read, {num_known} were in the table already.")
    for row in problems:
        click.echo(f"{row.file}, page {row.page}: {row.problem}", err=True)
