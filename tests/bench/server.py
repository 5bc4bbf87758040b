"""A gunicorn with two workers on a port and an instance folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil

from app.config import ROOT

START_S = 120


@contextmanager
def serving(app: str, instance: Path, *options: str, **settings: str) -> Iterator[tuple[int, psutil.Process]]:
    """(port, master process) of `gunicorn app` while the block runs."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", *options]
    environment = {**os.environ, "INSTANCE_DIR": str(instance), "WEB_CONCURRENCY": "2", **settings}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_until_it_answers(port)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(30)


def rss_mb(master: psutil.Process) -> list[float]:
    """Resident memory of each worker, in MB (10⁶ bytes)."""
    return [round(worker.memory_info().rss / 1e6, 1) for worker in master.children()]


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=START_S):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
