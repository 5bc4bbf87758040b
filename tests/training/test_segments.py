"""What tells whole characters from halves: its fit follows the slope, and nobody is learned from and validated by."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.pages.goodness import Layers, forward
from app.training import segments
from app.training.datasets import Labelled

STROKE = np.array([[0, 0], [10, 10]], np.float32)


def loss(layers: Layers, values: Any, good: NDArray[np.bool_]) -> float:
    odds = forward(layers, values).astype(np.float64)
    return float(np.mean(np.logaddexp(0, odds) - odds * good))


def test_the_slopes_are_those_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    values: Any = rng.normal(size=(20, 3))
    good = rng.random(20) < 0.5
    layers: dict[str, Any] = {
        "mean": np.zeros(3),
        "spread": np.ones(3),
        "w1": rng.normal(size=(3, 4)),
        "b1": rng.normal(size=4),
        "w2": rng.normal(size=4),
        "b2": np.array(0.3),
    }
    slopes = segments._slopes(layers, values, good)
    for name, slope in slopes.items():
        for place in np.ndindex(layers[name].shape):
            higher, lower = ({**layers, name: layers[name].copy()} for _ in range(2))
            higher[name][place] += 1e-4
            lower[name][place] -= 1e-4
            rise = (loss(higher, values, good) - loss(lower, values, good)) / 2e-4
            assert np.asarray(slope)[place] == pytest.approx(rise, abs=1e-4), name


def test_what_can_be_told_apart_is_learned() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=(4_000, 3)).astype(np.float32)
    good = values[:, 0] * values[:, 1] > 0
    layers = segments.fit(values[:3_000], good[:3_000], rng)
    assert np.mean((forward(layers, values[3_000:]) > 0) == good[3_000:]) > 0.95


def test_nobody_is_both_learned_from_and_validated_by(monkeypatch: pytest.MonkeyPatch) -> None:
    writers = np.repeat([f"writer {n}" for n in range(200)], 100)
    blank, labels = np.zeros((len(writers), 1, 1), np.uint8), np.array(["E"] * len(writers))
    data = Labelled("made up", blank, labels, writers, [(STROKE,)] * len(writers))
    monkeypatch.setattr("app.training.datasets.load_unipen", lambda _part: data)
    learned, validated = segments.training_writers(), segments.validation_writers()
    assert learned
    assert validated
    assert not learned.keys() & validated.keys()
