"""Figures of merit, on cases small enough to count by hand."""

import numpy as np
import pytest

from app.recognition.alphabets import DIGITS, LETTERS
from app.training.calibrate import fit_calibration
from app.training.metrics import Probabilities, calibration_error, confusion, score, wilson_interval


def answers(best: str, confidence: float = 0.9) -> Probabilities:
    rows = np.full((len(best), 52), (1 - confidence) / 51, np.float32)
    rows[np.arange(len(best)), [LETTERS.index(c) for c in best]] = confidence
    return rows


def test_scores_count_what_they_say() -> None:
    truth = np.array([LETTERS.index(c) for c in "AaOoBe"])
    scores = score(answers("AAoobx"), truth, LETTERS, reject_below=0.5)
    assert scores.count == 6
    assert scores.accuracy == pytest.approx(100 * 2 / 6, abs=0.01)  # A, o
    assert scores.case_insensitive == pytest.approx(100 * 5 / 6, abs=0.01)  # all but e
    assert scores.merged == pytest.approx(100 * 3 / 6, abs=0.01)  # A, O as o, o; not a as A, B as b
    assert scores.macro_recall == pytest.approx(100 * 2 / 6, abs=0.01)
    assert scores.rejected == 0
    assert scores.low < scores.accuracy < scores.high


def test_wilson_agrees_with_the_tables() -> None:
    low, high = wilson_interval(9, 10)
    assert low == pytest.approx(0.5958, abs=1e-4)
    assert high == pytest.approx(0.9821, abs=1e-4)


def test_honest_confidence_has_no_calibration_error() -> None:
    correct = np.arange(1000) % 10 < 7
    assert calibration_error(np.full(1000, 0.7), correct) == pytest.approx(0, abs=1e-9)
    assert calibration_error(np.full(1000, 0.9), correct) == pytest.approx(0.2)


def test_confusion_counts_rows_as_written() -> None:
    table = confusion(answers("AB"), np.array([0, 0]))
    assert table[0, 0] == table[0, 1] == 1
    assert table.sum() == 2


def test_boasting_is_cooled_down() -> None:
    rng = np.random.default_rng(0)
    honest = rng.dirichlet(np.full(10, 0.3), 4000).astype(np.float32)
    truth = np.array([rng.choice(10, p=row / row.sum()) for row in honest.astype(np.float64)])
    boasting = honest**2 / (honest**2).sum(axis=1, keepdims=True)
    fitted = fit_calibration([(boasting, np.eye(10, dtype=bool)[truth])], DIGITS)
    assert fitted.temperature == pytest.approx(2, abs=0.2)


def test_the_threshold_refuses_one_in_a_hundred() -> None:
    confidences = np.linspace(0.2, 1, 1000, dtype=np.float32)
    rows = np.concatenate([answers("A", float(c)) for c in confidences])
    fitted = fit_calibration([(rows, rows == rows.max(axis=1, keepdims=True))], LETTERS)
    assert (rows.max(axis=1) ** (1 / fitted.temperature) > 0).all()
    assert 0 < fitted.reject_below < 1
