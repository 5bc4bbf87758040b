"""1,000 answers at 50 a second, while Google fails in every way: each must arrive once, and nobody wait for it.

`python -m tests.bench.sheets_load --answers 1000 --rate 50`. Two gunicorn workers with their own relays, the clock of
this world, and the stand-in for Google, which counts requests and refuses those above its quota. A second server,
without credentials, gets as many answers at the same time, to compare how long people wait.
"""

import argparse
import http.client
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

from app.config import ROOT
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from app.samples.receipts import ReceiptBook
from app.sheets.rows import HEADER
from tests.bench.server import serving
from tests.fakes import SEVEN, FakeRoom
from tests.sheets.google import FAULTS, QUOTA_PER_MINUTE, Google
from tests.sheets.google_account import account

SECRET_KEY = "known to the clients, so that they can write receipts themselves"
NUM_CLIENTS = 16
PATIENCE_S = 1_800
WARM_UP = 100


@dataclass
class Answers:
    """What people sent, and how long each waited for the thanks."""

    kept: list[str]
    waited_ms: dict[int, float]
    """By the number of the answer; those with the same number were due at the same time."""
    refused: list[str]

    def __str__(self) -> str:
        cuts = statistics.quantiles(self.waited_ms.values(), n=100)
        return ", ".join(f"{n} % {cuts[n - 1]:.1f} ms" for n in (10, 25, 50, 75, 95, 99))

    def more_than(self, other: "Answers") -> str:
        """How much longer than there: the median of the differences, and its 95 % interval by order statistics."""
        more = sorted(self.waited_ms[n] - other.waited_ms[n] for n in self.waited_ms)
        middle, reach = len(more) / 2, 0.98 * len(more) ** 0.5
        low, high = more[int(middle - reach)], more[min(int(middle + reach), len(more) - 1)]
        return f"{statistics.median(more):+.1f} ms ({low:+.1f} … {high:+.1f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=50, help="answers a second")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        google = Google(Path(folder))
        google.make()
        # the worksheet is lost before any row is in doubt
        google.faults.extend(["", *sorted(FAULTS, reverse=True)])
        with google.running():
            answers = measure(Path(folder), google, options.answers, options.rate)
    sys.exit(0 if report(google, answers) else 1)


def measure(folder: Path, google: Google, number: int, rate: int) -> Answers:
    """Send answers to a server with Sheets and to one without, both at once; the former, when all are delivered."""
    on = {"GOOGLE_CREDENTIALS": account().key_file, **google.environment}
    with prepared(folder / "with", on) as with_sheets, prepared(folder / "without", {}) as without:
        for port in (with_sheets, without):
            send(port, WARM_UP, rate, time.monotonic() + 2)
        with ThreadPoolExecutor(2) as both:
            begin = time.monotonic() + 2
            sent = [both.submit(send, port, number, rate, begin) for port in (with_sheets, without)]
        ours, others = (each.result() for each in sent)
        print(f"without Sheets people wait {others}\nwith Sheets they wait      {ours}")
        print(f"which is longer by {ours.more_than(others)}", flush=True)
        print(f"delivered {wait_until_sent(folder / 'with' / 'samples.sqlite'):.0f} s after the last answer")
    return ours


@contextmanager
def prepared(instance: Path, more: dict[str, str]) -> Iterator[int]:
    """The port of a server with its tables."""
    instance.mkdir()
    upgrade = [sys.executable, "-m", "flask", "--app", "main", "db", "upgrade"]
    environment = {**os.environ, "INSTANCE_DIR": str(instance)}
    subprocess.run(upgrade, cwd=ROOT, env=environment, check=True, stderr=subprocess.DEVNULL)
    settings = {"SECRET_KEY": SECRET_KEY, "FEEDBACK_RATE_LIMIT": "", **more}
    with serving("main:app", instance, **settings) as (port, _):
        yield port


def send(port: int, number: int, rate: int, begin: float) -> Answers:
    """`number` answers, one every 1/rate seconds from `begin` on, by whoever of the clients is free."""
    answers, due = Answers([], {}, []), Queue[tuple[int, float]]()
    for n in range(number):
        due.put((n, begin + n / rate))
    clients = [threading.Thread(target=_client, args=(port, due, answers)) for _ in range(NUM_CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return answers


def _client(port: int, due: Queue[tuple[int, float]], answers: Answers) -> None:
    book = ReceiptBook(SECRET_KEY, max_age_s=0)
    prediction = (
        FakeRoom().recognizer("digit").recognize(ink_from_strokes(parse_strokes(SEVEN, StrokeLimits())))
    )
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request("GET", "/csrf-token")
        answer = connection.getresponse()
        headers = {
            "Cookie": answer.headers["Set-Cookie"].partition(";")[0],
            "X-CSRFToken": json.loads(answer.read())["csrf_token"],
            "Content-Type": "application/json",
        }
        while True:
            try:
                number, at = due.get_nowait()
            except Empty:
                return
            body = json.dumps({"receipt": book.issue(prediction), "correct": "no", "label": "1"})
            time.sleep(max(0, at - time.monotonic()))
            started = time.perf_counter()
            connection.request("POST", "/feedback", body, headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
            answers.waited_ms[number] = (time.perf_counter() - started) * 1000
            if answer.status == 200:
                answers.kept.append(said["sample"])
            else:
                answers.refused.append(f"{answer.status} {said}")


def wait_until_sent(path: Path) -> float:
    """Seconds until no delivery waits any more."""
    started = time.monotonic()
    with closing(sqlite3.connect(path, timeout=60)) as database:
        while time.monotonic() < started + PATIENCE_S:
            [(left,)] = database.execute(
                "SELECT count(*) FROM deliveries WHERE state IN ('waiting', 'sending')"
            )
            if left == 0:
                break
            time.sleep(1)
    return time.monotonic() - started


def report(google: Google, answers: Answers) -> bool:
    """Print what arrived, and whether it is what it has to be."""
    rows = google.worksheet("Digit").rows[1:] + [row for lost in google.lost for row in lost.rows[1:]]
    arrived = Counter(row[0] for row in rows)
    lost, doubled = len(set(answers.kept) - arrived.keys()), sum(times > 1 for times in arrived.values())
    askew = sum(len(row) != len(HEADER) or row[2:6] != ["7", 0.9, "1", "digit"] for row in rows)
    busiest = google.calls_in_busiest_minute()
    print(
        f"{len(answers.kept)} kept, {len(answers.refused)} refused, {lost} lost, {doubled} doubled, {askew} askew; "
        f"{len(google.calls)} requests, at most {busiest} in a minute; faults left: {list(google.faults)}"
    )
    return not (answers.refused or lost or doubled or askew or google.faults) and busiest <= QUOTA_PER_MINUTE


if __name__ == "__main__":
    main()
