"""`make demo-loop`: the whole learning loop on real ink, against a running server, in one command.

Made-up people write digits turned by 30°, steeply slanted, with thin and thick pens; what the shipped network reads
wrong they correct, the rest they confirm. All is accepted, the network is retrained, compared and released; the server
goes over to it while clients keep calling; and goes back. Exit code 1 unless everything held.
"""

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.recognition.alphabets import DIGITS
from app.recognition.pictures import png_bytes
from app.samples.tables import Sample
from app.samples.verdicts import ACCEPT, judge
from app.training.dummy_data import Style, fill, write
from app.training.recipes import held_out_images
from app.training.visitor import Visitor
from tests.bench.server import serving

DRAWINGS_EACH = 40
NUM_PROBES = 100
NUM_CLIENTS = 4
PAUSE_S = 0.05
PICKED_UP_WITHIN_S = 5.0
RETRAINED_WITHIN_S = 300.0
SETTINGS = {
    "APP_ENV": "development",
    "RECOGNIZE_RATE_LIMIT": "",
    "FEEDBACK_RATE_LIMIT": "",
    "MAIL_RELAY": "off",
}


@dataclass
class Clients:
    """Threads that keep asking; which release answered, when, and what went wrong."""

    port: int
    body: bytes
    answers: list[tuple[float, str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def asking(self) -> Iterator["Clients"]:
        done = threading.Event()
        threads = [threading.Thread(target=self._ask, args=(done,)) for _ in range(NUM_CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            done.set()
            for thread in threads:
                thread.join()

    def picked_up_after(self, moment: float, release: str) -> float:
        """Seconds from `moment` on until no other release answers; waits for it. Raises TimeoutError."""
        deadline = time.time() + 60
        while time.time() < deadline:
            time.sleep(PICKED_UP_WITHIN_S)
            others = [at for at, name in self.answers if at > moment and name != release]
            if (
                self.answers[-1][1] == release
                and time.time() - max(others, default=moment) > PICKED_UP_WITHIN_S
            ):
                return max(others, default=moment) - moment
        raise TimeoutError(f"{release} does not answer")

    def _ask(self, done: threading.Event) -> None:
        while not done.wait(PAUSE_S):
            try:
                release = ask(self.port, self.body)["release"]
                self.answers.append((time.time(), str(release)))
            except (OSError, ValueError, KeyError) as error:
                self.errors.append(repr(error))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.demo_loop", description=__doc__)
    parser.add_argument("--corrections", type=int, default=300)
    parser.add_argument("--people", type=int, default=250, help="at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--instance", type=Path, help="folder to keep (default: one that is thrown away)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        raise SystemExit(0 if run(args.instance or Path(folder), args) else 1)


def run(instance: Path, args: argparse.Namespace) -> bool:
    """The loop, told as it goes; whether everything held."""
    instance.mkdir(parents=True, exist_ok=True)
    flask(instance, "db", "upgrade")
    with serving("main:app", instance, **SETTINGS) as (port, _master):
        give_feedback(port, args)
        accept_all(instance)
        questions = probes(args.seed)
        before = [ask(port, question) for question in questions]
        with Clients(port, questions[0]).asking() as clients:
            is_released, is_quick = retrain(instance)
            held = [is_released, is_quick]
            if not is_released:
                return False
            pointer = instance / "releases/digit/current"
            held.append(check_pick_up(clients, pointer, f"digit/{pointer.read_text().split()[0]}"))
            held.append(
                told("the new release answers otherwise", before != [ask(port, q) for q in questions])
            )
            flask(instance, "releases", "rollback", "digit")
            held.append(check_pick_up(clients, pointer, str(before[0]["release"])))
            same = before == [ask(port, question) for question in questions]
            held.append(told(f"rolled back: {NUM_PROBES} answers are the same to the last byte", same))
        print(f"{len(clients.answers):,} requests meanwhile")
        held.append(told(f"errors: {len(clients.errors)} {clients.errors[:1]}", not clients.errors))
    return all(held)


def give_feedback(port: int, args: argparse.Namespace) -> None:
    rng = np.random.default_rng(args.seed)
    styles = [
        Style(30.0, float(rng.choice((-0.5, 0.5))), str(rng.choice(("thin", "thick"))))
        for _ in range(args.people)
    ]
    tally = fill(
        lambda: Visitor(f"http://127.0.0.1:{port}"),
        "digit",
        held_out_images(DIGITS),
        styles,
        DRAWINGS_EACH,
        seed=args.seed,
        corrections=args.corrections,
    )
    print(f"{tally.drawings:,} drawings: {tally.corrected} corrected, {tally.confirmed:,} confirmed")


def accept_all(instance: Path) -> None:
    """What a reviewer does who agrees with everybody."""
    engine = create_engine(f"sqlite:///{instance / 'samples.sqlite'}")
    with Session(engine) as session:
        chosen = session.scalars(select(Sample.id)).all()
        for start in range(0, len(chosen), 500):
            judge(session, chosen[start : start + 500], ACCEPT, reviewer_id=None)
        session.commit()
    print(f"{len(chosen):,} samples accepted")


def retrain(instance: Path) -> tuple[bool, bool]:
    """By the command that an owner would use, whose output is shown: whether it released, and quickly enough."""
    command = ["-m", "app.training.retrain_model", "digit", "--from-database", "--with-dummy"]
    started, cpu = time.monotonic(), os.times()
    code = python(instance, command)
    seconds, after = time.monotonic() - started, os.times()
    cpu_s = after.children_user + after.children_system - cpu.children_user - cpu.children_system
    is_quick = told(
        f"retrained and judged in {seconds:.0f} s ({cpu_s:.0f} s of CPU)", seconds <= RETRAINED_WITHIN_S
    )
    return told(f"exit code {code}: released", code == 0), is_quick


def check_pick_up(clients: Clients, pointer: Path, release: str) -> bool:
    seconds = clients.picked_up_after(pointer.stat().st_mtime, release)
    return told(
        f"{release} alone answers {seconds:.1f} s after it became current", seconds <= PICKED_UP_WITHIN_S
    )


def probes(seed: int) -> list[bytes]:
    """Questions: digits in some other hand."""
    images, rng = held_out_images(DIGITS), np.random.default_rng((seed, 1))
    drawn = [
        write(images.images[i], Style(30.0, 0.5, "thin"), rng)
        for i in rng.integers(len(images), size=NUM_PROBES)
    ]
    urls = ["data:image/png;base64," + base64.b64encode(png_bytes(ink)).decode() for ink in drawn]
    return [json.dumps({"alphabet": "digit", "image": url}).encode() for url in urls]


def ask(port: int, body: bytes) -> dict[str, object]:
    """What the server answers, but for the receipt: that holds the time."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/api/v1/recognize", body)
    request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return {name: value for name, value in json.load(answer).items() if name != "receipt"}


def flask(instance: Path, *arguments: str) -> None:
    code = python(instance, ["-m", "flask", "--app", "main", *arguments])
    assert code == 0, f"flask {' '.join(arguments)} failed"


def python(instance: Path, arguments: list[str]) -> int:
    environment = {**os.environ, **SETTINGS, "INSTANCE_DIR": str(instance)}
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, check=False).returncode


def told(what: str, holds: bool) -> bool:
    print(("holds: " if holds else "DOES NOT HOLD: ") + what, flush=True)
    return holds


if __name__ == "__main__":
    main()
