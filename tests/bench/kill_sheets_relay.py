"""kill -9 the relay to Google Sheets again and again while it works; each row must arrive, and once.

`python -m tests.bench.kill_sheets_relay --kills 50`. Each relay lives when the lease of the one before has ended, and
waits for no turn: how many requests it makes is measured in tests/bench/sheets_load.py.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app import create_app, database
from app.config import ROOT
from app.database import now
from app.extensions import Base, db
from app.samples.service import keep
from app.samples.tables import Delivery
from app.sheets.delivery import LEASE, Relay
from app.sheets.spreadsheet import Sheets
from app.sheets.target import Target
from tests.fakes import FakeRoom
from tests.sheets.desk import receipt
from tests.sheets.google import Google
from tests.sheets.google_account import account

ROWS_PER_KILL = 12
BATCH_ROWS = 4
MOST_STEPS = 20
"""About what an undisturbed relay makes of requests, before and after: so a kill can be anywhere."""
LONGEST_DELAY_S = 0.03
TIMEOUT_S = 300


class Killer:
    """Kills whoever makes requests, some steps after it began, at once or a little later."""

    def __init__(self, rng: random.Random) -> None:
        self.victim: subprocess.Popen[bytes] | None = None
        self._rng = rng
        self._steps_left = 0

    def aim(self, victim: subprocess.Popen[bytes]) -> None:
        self._steps_left = self._rng.randint(1, MOST_STEPS)
        self.victim = victim

    def step(self, _when: str) -> None:
        self._steps_left -= 1
        if self.victim and self._steps_left == 0:
            delay_s = self._rng.choice([0, self._rng.uniform(0, LONGEST_DELAY_S)])
            threading.Timer(delay_s, self.victim.kill).start() if delay_s else self.victim.kill()


@dataclass(frozen=True)
class Outcome:
    """What was found afterwards."""

    kept: int
    killed: int
    """Relays that died in the middle of their work."""
    in_doubt: int
    """How often a relay found rows of a dead one in the spreadsheet already, or looked for them in vain."""
    lost: int
    doubled: int
    unsent: int
    """Rows that do not say "sent"."""


def run(folder: Path, kills: int, seed: int = 0, database_url: str = "") -> Outcome:
    """Start a relay `kills` times, kill each at a random point, and let a last one finish."""
    google, killer = Google(folder, quota=10**9), Killer(random.Random(seed))
    google.on_request = killer.step
    google.make()
    settings = {"INSTANCE_DIR": str(folder), "DATABASE_URL": database_url, "RECOGNITION": FakeRoom()}
    app = create_app({**settings, "SHEETS_RELAY": "off"})
    url = app.config["DATABASE_URL"]
    with google.running(), app.app_context():
        Base.metadata.create_all(db.engine)
        kept: list[str] = []
        killed = 0
        generation = 0
        while killed < kills:  # one that was done before it was its turn does not count
            kept += [keep(receipt(), "7").sample_id for _ in range(ROWS_PER_KILL)]
            process = _relay(google, url, generation)
            killer.aim(process)
            killed += process.wait(TIMEOUT_S) == -signal.SIGKILL
            generation += 1
        killer.victim = None
        _relay(google, url, generation).wait(TIMEOUT_S)
        outcome = _compare(google, kept, killed)
        db.engine.dispose()
    return outcome


def deliver(url: str, generation: int) -> None:
    """What a relay process does."""
    engine = create_engine(url)
    database.set_up(engine)
    worksheets = {"digit": "Digit", "character": "Character", "combined": "Combined"}
    target = Target(os.environ["GOOGLE_CREDENTIALS"], "Handwriting-recognition", "", worksheets)
    sheets = Sheets(target, lambda: None, lambda _seconds: None)
    list(Relay(engine, sheets, lambda: now() + (generation + 1) * LEASE, BATCH_ROWS).deliver())


def _relay(google: Google, url: str, generation: int) -> subprocess.Popen[bytes]:
    arguments = ["-m", "tests.bench.kill_sheets_relay", "--relay", url, str(generation)]
    environment = {**os.environ, **google.environment, "GOOGLE_CREDENTIALS": account().key_file}
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=environment)


def _compare(google: Google, kept: list[str], killed: int) -> Outcome:
    arrived = Counter(row[0] for row in google.worksheet("Digit").rows[1:])
    with Session(db.engine) as session:
        unsent = session.scalar(select(func.count()).where(Delivery.state != "sent")) or 0
    return Outcome(
        kept=len(kept),
        killed=killed,
        in_doubt=sum(call.what.endswith("!A1:A") for call in google.calls),
        lost=len(set(kept) - arrived.keys()),
        doubled=sum(times > 1 for times in arrived.values()),
        unsent=unsent,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--relay", nargs=2, metavar=("URL", "GENERATION"), help="be a relay")
    options = parser.parse_args()
    if options.relay:
        url, generation = options.relay
        deliver(url, int(generation))
        return
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), options.kills, options.seed)
    print(outcome)
    if outcome.lost or outcome.doubled or outcome.unsent:
        sys.exit(1)


if __name__ == "__main__":
    main()
