"""Figures of merit, on cases small enough to count by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.recognition.alphabets import LETTERS
from app.recognition.recognizer import Calibration
from app.training.metrics import (
    Probabilities,
    Scores,
    Truth,
    calibration_error,
    confusion,
    letter_right,
    risk_by_coverage,
    score,
    wilson_interval,
)

LENIENT = Calibration(temperature=1.0, reject_below=0.0, stranger_above=1.0)


def answer(shares: dict[str, float], stranger: float = 0.0) -> NDArray[np.float32]:
    """One answer (53,) of a network for letters; `stranger` is its last output."""
    row = np.zeros(LETTERS.num_outputs, np.float32)
    for character, share in shares.items():
        row[LETTERS.index(character)] = share
    row[-1] = stranger
    return row


def answers(best: str, confidence: float = 0.9) -> Probabilities:
    """One answer for each of the characters; the rest is spread over the other letters."""
    rows = np.full((len(best), LETTERS.num_outputs), (1 - confidence) / 51, np.float32)
    rows[np.arange(len(best)), [LETTERS.index(c) for c in best]] = confidence
    rows[:, -1] = 0
    return rows


def written(characters: str) -> Truth:
    return np.array([LETTERS.index(c) for c in characters])


def scored(rows: list[NDArray[np.float32]], truth: str, calibration: Calibration = LENIENT) -> Scores:
    return score(np.stack(rows), written(truth), LETTERS, calibration)


def test_scores_count_what_they_say() -> None:
    scores = score(answers("AAoobx"), written("AaOoBe"), LETTERS, LENIENT)
    assert scores.count == 6
    assert scores.accuracy == pytest.approx(100 * 2 / 6, abs=0.01)  # A, o
    assert scores.case_insensitive == pytest.approx(100 * 5 / 6, abs=0.01)  # all but e
    assert scores.merged == pytest.approx(100 * 3 / 6, abs=0.01)  # A, O as o, o; not a as A, B as b
    assert scores.macro_recall == pytest.approx(100 * 2 / 6, abs=0.01)
    assert scores.rejected == 0
    assert scores.low < scores.accuracy < scores.high


def test_both_kinds_of_refusal_are_counted() -> None:
    rows = [
        answer({"A": 0.9}, 0.1),
        answer({"A": 0.6}, 0.4),
        answer({"A": 0.4, "B": 0.4}),
        answer({"A": 0.3}, 0.7),
    ]
    assert scored(rows, "AAAA", Calibration(1.0, 0.5, 0.3)).rejected == 75
    assert scored(rows, "AAAA").rejected == 0


def test_no_character_is_no_answer() -> None:
    rows = [answer({"A": 0.2}, 0.8), answer({"B": 0.1, "C": 0.06, "D": 0.04}, 0.8)]
    scores = scored(rows, "Aa")
    assert (scores.accuracy, scores.case_insensitive, scores.top3) == (50, 50, 50)
    assert scores.calibration_error == pytest.approx(45)  # (|0.2 − 1| + |0.1 − 0|) / 2
    table = confusion(np.stack(rows), written("Aa"))
    assert table.shape == (52, 52)
    assert np.argwhere(table).tolist() == [[0, 0], [LETTERS.index("a"), LETTERS.index("B")]]


def test_a_letter_is_right_in_either_case() -> None:
    assert letter_right(answers("AaoB"), written("aaOb"), LETTERS).tolist() == [True, True, True, True]
    assert letter_right(answers("AaoB"), written("bcDE"), LETTERS).tolist() == [False, False, False, False]


def test_the_three_best_are_letters_not_characters() -> None:
    row = answer({"O": 0.3, "o": 0.25, "C": 0.15, "c": 0.12, "Q": 0.1, "D": 0.08})
    found = [scored([row], letter).top3 for letter in "OoCcQqDdE"]
    assert found == [100, 100, 100, 100, 100, 100, 0, 0, 0]


def test_the_three_best_are_best_with_both_cases_together() -> None:
    row = answer({"A": 0.3, "B": 0.2, "C": 0.18, "x": 0.16, "X": 0.16})
    assert [scored([row], letter).top3 for letter in "xABC"] == [100, 100, 100, 0]


def test_risk_grows_with_coverage_by_hand() -> None:
    sure = np.array([0.9, 0.1, 0.5, 0.7])
    assert risk_by_coverage(sure, np.array([True, False, False, True])) == pytest.approx([0, 0, 1 / 3, 1 / 2])
    assert risk_by_coverage(sure, np.array([False, True, True, True])) == pytest.approx(
        [1, 1 / 2, 1 / 3, 1 / 4]
    )


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_the_risk_of_k_answers_counts_mistakes_among_them(rows: list[tuple[float, bool]]) -> None:
    sure, correct = (np.array(column) for column in zip(*rows, strict=True))
    risk = risk_by_coverage(sure, correct)
    mistakes = risk * np.arange(1, len(rows) + 1)
    assert np.isin(np.diff(mistakes, prepend=0).round(6), (0, 1)).all()
    assert risk[-1] == pytest.approx(1 - correct.mean())
    for k in range(1, len(rows)):
        surest = ~correct[sure > np.sort(sure)[-k - 1]]  # fewer than k where some are equally sure
        assert mistakes[k - 1] >= surest.sum() - 1e-6


@pytest.mark.parametrize(("doubtful", "expected"), [("wrong", 0.0), ("right", 100 * 5 / 95)])
def test_confident_errors_are_those_among_the_surest(doubtful: str, expected: float) -> None:
    """95 letters right and 5 wrong; what is doubtful is the 5 wrong ones or 5 of the right ones."""
    read = "B" * 5 + "A" * 95
    doubted = np.arange(100) < 5 if doubtful == "wrong" else np.arange(100) >= 95
    rows = np.where(doubted[:, None], answers(read, 0.6), answers(read, 0.9))
    scores = score(rows, written("a" * 100), LETTERS, LENIENT)
    assert scores.confident_error == pytest.approx(expected, abs=0.01)


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
