"""kill -9 the server again and again while clients give answers; nothing acknowledged may be lost.

`python -m tests.bench.kill_server --kills 50 --clients 8`
"""

import argparse
import http.client
import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.config import ROOT
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from app.samples.receipts import ReceiptBook
from tests.fakes import SEVEN, FakeRoom

SECRET_KEY = "known to the clients, so that they can write receipts themselves"
TIMEOUT_S = 10
RETRY_AFTER_S = 0.05


@dataclass
class Server:
    """Two gunicorn workers in a process group of their own, on one port and one instance folder."""

    instance: Path
    port: int = field(init=False)

    def __post_init__(self) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            self.port = listener.getsockname()[1]
        self._run("-m", "flask", "--app", "main", "db", "upgrade").wait(TIMEOUT_S * 3)

    def start(self) -> None:
        """Start, and return when it answers."""
        address = f"127.0.0.1:{self.port}"
        self.process = self._run("-m", "gunicorn", "main:app", "--bind", address, "--workers", "2")
        while self.process.poll() is None and not self._answers():
            threading.Event().wait(RETRY_AFTER_S)

    def kill(self) -> None:
        """kill -9, master and workers at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _answers(self) -> bool:
        try:
            with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)) as connection:
                connection.request("GET", "/healthz")
                return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        settings = {"INSTANCE_DIR": str(self.instance), "SECRET_KEY": SECRET_KEY, "FEEDBACK_RATE_LIMIT": ""}
        with (self.instance / "server.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env={**os.environ, **settings},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@dataclass
class Clients:
    """Threads that give one answer after another, and remember which were acknowledged."""

    port: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    """Label by sample id."""

    def __post_init__(self) -> None:
        self._more = threading.Condition()
        self._done = threading.Event()
        self._book = ReceiptBook(SECRET_KEY, max_age_s=0)
        ink = ink_from_strokes(parse_strokes(SEVEN, StrokeLimits()))
        self._prediction = FakeRoom().recognizer("digit").recognize(ink)

    def start(self, number: int) -> None:
        self._threads = [threading.Thread(target=self._work, args=(n,), daemon=True) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def wait_for(self, more: int) -> None:
        """Return when `more` answers beyond those so far were acknowledged."""
        with self._more:
            enough = len(self.acknowledged) + more
            if not self._more.wait_for(lambda: len(self.acknowledged) >= enough, TIMEOUT_S * 3):
                raise TimeoutError(f"The server acknowledged nothing for {TIMEOUT_S * 3} seconds.")

    def stop(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _work(self, seed: int) -> None:
        rng = random.Random(seed)
        while not self._done.is_set():
            with suppress(OSError, http.client.HTTPException):  # the server was just killed: try the next one
                self._answer_until_killed(rng)
            self._done.wait(RETRY_AFTER_S)

    def _answer_until_killed(self, rng: random.Random) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)) as connection:
            connection.request("GET", "/csrf-token")
            answer = connection.getresponse()
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
            headers = {"Cookie": cookie, "X-CSRFToken": json.loads(answer.read())["csrf_token"]}
            while not self._done.is_set():
                label = str(rng.randrange(10))
                fields = {"receipt": self._book.issue(self._prediction), "correct": "no", "label": label}
                connection.request(
                    "POST", "/feedback", json.dumps(fields), {**headers, "Content-Type": "application/json"}
                )
                answer = connection.getresponse()
                body = json.loads(answer.read())
                if answer.status != 200:
                    raise AssertionError(f"The server refused an answer with {answer.status}: {body}")
                with self._more:
                    self.acknowledged[body["sample"]] = label
                    self._more.notify_all()


@dataclass(frozen=True)
class Outcome:
    """What was found afterwards."""

    acknowledged: int
    lost: int
    undelivered: int
    """Acknowledged samples without a delivery row."""
    integrity: str


def run(instance: Path, kills: int, clients: int, seed: int = 0) -> Outcome:
    """Kill the server `kills` times, each a few answers after it came up, and look into the database."""
    rng = random.Random(seed)
    server = Server(instance)
    people = Clients(server.port)
    server.start()
    people.start(clients)
    try:
        for _ in range(kills):
            people.wait_for(rng.randint(1, 5 * clients))
            server.kill()
            server.start()
        people.wait_for(1)
    finally:
        people.stop()
        server.kill()
    return inspect(instance / "samples.sqlite", people.acknowledged)


def inspect(path: Path, acknowledged: dict[str, str]) -> Outcome:
    """Compare what was acknowledged with what is in the file."""
    with closing(sqlite3.connect(path)) as database:
        labels = dict(database.execute("SELECT id, label FROM samples"))
        deliveries = {row[0] for row in database.execute("SELECT sample_id FROM deliveries")}
        integrity = str(database.execute("PRAGMA integrity_check").fetchone()[0])
    return Outcome(
        acknowledged=len(acknowledged),
        lost=sum(labels.get(sample) != label for sample, label in acknowledged.items()),
        undelivered=len(labels.keys() ^ deliveries),
        integrity=integrity,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(Path(folder), options.kills, options.clients, options.seed)
    print(f"{options.kills} kills, {options.clients} clients: {outcome}")
    if outcome.lost or outcome.undelivered or outcome.integrity != "ok":
        sys.exit(1)


if __name__ == "__main__":
    main()
