"""kill -9 a relay again and again while it sends; no mail may be lost, and a double has the same Message-ID.

`python -m tests.bench.kill_relay --kills 30`
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from aiosmtpd.smtp import SMTP
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from app import create_app, database
from app.config import ROOT
from app.database import now
from app.extensions import Base, db
from app.mail.queue import queue_mail
from app.mail.relay import LEASE, Relay
from app.mail.tables import Mail
from app.mail.transports import SmtpServer
from tests.fakes import FakeRoom
from tests.mail.post_office import PostOffice

SENDER = "legible@example.org"
MAILS_PER_KILL = 8
LONGEST_DELAY_S = 0.03
TIMEOUT_S = 100


class Killer(PostOffice):
    """Takes every mail, and kills whoever brings it some steps after the connection, at once or a little later."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.victim: subprocess.Popen[bytes] | None = None
        self._rng = rng
        self._steps_left = 0

    def aim(self, victim: subprocess.Popen[bytes]) -> None:
        self._steps_left = self._rng.randint(1, 2 * MAILS_PER_KILL)
        self.victim = victim

    def step(self, server: SMTP) -> None:
        self._steps_left -= 1
        if self.victim and self._steps_left == 0:
            delay_s = self._rng.choice([0, self._rng.uniform(0, LONGEST_DELAY_S)])
            server.loop.call_later(delay_s, self.victim.kill) if delay_s else self.victim.kill()


@dataclass(frozen=True)
class Outcome:
    """What was found afterwards."""

    queued: int
    killed: int
    """Relays that died in the middle of their work."""
    lost: int
    doubled: int
    """Mails that arrived more than once, byte for byte the same."""
    unlike: int
    """Mails that arrived as another message than at first, or with another Message-ID than in the queue."""
    waiting: int
    """Rows that do not say "sent"."""


def run(instance: Path, kills: int, seed: int = 0, database_url: str = "") -> Outcome:
    """Start a relay `kills` times, kill each at a random point, and let a last one finish."""
    office = Killer(random.Random(seed))
    settings = {"INSTANCE_DIR": str(instance), "DATABASE_URL": database_url, "RECOGNITION": FakeRoom()}
    app = create_app({**settings, "MAIL_RELAY": "off"})
    office.open()
    try:
        with app.app_context():
            Base.metadata.create_all(db.engine)
            queued = _queue(kills * MAILS_PER_KILL)
            killed = sum(_start_and_kill(office, app.config["DATABASE_URL"], n) for n in range(kills))
            office.victim = None
            _relay(app.config["DATABASE_URL"], office.port, kills).wait(TIMEOUT_S)
            return _compare(queued, killed, office)
    finally:
        office.close()
        with app.app_context():
            db.engine.dispose()


def deliver(url: str, port: int, generation: int) -> None:
    """What a relay process does. Each lives when the lease of the one before has ended."""
    engine = create_engine(url)
    database.set_up(engine)
    server = SmtpServer("127.0.0.1", port, "none", SENDER)
    list(Relay(engine, server, SENDER, lambda: now() + (generation + 1) * LEASE).deliver())


def _queue(number: int) -> dict[str, str]:
    """Queue mails; their Message-IDs by recipient."""
    with Session(db.engine) as session:
        people = [f"person{n}@example.com" for n in range(number)]
        queued = {to: queue_mail(session, to, "Hello", "text", "<p>html</p>").message_id for to in people}
        session.commit()
    return queued


def _start_and_kill(office: Killer, url: str, generation: int) -> bool:
    """Whether the relay was killed, rather than done before."""
    process = _relay(url, office.port, generation)
    office.aim(process)
    return process.wait(TIMEOUT_S) == -signal.SIGKILL


def _relay(url: str, port: int, generation: int) -> subprocess.Popen[bytes]:
    arguments = ["-m", "tests.bench.kill_relay", "--relay", url, str(port), str(generation)]
    return subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=os.environ)


def _compare(queued: dict[str, str], killed: int, office: PostOffice) -> Outcome:
    arrived = Counter(taken.recipients[0] for taken in office.taken)
    contents = {(taken.recipients[0], taken.content) for taken in office.taken}
    with Session(db.engine) as session:
        waiting = session.scalar(select(func.count()).where(Mail.state != "sent")) or 0
    return Outcome(
        queued=len(queued),
        killed=killed,
        lost=len(queued.keys() - arrived.keys()),
        doubled=sum(times > 1 for times in arrived.values()),
        unlike=len(contents)
        - len(arrived)
        + sum(queued[taken.recipients[0]] != taken.message_id for taken in office.taken),
        waiting=waiting,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--relay", nargs=3, metavar=("URL", "PORT", "GENERATION"), help="be a relay")
    options = parser.parse_args()
    if options.relay:
        url, port, generation = options.relay
        deliver(url, int(port), int(generation))
        return
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), options.kills, options.seed)
    print(outcome)
    if outcome.lost or outcome.unlike or outcome.waiting:
        sys.exit(1)


if __name__ == "__main__":
    main()
