"""Taking samples out: what trains, and a table without formulas."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import update

from app.extensions import db
from app.samples import export
from app.samples.archive import read_archive
from app.samples.export import COLUMNS, MOST_PER_DAY, accepted_archive, csv_lines, csv_of
from app.samples.review import ANY, Filters, in_order
from app.samples.tables import Sample
from app.samples.verdicts import ACCEPT, REJECT, RELABEL
from tests.samples.answers import LIKELY, UNLIKELY, answer, decide, sample
from tests.samples.readers import StubbornRoom
from tests.test_cells import PAYLOADS

TEXTS = ("alphabet", "accepted_label", "label", "predicted", "state", "release", "source", "visitor")


pytestmark = pytest.mark.usefixtures("database")


def read(lines: Iterator[str]) -> list[dict[str, str]]:
    """The rows, as a program that reads CSV gets them."""
    return list(csv.DictReader(io.StringIO("".join(lines), newline="")))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_reaches_the_table_as_a_formula(payload: str) -> None:
    samples = [sample(answer("7")) for _ in TEXTS]
    with (
        db.session.no_autoflush
    ):  # columns as short as these hold no such text, as far as the database looks at it
        for given, column in zip(samples, TEXTS, strict=True):
            setattr(given, column, payload)
        rows = read(csv_lines(samples))
    cells = [cell for row in rows for cell in row.values()]
    assert sum(cell.startswith("'") for cell in cells) == len(TEXTS)
    assert not [cell for cell in cells if cell.lstrip('"')[:1] in tuple("=+-@＝")]
    assert not [cell for cell in cells if any(sign in cell for sign in "\t\r\n\0")]


def test_a_table_says_all_there_is_of_a_sample() -> None:
    decided = answer(LIKELY, release="digit/4")
    decide(RELABEL, decided, label="5")
    (row,) = read(csv_of(db.engine, in_order(Filters(state=ANY))))
    assert tuple(row) == COLUMNS
    assert (row["sample"], row["trains_as"], row["label"], row["predicted"]) == (decided, "5", LIKELY, "7")
    assert (row["state"], row["release"], row["writer"], row["source"]) == (
        "accepted",
        "digit/4",
        "ada",
        "draw",
    )
    assert row["predicted_at"] == "2030-01-02T03:04:05+00:00"


def test_a_table_is_read_line_by_line() -> None:
    for _ in range(3):
        answer("7")
    lines = csv_of(db.engine, in_order(Filters()))
    assert next(lines).startswith("sample,alphabet,")
    assert sum(line.count("\r\n") for line in lines) == 3


def test_only_what_was_accepted_trains_as_the_reviewer_says() -> None:
    accepted, relabelled, rejected = answer("7"), answer(LIKELY), answer("7")
    answer("7"), answer(UNLIKELY)
    decide(ACCEPT, accepted)
    decide(RELABEL, relabelled, label="5")
    decide(REJECT, rejected)
    archive = accepted_archive(db.engine, "digit")
    assert archive.labels.tolist() == ["7", "5"]
    assert archive.images[0].tobytes() == sample(accepted).glyph
    assert archive.writers.tolist() == ["ada", "ada"]
    assert archive.strokes[0] is not None
    assert [line.tolist() for line in archive.strokes[0]] == sample(accepted).strokes
    assert len(accepted_archive(db.engine, "character")) == 0


def test_an_archive_is_made_without_an_app(app: Flask) -> None:
    decide(ACCEPT, answer("7", visitor=None, strokes=None, source="upload"))
    archive = accepted_archive(app.config["DATABASE_URL"], "digit")
    assert (archive.writers.tolist(), archive.strokes) == ([""], (None,))


def test_one_person_trains_no_more_than_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_PER_DAY == 200
    monkeypatch.setattr(export, "MOST_PER_DAY", 2)
    ids = [answer("7", visitor) for visitor in ("eve", "eve", "eve", "ada", None, None, None)]
    later = answer("7", "eve")
    tomorrow = sample(later).created_at + timedelta(days=1)
    db.session.execute(update(Sample).where(Sample.id == later).values(created_at=tomorrow))
    db.session.commit()
    decide(ACCEPT, *ids, later)
    assert accepted_archive(db.engine, "digit").writers.tolist() == ["eve", "eve", "ada", "", "", "", "eve"]


def test_commands_write_what_was_accepted(app: Flask, tmp_path: Path) -> None:
    decide(ACCEPT, answer("7"))
    answer("7")
    runner = app.test_cli_runner()
    for suffix in ("npz", "csv"):
        done = runner.invoke(
            args=["samples", "export", "--alphabet", "digit", str(tmp_path / f"out.{suffix}")]
        )
        assert done.exit_code == 0, done.output
    assert np.array_equal(read_archive(tmp_path / "out.npz").labels, ["7"])
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 2
    refused = runner.invoke(args=["samples", "export", "--alphabet", "digit", str(tmp_path / "out.txt")])
    assert refused.exit_code == 2


def test_commands_list_and_accept(app: Flask) -> None:
    new, quarantined = answer(LIKELY), answer(UNLIKELY)
    runner = app.test_cli_runner()
    listed = runner.invoke(args=["samples", "list"]).output.splitlines()
    assert [line.split()[0] for line in listed[:2]] == [quarantined, new]
    assert listed[2] == "1 new  1 quarantined  0 accepted  0 rejected"
    accepted = runner.invoke(args=["samples", "accept", "--alphabet", "digit"])
    assert accepted.output == "1 samples are accepted.\n"
    assert sample(new).state == "accepted"


def test_a_command_doubts_anew(app: Flask) -> None:
    app.extensions["recognition"] = StubbornRoom()
    given = answer("7")
    old = sample(given).doubt
    done = app.test_cli_runner().invoke(args=["samples", "doubt"])
    assert done.output == "1 samples wait; 0 of them went to quarantine now.\n"
    assert sample(given).doubt != old
