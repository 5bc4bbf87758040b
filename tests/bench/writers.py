"""Many processes that keep answers at once: none may be lost, none told that the database is locked.

`python -m tests.bench.writers --writers 16 --answers 100 [--database postgresql+psycopg://…]`. A relay works meanwhile.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from app import create_app
from app.config import ROOT
from app.extensions import Base, db
from app.samples.service import keep
from app.samples.tables import Delivery, Sample
from app.sheets.delivery import Relay
from app.sheets.rows import Cell
from tests.fakes import FakeRoom
from tests.sheets.desk import receipt

TIMEOUT_S = 600


class Drawer:
    """Takes every row at once, so that the relay writes to the database as often as it can."""

    def prepare(self, alphabet: str) -> None:
        pass

    def keys(self, alphabet: str) -> set[str]:  # noqa: ARG002
        return set()

    def append(self, alphabet: str, rows: list[list[Cell]]) -> None:
        pass


@dataclass(frozen=True)
class Outcome:
    """What was found afterwards."""

    acknowledged: int
    lost: int
    undelivered: int
    """Samples without a delivery."""
    failed: list[str]
    """What writers died of."""
    took_s: float


def run(folder: Path, writers: int, answers: int, database: str = "") -> Outcome:
    """Let `writers` processes keep `answers` each, and a relay send them meanwhile."""
    app = _app(folder, database)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        before = _count(Sample)
        started = time.monotonic()
        processes = [_writer(folder, database, answers) for _ in range(writers)]
        relay = Relay(db.engine, Drawer(), batch_rows=10)
        while any(process.poll() is None for process in processes) and time.monotonic() < started + TIMEOUT_S:
            with suppress(OperationalError):  # as its thread does; what was not noted is looked up later
                list(relay.deliver())
            time.sleep(0.01)
        took_s = time.monotonic() - started
        ends = [process.communicate() for process in processes]
        acknowledged = sum(int(out or 0) for out, _ in ends)
        num_samples, num_deliveries = _count(Sample), _count(Delivery)
        db.engine.dispose()
        return Outcome(
            acknowledged=acknowledged,
            lost=acknowledged - (num_samples - before),
            undelivered=num_samples - num_deliveries,
            failed=[error.strip().splitlines()[-1] for _, error in ends if error.strip()],
            took_s=round(took_s, 1),
        )


def write(folder: Path, database: str, answers: int) -> None:
    """What a writer does: it prints how many answers were acknowledged."""
    acknowledged = 0
    try:
        with _app(folder, database).app_context():
            for _ in range(answers):
                keep(receipt(), "7")
                acknowledged += 1
    finally:
        print(acknowledged)


def _app(folder: Path, database: str) -> Flask:
    settings = {"INSTANCE_DIR": str(folder), "DATABASE_URL": database, "RECOGNITION": FakeRoom()}
    return create_app({**settings, "SHEETS_RELAY": "off", "MAIL_RELAY": "off"})


def _count(table: type[Sample | Delivery]) -> int:
    number = db.session.scalar(select(func.count()).select_from(table)) or 0
    db.session.rollback()
    return number


def _writer(folder: Path, database: str, answers: int) -> subprocess.Popen[str]:
    arguments = ["-m", "tests.bench.writers", "--write", str(folder), "--answers", str(answers)]
    return subprocess.Popen(
        [sys.executable, *arguments, "--database", database],
        cwd=ROOT,
        env=os.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--database", default="")
    parser.add_argument("--write", metavar="FOLDER", help="be a writer")
    options = parser.parse_args()
    if options.write:
        write(Path(options.write), options.database, options.answers)
        return
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), options.writers, options.answers, options.database)
    print(outcome)
    if outcome.lost or outcome.undelivered or outcome.failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
