"""The command: where samples come from, which are left out, and what the exit code says."""

import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.database import now
from app.extensions import db
from app.samples.archive import Archive, write_archive
from app.samples.tables import ACCEPTED, Sample
from app.training import retrain_model, retraining
from app.training.mixing import CannotRetrain
from tests.samples.test_archive import archive


class Retrained:
    """Stands in for the retraining: what it was given, and whether it finds a better network."""

    def __init__(self) -> None:
        self.is_better = True
        self.archive: Archive | None = None
        self.folders: tuple[Path, Path] | None = None
        self.options: dict[str, Any] = {}

    def __call__(self, samples: Archive, releases_dir: Path, run: Path, **options: Any) -> Any:
        self.archive, self.folders, self.options = samples, (releases_dir, run), options
        release = SimpleNamespace(name="digit/5", folder=releases_dir) if self.is_better else None
        return SimpleNamespace(
            page="the page", release=release, comparison=SimpleNamespace(is_better=self.is_better)
        )


@pytest.fixture
def retrained(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Retrained:
    stand_in = Retrained()
    monkeypatch.setattr(retraining, "retrain", stand_in)
    monkeypatch.setenv("INSTANCE_DIR", str(tmp_path))
    return stand_in


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive of six samples."""
    write_archive(tmp_path / "samples.npz", archive())
    return tmp_path / "samples.npz"


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """The exit code, or the message."""
    monkeypatch.setattr(sys, "argv", ["retrain_model", *arguments])
    with pytest.raises(SystemExit) as ended:
        retrain_model.main()
    return ended.value.code


def test_better_network_ends_with_0(
    retrained: Retrained, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "digit", "--samples", str(path)) == 0
    assert "the page" in (output := capsys.readouterr().out)
    assert "digit/5 is in use" in output
    assert retrained.folders is not None
    assert retrained.folders[0] == path.parent / "releases"
    assert retrained.folders[1].parent == path.parent / "retraining"
    assert retrained.options == {"is_released": True, "is_activated": True}


def test_refused_network_ends_with_3(
    retrained: Retrained, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    retrained.is_better = False
    assert run(monkeypatch, "digit", "--samples", str(path)) == 3


def test_options_are_passed_on(retrained: Retrained, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(monkeypatch, "digit", "--samples", str(path), "--dry-run", "--no-activate")
    assert retrained.options == {"is_released": False, "is_activated": False}


def test_made_up_samples_are_left_out_unless_asked_for(
    retrained: Retrained, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = np.array(["draw", "dummy", "upload", "dummy", "dummy", "draw"])
    write_archive(path, replace(archive(), sources=sources))
    found = []
    for options in ([], ["--with-dummy"]):
        run(monkeypatch, "digit", "--samples", str(path), *options)
        assert retrained.archive is not None
        found.append(retrained.archive.labels.tolist())
    assert found == [["0", "2", "5"], ["0", "1", "2", "3", "4", "5"]]


@pytest.mark.usefixtures("retrained")
def test_damaged_archive_is_an_error_in_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    assert "its seal does not fit" in str(run(monkeypatch, "digit", "--samples", str(path)))


@pytest.mark.usefixtures("retrained")
def test_archive_of_another_alphabet_is_an_error(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "not “character”" in str(run(monkeypatch, "character", "--samples", str(path)))


def test_what_cannot_be_retrained_is_an_error_in_words(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise CannotRetrain("There is nothing yet.")

    monkeypatch.setattr(retraining, "retrain", refuse)
    assert run(monkeypatch, "digit", "--samples", str(path)) == "error: There is nothing yet."


def test_accepted_samples_come_from_the_database(
    app: Flask, retrained: Retrained, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), Session(db.engine) as session:
        for label, state in (("1", ACCEPTED), ("2", "new"), ("3", ACCEPTED)):
            session.add(_sample(label, state))
        session.commit()
    assert run(monkeypatch, "digit") == 0
    assert retrained.archive is not None
    assert sorted(retrained.archive.labels.tolist()) == ["1", "3"]


def _sample(label: str, state: str) -> Sample:
    return Sample(
        id=label * 32,
        alphabet="digit",
        glyph=bytes(784),
        predicted="7",
        confidence=0.9,
        candidates=[["7", 0.9]],
        label=label,
        accepted_label=label if state == ACCEPTED else None,
        correct=False,
        release="digit/4",
        source="draw",
        visitor="somebody",
        predicted_at=now(),
        state=state,
    )
