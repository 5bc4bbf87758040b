"""How tall letters are written: relative to each writer's own capitals."""

import numpy as np
import pytest

from app.training.datasets import Labelled
from app.training.heights import fit_heights, relative_heights


def drawn(
    writer: str, size: float, heights: dict[str, float], times: int
) -> list[tuple[str, str, np.ndarray]]:
    return [
        (label, writer, np.array([[0, 0], [1, size * height]], np.float32))
        for label, height in heights.items()
        for _ in range(times)
    ]


def labelled(rows: list[tuple[str, str, np.ndarray]]) -> Labelled:
    labels, writers, strokes = zip(*rows, strict=True)
    images = np.zeros((len(rows), 28, 28), np.uint8)
    return Labelled("made up", images, np.array(labels), np.array(writers), [(s,) for s in strokes])


def test_size_of_the_writing_does_not_matter() -> None:
    letters = {"A": 1.0, "C": 0.9, "c": 0.5}
    data = labelled(drawn("large", 300, letters, 20) + drawn("small", 7, letters, 20))
    heights = fit_heights(data)
    assert heights["C"][0] == pytest.approx(np.log(0.9), abs=1e-3)
    assert heights["c"][0] == pytest.approx(np.log(0.5), abs=1e-3)


def test_a_writer_without_plain_capitals_says_nothing() -> None:
    data = labelled(drawn("one", 10, {"A": 1.0, "c": 0.5}, 20) + drawn("other", 10, {"c": 0.9}, 20))
    assert np.isnan(relative_heights(data)[data.writers == "other"]).all()
    assert fit_heights(data)["c"][0] == pytest.approx(np.log(0.5), abs=1e-3)


def test_rare_letters_are_left_out_and_spreads_have_a_floor() -> None:
    data = labelled(drawn("one", 10, {"A": 1.0}, 20) + drawn("one", 10, {"z": 0.5}, 19))
    assert list(fit_heights(data)) == ["A"]
    assert fit_heights(data)["A"][1] == 0.2
