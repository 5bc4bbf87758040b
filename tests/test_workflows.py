"""The workflows do nothing of their own: every command is a target of the Makefile, which anybody can run."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def jobs(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text())["jobs"])


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in jobs(path).values() for step in job["steps"]]


def test_there_are_three() -> None:
    assert [path.stem for path in WORKFLOWS] == ["ci", "deploy", "retrain"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_calls_make_and_only_what_is_there(path: Path) -> None:
    commands = [step["run"] for step in steps(path) if "run" in step]
    assert commands
    for command in commands:
        called = re.fullmatch(r"make((?: [a-z-]+)+)((?: [A-Z]+=\S+)*)", command)
        assert called, command
        assert set(called[1].split()) <= TARGETS, command


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_nothing_from_outside_is_pasted_into_a_command(path: Path) -> None:
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_jobs_end_and_have_few_rights(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] is not None
    assert all(job["timeout-minutes"] <= 180 for job in jobs(path).values())
    assert ("write" in workflow["permissions"].values()) is (path.stem != "ci")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_actions_are_of_a_known_version(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert all(re.fullmatch(r"(actions|google-github-actions)/[a-z-]+@v\d+", action) for action in used)


def make(folder: Path, target: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a target of our Makefile in `folder`, with a gcloud that does nothing and `environ` alone."""
    gcloud = folder / "bin/gcloud"
    gcloud.parent.mkdir(exist_ok=True)
    gcloud.write_text("#!/bin/sh\n")
    gcloud.chmod(0o755)
    environ["PATH"] = f"{gcloud.parent}{os.pathsep}{os.defpath}"
    command = ["make", f"--makefile={ROOT / 'Makefile'}", target]
    return subprocess.run(command, cwd=folder, env=environ, check=False, capture_output=True, text=True)


def test_retraining_learns_from_the_database_of_the_app(tmp_path: Path) -> None:
    [job] = jobs(ROOT / ".github/workflows/retrain.yml").values()
    assert job["env"]["DATABASE_URL"] == "${{ secrets.DATABASE_URL }}"
    assert next(step["run"] for step in job["steps"] if "run" in step) == "make needs-database"
    without = make(tmp_path, "needs-database", DATABASE_URL="")
    assert without.returncode != 0
    assert "DATABASE_URL is empty." in without.stderr
    assert make(tmp_path, "needs-database", DATABASE_URL="sqlite:///x").returncode == 0


def test_what_people_deleted_does_not_come_back_by_itself() -> None:
    recipe = (ROOT / "Makefile").read_text().partition("\nfetch:")[2].partition("\n\n")[0]
    assert "sheets fetch" in recipe
    assert "--restore" not in recipe


def test_deploying_writes_the_secrets_and_shows_none(tmp_path: Path) -> None:
    [job] = jobs(ROOT / ".github/workflows/deploy.yml").values()
    given = {step.get("run"): step.get("env") for step in job["steps"]}
    assert given["make deploy"] == {"APP_SECRETS": "${{ secrets.APP_SECRETS }}"}
    assert given["make check test"] is job.get("env") is None
    secrets = 'env_variables:\n  SECRET_KEY: "$(id) \'%s"\n'
    done = make(tmp_path, "deploy", APP_SECRETS=secrets.rstrip())
    assert done.returncode == 0, done.stderr
    assert "SECRET_KEY" not in done.stdout + done.stderr
    written = tmp_path / "app.secrets.yaml"
    assert (written.read_text(), written.stat().st_mode & 0o777) == (secrets, 0o600)
    make(tmp_path, "deploy", APP_SECRETS="other")
    assert written.read_text() == secrets


def test_deploying_without_secrets_says_so(tmp_path: Path) -> None:
    done = make(tmp_path, "deploy", APP_SECRETS="")
    assert done.returncode != 0
    assert "There is no app.secrets.yaml, and APP_SECRETS is empty" in done.stderr
    assert "gcloud" not in done.stdout
