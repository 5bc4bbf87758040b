"""Training runs side by side."""

import json
from dataclasses import asdict, replace
from pathlib import Path

from app.training.recipes import RECIPES, Recipe
from app.training.runs import runs_table


def make_run(folder: Path, recipe: Recipe, cycles: list[list[float]]) -> None:
    """A run's folder with an accuracy for each epoch of each cycle."""
    folder.mkdir()
    (folder / "recipe.json").write_text(json.dumps(asdict(recipe)))
    (folder / "corpus.json").write_text(json.dumps({"parameters": 123_456}))
    for number, accuracies in enumerate(cycles, start=1):
        (folder / f"cycle-{number}").mkdir()
        lines = [
            {"epoch": epoch, "seconds": 90.0, "loss": 0.1, "allowed_accuracy": 0.5, "made up": accuracy}
            for epoch, accuracy in enumerate(accuracies)
        ]
        (folder / f"cycle-{number}/history.jsonl").write_text(
            "".join(json.dumps(line) + "\n" for line in lines)
        )


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_a_run_is_a_row_with_its_last_epoch(tmp_path: Path) -> None:
    cycles = [[0.5, 0.6]] + [[0.7]] * 8 + [[0.987654]]  # the tenth cycle comes last, not after the first
    make_run(tmp_path / "a", RECIPES["digit"], cycles)
    head, _, row = (cells(line) for line in runs_table(tmp_path).splitlines())
    found = dict(zip(head, row, strict=True))
    assert (found["run"], found["parameters"], found["epochs"]) == ("a", "123,456", "11")
    assert (found["minutes"], found["made up"]) == ("16", "98.77")
    assert not {"loss", "allowed_accuracy", "seconds"} & set(head)


def test_a_row_says_how_its_recipe_differs(tmp_path: Path) -> None:
    make_run(tmp_path / "a", RECIPES["digit"], [[0.9]])
    make_run(tmp_path / "b", replace(RECIPES["digit"], network="seed_cnn", seed=3), [[0.8]])
    make_run(tmp_path / "unfinished", RECIPES["digit"], [])
    rows = [cells(line) for line in runs_table(tmp_path).splitlines()[2:]]
    assert [row[:2] for row in rows] == [["a", ""], ["b", "network = seed_cnn, seed = 3"]]


def test_no_run_at_all_is_said(tmp_path: Path) -> None:
    assert "no run" in runs_table(tmp_path)
