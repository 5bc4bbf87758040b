"""Starts and uses what .gcloudignore lets through, as app.yaml says, with only requirements.txt installed."""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
APP_YAML = yaml.safe_load((ROOT / "app.yaml").read_text())
ENVIRONMENT = ROOT / ".venv-deployed"
SEVEN = [[[60, 60], [200, 60], [120, 220]]]
MEMORY_MB = {"F1": 384, "F2": 768, "F4": 1536}  # of an App Engine instance
NUM_WORKERS = 2
MAX_WORKER_MB = 92
"""Resident, with what workers share: 88.3 to 90.3 where it was measured."""
PATIENCE_S = 60


def uploaded_files(folder: Path, scratch: Path) -> list[str]:
    """The paths in `folder` that gcloud would upload: git reads its ignore file by the same rules."""
    subprocess.run(["git", "init", "--quiet", scratch], check=True)
    git = ["git", f"--git-dir={scratch}/.git", f"--work-tree={folder}"]
    rules = f"--exclude-from={folder}/.gcloudignore"
    listing = [*git, "ls-files", "--others", "-z", rules]
    done = subprocess.run(listing, cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.split("\0")[:-1]


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return uploaded_files(ROOT, tmp_path_factory.mktemp("git"))


@pytest.fixture(scope="module")
def deployment(uploaded: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with exactly the uploaded files."""
    target = tmp_path_factory.mktemp("deployment")
    for name in uploaded:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment variables of an instance, on an instance folder and a database of its own."""
    subprocess.run(["make", "--silent", f"{ENVIRONMENT.name}/serve"], cwd=ROOT, check=True)
    instance = tmp_path_factory.mktemp("instance")
    return {
        **APP_YAML["env_variables"],
        "DATABASE_URL": f"sqlite:///{instance}/samples.sqlite",
        "INSTANCE_DIR": str(instance),
        "PATH": f"{ENVIRONMENT / 'bin'}{os.pathsep}{os.defpath}",
        "PORT": "0",
        "PYTHONDONTWRITEBYTECODE": "1",  # the disk is read-only there
        "SECRET_KEY": "for this test alone",
    }


class Server:
    """The started entrypoint: reads its log, and asks it over HTTP."""

    def __init__(self, process: psutil.Popen, log: Path) -> None:
        self.process, self._log = process, log
        [port] = self.logged(r"Listening at: http://[\d.]+:(\d+)", 1)
        self.address = f"http://127.0.0.1:{port}"

    def logged(self, pattern: str, count: int) -> list[str]:
        """What a pattern finds in the log, as soon as that is `count` times; AssertionError if it never is."""
        deadline = time.monotonic() + PATIENCE_S
        while len(found := re.findall(pattern, self._log.read_text())) < count:
            is_hopeless = self.process.poll() is not None or time.monotonic() > deadline
            assert not is_hopeless, f"{pattern!r} is not {count} times in:\n{self._log.read_text()}"
            time.sleep(0.05)
        return found

    def workers(self) -> list[psutil.Process]:
        """All of them. The last is forked up to 0.1 s and more after the first, which answers by then.

        AssertionError if one has ended: gunicorn puts another in its place, and writes that to the log.
        """
        started = {int(pid) for pid in self.logged(r"Booting worker with pid: (\d+)", NUM_WORKERS)}
        workers = self.process.children()
        assert {worker.pid for worker in workers} == started, self._log.read_text()
        return workers

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.address + path, timeout=PATIENCE_S) as answer:
            return bytes(answer.read())

    def recognize(self, alphabet: str) -> dict[str, Any]:
        body = json.dumps({"alphabet": alphabet, "strokes": SEVEN}).encode()
        headers = {"Content-Type": "application/json"}
        question = urllib.request.Request(f"{self.address}/api/v1/recognize", body, headers)
        with urllib.request.urlopen(question, timeout=PATIENCE_S) as answer:
            return dict(json.load(answer))


@pytest.fixture(scope="module")
def server(
    deployment: Path, environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    upgrade = ["python", "-m", "flask", "--app", "main", "db", "upgrade"]
    subprocess.run([ENVIRONMENT / "bin/python", *upgrade[1:]], cwd=deployment, env=environ, check=True)
    command = shlex.split(APP_YAML["entrypoint"])
    command[0] = str(ENVIRONMENT / "bin" / command[0])
    log = tmp_path_factory.mktemp("log") / "server"
    with (
        log.open("wb") as stderr,
        psutil.Popen(command, cwd=deployment, env=environ, stderr=stderr) as process,
    ):
        try:
            yield Server(process, log)
        finally:
            process.terminate()


def test_what_app_yaml_says_of_the_threads_is_so() -> None:
    gunicorn = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
    busy = NUM_WORKERS * gunicorn["threads"]
    waiting = APP_YAML["automatic_scaling"]["max_concurrent_requests"] - busy
    said = f"# {NUM_WORKERS} workers × {gunicorn['threads']} threads are busy with {busy}; {waiting} more may wait"
    assert said in (ROOT / "app.yaml").read_text()


def test_nothing_but_the_app_is_uploaded(tmp_path: Path) -> None:
    wanted = [
        "app/__init__.py",
        "app/recognition/weights/digit/1/card.json",
        "app/templates/base.html",
        "main.py",
    ]
    private = [
        "app.secrets.yaml",
        ".env",
        "instance/samples.sqlite",
        "app/training/fit.py",
        "tests/test_a.py",
    ]
    tree = tmp_path / "tree"
    tree.mkdir()
    shutil.copyfile(ROOT / ".gcloudignore", tree / ".gcloudignore")
    for name in [*wanted, *private, "app/__pycache__/a.pyc", "service-account.json", "docs/main.py"]:
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).touch()
    assert uploaded_files(tree, tmp_path / "git") == sorted(wanted)


def test_environment_is_complete_and_free_of_training(environ: dict[str, str]) -> None:
    done = subprocess.run([ENVIRONMENT / "bin/python", "-m", "pip", "check"], env=environ, check=False)
    assert done.returncode == 0
    installed = {path.name for path in ENVIRONMENT.glob("lib/python*/site-packages/*")}
    assert "flask" in installed
    assert not installed & {"tensorflow", "keras", "emnist", "matplotlib", "pytest"}


def test_pages_open(server: Server) -> None:
    assert b"<h1" in server.get("/")
    assert b"<canvas" in server.get("/canvas/digit")


def test_health_is_well(server: Server) -> None:
    health = json.loads(server.get("/healthz"))
    assert health["status"] == "ok", health


@pytest.mark.parametrize(("alphabet", "num_candidates"), [("digit", 10), ("character", 52)])
def test_strokes_are_recognized(server: Server, alphabet: str, num_candidates: int) -> None:
    answer = server.recognize(alphabet)
    assert len(answer["candidates"]) == num_candidates
    assert answer["release"].startswith(f"{alphabet}/")


def test_workers_fit_the_instance(server: Server) -> None:
    workers = server.workers()
    assert len(workers) == NUM_WORKERS
    for alphabet in ("digit", "character") * 8:
        server.recognize(alphabet)
    assert server.workers() == workers
    assert max(worker.memory_info().rss for worker in workers) < MAX_WORKER_MB * 2**20
    whole = server.process.memory_info().rss + sum(worker.memory_full_info().uss for worker in workers)
    assert whole < MEMORY_MB[APP_YAML["instance_class"]] / 2 * 2**20


def test_nothing_is_written_beside_the_instance_folder(
    server: Server, deployment: Path, uploaded: list[str]
) -> None:
    server.recognize("digit")
    files = [str(path.relative_to(deployment)) for path in deployment.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(uploaded)
