"""`retrain_model --from-sheets`: a label that somebody changed in the spreadsheet is what the network learns."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from app.extensions import db
from app.samples.archive import Archive
from app.sheets.rows import LABEL
from app.training import retrain_model, retraining
from tests.sheets.desk import Desk

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def learned(sheets_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Archive]:
    """The archives that retrainings were given; commands of the app run in this process, by its clock."""
    archives: list[Archive] = []

    def run(command: list[str], **_options: object) -> SimpleNamespace:
        assert command[:4] == [sys.executable, "-m", "flask", "--app"]
        db.session.remove()
        return SimpleNamespace(returncode=sheets_app.test_cli_runner().invoke(args=command[5:]).exit_code)

    def retrain(archive: Archive, *_arguments: object, **_options: object) -> SimpleNamespace:
        archives.append(archive)
        return SimpleNamespace(page="", release=None, comparison=SimpleNamespace(is_better=True))

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(retraining, "retrain", retrain)
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    if "TEST_DATABASE_URL" in os.environ:
        monkeypatch.setenv("DATABASE_URL", sheets_app.config["SQLALCHEMY_DATABASE_URI"])
    monkeypatch.setattr(sys, "argv", ["retrain_model", "digit", "--from-sheets"])
    return archives


def test_a_label_changed_in_the_spreadsheet_is_learned(desk: Desk, learned: list[Archive]) -> None:
    desk.keep(2, label="7")
    desk.deliver()
    desk.google.worksheet("Digit").rows[1][LABEL] = "1"
    with pytest.raises(SystemExit, match="0"):
        retrain_model.main()
    assert [archive.labels.tolist() for archive in learned] == [["1"]]


def test_a_spreadsheet_out_of_reach_is_an_error_in_words(desk: Desk, learned: list[Archive]) -> None:
    desk.google.spreadsheets.clear()
    with pytest.raises(SystemExit, match="could not be fetched"):
        retrain_model.main()
    assert learned == []
