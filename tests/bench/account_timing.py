"""Whether the time of an answer tells who has an account: medians for known and unknown addresses.

`python -m tests.bench.account_timing [--rounds 60]`; asks in turns, so that what else the machine does hits all.
"""

import argparse
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable

from flask import Flask

from app import create_app
from app.accounts.people import make_owner
from app.database import now
from app.extensions import Base, db
from tests.fakes import FakeRoom

CONFIRMED, UNCONFIRMED, PASSWORD = "ada@example.org", "grace@example.org", "correct horse battery"
FORMS = {
    "/account/login": {"password": "a wrong password"},
    "/account/register": {"password": PASSWORD, "password_confirm": PASSWORD},
    "/account/reset": {},
    "/account/confirm": {},
}
SETTINGS = {
    "SITE_URL": "https://localhost",
    "MAIL_RELAY": "off",
    "LOGIN_RATE_LIMIT": "",
    "ACCOUNT_RATE_LIMIT": "",
    "LETTER_RATE_LIMIT": "",
    "WTF_CSRF_ENABLED": False,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.account_timing", description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    num_rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"INSTANCE_DIR": folder, "RECOGNITION": FakeRoom(), **SETTINGS})
        with app.app_context():
            Base.metadata.create_all(db.engine)
            make_owner(None, CONFIRMED, PASSWORD, now())
            make_owner(None, UNCONFIRMED, PASSWORD, now()).confirmed_at = None
            db.session.commit()
        print(
            "medians in ms, and their ratio to that of unknown addresses; by the processor, then by the clock"
        )
        for path, fields in FORMS.items():
            for clock in (time.thread_time, time.perf_counter):
                show(path, compare(app, path, fields, num_rounds, clock))


def compare(
    app: Flask, path: str, fields: dict[str, str], num_rounds: int, clock: Callable[[], float]
) -> dict[str, float]:
    """Median seconds for each kind of address; each request comes from a browser of its own."""
    times: dict[str, list[float]] = {"confirmed": [], "unconfirmed": [], "unknown": []}
    for _ in range(num_rounds):
        addresses = (CONFIRMED, UNCONFIRMED, f"{uuid.uuid4().hex}@example.org")
        for kind, address in zip(times, addresses, strict=True):
            started = clock()
            app.test_client().post(path, data={"email": address, **fields})
            times[kind].append(clock() - started)
    return {kind: statistics.median(values) for kind, values in times.items()}


def show(path: str, medians: dict[str, float]) -> None:
    cells = (
        f"{kind} {median_s * 1000:6.1f} ({median_s / medians['unknown']:.3f})"
        for kind, median_s in medians.items()
    )
    print(f"{path:18}", "  ".join(cells))


if __name__ == "__main__":
    main()
