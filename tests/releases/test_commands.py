"""`flask releases …`: what is listed and compared, and what each move says."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from app.recognition.releases import BUNDLED, CARD, COMPILED, Release, ReleaseStore, write_manifest
from app.releases.comparison import Row, compare

BUNDLED_VERSION = str(ReleaseStore(Path("nowhere")).current_version("digit"))


def copy_to(folder: Path, **changes: Any) -> Path:
    """A copy of the bundled digit release, its card changed, sealed anew."""
    shutil.copytree(BUNDLED / "digit" / BUNDLED_VERSION, folder)
    card = json.loads((folder / CARD).read_text())
    (folder / CARD).write_text(json.dumps(card | changes))
    write_manifest(folder)
    return folder


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["releases", *arguments])


def test_list_has_a_star_before_what_is_in_use(app: Flask) -> None:
    assert f"* digit/{BUNDLED_VERSION}\t" in run(app, "list").output


def test_installed_activated_and_rolled_back(app: Flask, tmp_path: Path) -> None:
    folder = copy_to(tmp_path / "elsewhere/77")
    assert run(app, "install", str(folder)).output == "digit/77 is installed.\n"
    assert run(app, "activate", "digit", "77").output == "digit/77 is in use.\n"
    assert "* digit/77\t" in run(app, "list").output
    assert run(app, "rollback", "digit").output == f"digit/{BUNDLED_VERSION} is in use again.\n"


def test_release_that_answers_otherwise_than_its_card_is_not_activated(app: Flask, tmp_path: Path) -> None:
    golden = json.loads((BUNDLED / "digit" / BUNDLED_VERSION / CARD).read_text())["golden"]
    copy_to(tmp_path / "releases/digit/78", golden={**golden, "probability": 0.1})
    result = run(app, "activate", "digit", "78")
    assert result.exit_code == 1
    assert "reads its golden glyph" in result.output
    assert ReleaseStore(tmp_path / "releases").current_version("digit") == BUNDLED_VERSION


def test_release_that_answers_otherwise_than_its_card_is_not_installed(app: Flask, tmp_path: Path) -> None:
    golden = json.loads((BUNDLED / "digit" / BUNDLED_VERSION / CARD).read_text())["golden"]
    folder = copy_to(tmp_path / "elsewhere/78", golden={**golden, "probability": 0.1})
    result = run(app, "install", str(folder))
    assert result.exit_code == 1
    assert "reads its golden glyph" in result.output
    assert "78" not in ReleaseStore(tmp_path / "releases").versions("digit")
    assert not list(tmp_path.glob("releases/**/*"))
    mended = copy_to(tmp_path / "mended/78")
    assert run(app, "install", str(mended)).output == "digit/78 is installed.\n"


def test_release_with_a_broken_network_is_refused_in_words(app: Flask, tmp_path: Path) -> None:
    folder = copy_to(tmp_path / "elsewhere/78")
    (folder / COMPILED).write_bytes(b"no network")
    write_manifest(folder)
    result = run(app, "install", str(folder))
    assert result.output.startswith("Error: digit/78 cannot be used here: ")


@pytest.mark.parametrize(
    "arguments", [("activate", "digit", "404"), ("activate", "kanji", "1"), ("rollback", "digit")]
)
def test_what_cannot_be_done_is_said(app: Flask, arguments: tuple[str, ...]) -> None:
    result = run(app, *arguments)
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_comparison_shows_points(app: Flask, tmp_path: Path) -> None:
    copy_to(tmp_path / "releases/digit/79", evaluation={"sets": {"MNIST test": {"accuracy": 50.0}}})
    output = run(app, "compare", "digit", BUNDLED_VERSION, "79").output
    line = next(line for line in output.splitlines() if "MNIST test" in line)
    assert line.split()[3] == "50.00"
    assert line.split()[4].startswith("-4")


def test_figures_that_a_card_lacks_are_no_difference() -> None:
    old = Release("digit", "1", Path(), {"evaluation": {"sets": {"MNIST test": {"accuracy": 99.0}}}})
    assert compare(old, Release("digit", "2", Path(), {})).right == (Row("MNIST test", 99.0, None),)
    assert compare(old, old).right[0].points == 0


def test_rules_are_those_of_this_comparison() -> None:
    rules = [{"rule": "better", "holds": True, "found": "p = 0.01"}]
    card = {"retrained": {"from": "digit/1", "comparison": {"rules": rules}}}
    new = Release("digit", "2", Path(), card)
    assert [rule.found for rule in compare(Release("digit", "1", Path(), {}), new).rules] == ["p = 0.01"]
    assert compare(Release("digit", "0", Path(), {}), new).rules == ()
