"""Training runs side by side: what was asked, what came of it on validation data, what it cost."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.training.markdown import table
from app.training.recipes import RECIPES


def runs_table(folder: Path) -> str:
    """A Markdown table of every run below `folder` that finished an epoch, in the order of their names."""
    runs = [_run(path.parent) for path in sorted(folder.glob("*/corpus.json"))]
    found = [run for run in runs if run]
    if not found:
        return f"There is no run in {folder} that finished an epoch."
    columns = list(dict.fromkeys(key for run in found for key in run))
    return table(columns, ([run.get(key, "") for key in columns] for run in found))


def _run(folder: Path) -> dict[str, str] | None:
    """A row, by the names of its columns; validation shares in percent, of the last epoch."""
    recipe = json.loads((folder / "recipe.json").read_text())
    corpus = json.loads((folder / "corpus.json").read_text())
    epochs = [json.loads(line) for path in _histories(folder) for line in path.read_text().splitlines()]
    if not epochs:
        return None
    training = {"epoch", "seconds", "loss", "allowed_accuracy"}
    return {
        "run": folder.name,
        "differs from the shipped recipe in": _differences(recipe),
        "parameters": f"{corpus['parameters']:,}",
        "epochs": str(len(epochs)),
        "minutes": f"{sum(epoch['seconds'] for epoch in epochs) / 60:.0f}",
        **{name: f"{100 * share:.2f}" for name, share in epochs[-1].items() if name not in training},
    }


def _histories(folder: Path) -> list[Path]:
    """In the order in which they were written: `cycle-2`, `cycle-3`, `cycle-3-2` (its second run), `cycle-10`."""
    return sorted(
        folder.glob("cycle-*/history.jsonl"),
        key=lambda path: [int(number) for number in path.parent.name.split("-")[1:]],
    )


def _differences(recipe: dict[str, Any]) -> str:
    shipped = json.loads(json.dumps(asdict(RECIPES[recipe["alphabet"]])))
    return ", ".join(f"{name} = {value}" for name, value in recipe.items() if shipped.get(name) != value)
