"""Accounts under load: many people at once, and a flood of sign-ins beside recognition; SQLite, then PostgreSQL.

`python -m tests.bench.accounts_load [--people 16] [--requests 6000]`
"""

import argparse
import itertools
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from app.config import ROOT
from app.mail.tables import Mail
from tests.bench.__main__ import PNG_REQUEST
from tests.bench.load import run_load
from tests.bench.server import serving
from tests.fakes import SEVEN
from tests.postgres import postgres

PASSWORD = "correct horse battery"
NUM_CLIENTS = 16
NUM_FLOODERS = 16
UNLIMITED = dict.fromkeys(
    ("RECOGNIZE_RATE_LIMIT", "FEEDBACK_RATE_LIMIT", "LOGIN_RATE_LIMIT", "ACCOUNT_RATE_LIMIT"), ""
)
"""As if everybody came from an address of their own."""
SETTINGS = {"APP_ENV": "development", "SITE_URL": "http://127.0.0.1", "MAIL_RELAY": "off", **UNLIMITED}
FLOOD_PER_S = 100
"""Passwords tried: several cores' worth, if all were computed."""


@dataclass
class Browser:
    """One person at one server, with cookies."""

    port: int
    address: str
    errors: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)
    cookies: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def open(self, step: str, path: str, data: bytes | None = None, kind: str = "") -> str:
        """The page that a request leads to; its time and, if it fails, its error are noted."""
        headers = {"Content-Type": kind} if kind else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data, headers)
        started = time.perf_counter()
        try:
            with self._opener.open(request, timeout=60) as answer:
                return str(answer.read().decode())
        except (urllib.error.HTTPError, OSError) as error:
            self.errors.append(f"{step}: {error}")
            return ""
        finally:
            self.seconds[step] = time.perf_counter() - started

    def send(self, step: str, path: str, **fields: str) -> str:
        """Send a form with its token."""
        token = json.loads(self.open("token", "/csrf-token") or '{"csrf_token": ""}')["csrf_token"]
        return self.open(step, path, urllib.parse.urlencode({"csrf_token": token, **fields}).encode())

    def live(self, engine: Engine, start: threading.Barrier) -> None:
        """Register, confirm, sign in, draw, and say that it was right."""
        start.wait()
        self.send(
            "register", "/account/register", email=self.address, password=PASSWORD, password_confirm=PASSWORD
        )
        self.send("confirm", self._link(engine))
        page = self.send("login", "/account/login", email=self.address, password=PASSWORD)
        if self.address not in page:
            self.errors.append("is not signed in")
        question = json.dumps({"alphabet": "digit", "strokes": SEVEN}).encode()
        for _ in range(5):
            answer = self.open("draw", "/api/v1/recognize", question, "application/json")
            self.send(
                "feedback",
                "/feedback",
                receipt=json.loads(answer or '{"receipt": ""}')["receipt"],
                correct="yes",
            )

    def _link(self, engine: Engine) -> str:
        """The path in the mail to this person. It was queued before registering was answered."""
        with Session(engine) as session:
            text = session.scalar(select(Mail.text).where(Mail.recipient == self.address)) or ""
        found = re.search(r"http://127\.0\.0\.1(/\S+)", text)
        return found[1] if found else "/no-mail"


@dataclass(frozen=True)
class Crowd:
    """What came of many people at once."""

    errors: Counter[str]
    seconds: float
    median_s: dict[str, float]
    """Of the last request of each kind."""


def crowd(port: int, engine: Engine, num_people: int) -> Crowd:
    """`num_people` do all of it, each in a thread, from the same moment on."""
    browsers = [Browser(port, f"person{n}@example.org") for n in range(num_people)]
    start = threading.Barrier(num_people)
    started = time.perf_counter()
    with ThreadPoolExecutor(num_people) as threads:
        list(threads.map(lambda browser: browser.live(engine, start), browsers))
    seconds = time.perf_counter() - started
    medians = {step: statistics.median(b.seconds[step] for b in browsers) for step in browsers[0].seconds}
    return Crowd(Counter(error for browser in browsers for error in browser.errors), seconds, medians)


@contextmanager
def flooding(port: int, answers: dict[str, int]) -> Iterator[None]:
    """Sign-ins one after another on NUM_FLOODERS connections, by a process of their own; then counts `answers`."""
    command = [sys.executable, "-m", "tests.bench.accounts_load", "--flood", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    try:
        yield
    finally:
        answers.update(json.loads(process.communicate("stop\n", timeout=60)[0]))


def flood(port: int) -> None:
    """What the flooding process does until a line comes in."""
    browser = Browser(port, "")
    token = json.loads(browser.open("token", "/csrf-token"))["csrf_token"]
    cookie = "; ".join(f"{each.name}={each.value}" for each in browser.cookies)
    stopping, answers = threading.Event(), Counter[str]()
    body = f"csrf_token={token}&email=%s&password=a+wrong+password"
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}

    def attack(number: int) -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        for n in itertools.count():
            if stopping.wait(NUM_FLOODERS / FLOOD_PER_S):
                return
            connection.request("POST", "/account/login", body % f"{number}-{n}@example.org", headers)
            answer = connection.getresponse()
            answer.read()
            answers[str(answer.status)] += 1

    threads = [threading.Thread(target=attack, args=(n,)) for n in range(NUM_FLOODERS)]
    for thread in threads:
        thread.start()
    while answers["503"] < NUM_FLOODERS:  # the first are taken for a crowd
        time.sleep(0.1)
    answers.clear()
    print("started", flush=True)
    sys.stdin.readline()
    stopping.set()
    for thread in threads:
        thread.join()
    print(json.dumps(answers))


def measure(what: str, url: str, num_people: int, num_requests: int) -> bool:
    """Both measurements on one database; whether they were good enough."""
    with tempfile.TemporaryDirectory() as folder:
        settings = {**SETTINGS, "DATABASE_URL": url or f"sqlite:///{folder}/samples.sqlite"}
        _make_tables(settings["DATABASE_URL"])
        with serving("main:app", Path(folder), **settings) as (port, _):
            engine = create_engine(settings["DATABASE_URL"])
            found = crowd(port, engine, num_people)
            engine.dispose()
            _show_crowd(what, num_people, found)
            share = flood_share(what, port, num_requests)
    return not found.errors and share >= 0.5


def flood_share(what: str, port: int, num_requests: int) -> float:
    """Recognitions a second during a flood of sign-ins, as a share of those before and after it."""
    answers: dict[str, int] = {}
    run_load(port, PNG_REQUEST, NUM_CLIENTS, 500)
    before = run_load(port, PNG_REQUEST, NUM_CLIENTS, num_requests)
    with flooding(port, answers):
        during = run_load(port, PNG_REQUEST, NUM_CLIENTS, num_requests)
    after = run_load(port, PNG_REQUEST, NUM_CLIENTS, num_requests)
    share = during.per_second / statistics.mean([before.per_second, after.per_second])
    logins = sum(answers.values()) / during.seconds
    print(f"{what}, {NUM_FLOODERS} connections that try passwords, {logins:.0f} answers/s to them: {answers}")
    for when, load in (("before", before), ("during", during), ("after", after)):
        print(
            f"    {when}: {load.per_second:,.0f} recognitions/s, p50 {load.p50_ms:.1f} ms, p99 {load.p99_ms:.1f} ms"
        )
    print(f"    share: {share:.2f}")
    return share


def _make_tables(url: str) -> None:
    command = [sys.executable, "-m", "flask", "--app", "main", "db", "upgrade"]
    subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True, stderr=subprocess.DEVNULL
    )


def _show_crowd(what: str, num_people: int, found: Crowd) -> None:
    medians = ", ".join(f"{step} {1000 * s:.0f} ms" for step, s in found.median_s.items())
    print(
        f"{what}, {num_people} people at once: {found.errors.total()} errors in {found.seconds:.1f} s; {medians}"
    )
    for error, times in found.errors.items():
        print(f"    {times} × {error}")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.accounts_load", description=__doc__)
    parser.add_argument("--people", type=int, default=16)
    parser.add_argument("--requests", type=int, default=6_000)
    parser.add_argument("--flood", type=int, metavar="PORT", help="be the flood")
    options = parser.parse_args()
    if options.flood:
        flood(options.flood)
        return
    with postgres() as url:
        good = [
            measure(what, to, options.people, options.requests)
            for what, to in (("SQLite", ""), ("PostgreSQL", url))
        ]
    sys.exit(0 if all(good) else 1)


if __name__ == "__main__":
    main()
