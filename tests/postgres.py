"""A PostgreSQL of our own: made in a temporary folder, reached by a socket in it alone, and thrown away afterwards.

`python -m tests.postgres [tests …]` runs tests on it. It is Debian's server package, but no system service.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

USER = "legible"
TESTS = (
    "accounts",
    "history",
    "mail",
    "samples",
    "sheets",
    "routes/test_feedback.py",
    "routes/test_owner.py",
    "routes/test_owner_search.py",
    "routes/test_tokens.py",
)
"""Those that read and write tables; what is marked `sqlite` in them is left out."""


@contextmanager
def postgres(*options: str) -> Iterator[str]:
    """The URL of an empty database while the block runs; `options` are the server's, such as `-c fsync=off`."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    whose: dict[str, Any] = {}
    if os.geteuid() == 0:  # as which PostgreSQL refuses to run
        shutil.chown(folder, "postgres")
        whose = {"user": "postgres", "extra_groups": []}
    try:
        initdb = [
            "initdb",
            "-D",
            "data",
            "-U",
            USER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]
        _run(initdb, cwd=folder, **whose)
        started = f"-k {folder} -c listen_addresses='' {' '.join(options)}"
        _run(["pg_ctl", "-D", "data", "-l", "log", "-w", "-o", started, "start"], cwd=folder, **whose)
        try:
            yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
        finally:
            _run(["pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop"], cwd=folder, **whose)
    finally:
        shutil.rmtree(folder)


def _run(command: list[str], **options: Any) -> None:
    command[0] = str(_programs() / command[0])
    done = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **options
    )
    assert done.returncode == 0, done.stdout


def _programs() -> Path:
    """Where Debian keeps the newest server's programs, which are not in PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    assert versions, "There is no PostgreSQL here. Debian, Ubuntu: apt-get install postgresql"
    return versions[-1]


def main() -> None:
    folder = Path(__file__).parent
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever stops the tests stops the server, too
    chosen = sys.argv[1:] or ["-q", *(str(folder / name) for name in TESTS)]
    with postgres("-c fsync=off", "-c timezone=Asia/Kolkata") as url:  # where no time is by accident in UTC
        os.environ["TEST_DATABASE_URL"] = url
        code = pytest.main(chosen)
    sys.exit(code)


if __name__ == "__main__":
    main()
