"""Height shares out a letter's probability between its cases, and touches nothing else."""

import numpy as np
import pytest

from app.recognition.alphabets import COMBINED, LETTERS
from app.recognition.errors import NoUsableStroke
from app.recognition.heights import parse_cap_height, relative_height, share_by_height

HEIGHTS = {"C": (np.log(0.95), 0.2), "c": (np.log(0.55), 0.2), "X": (0.0, 0.2)}


def row_of(**shares: float) -> np.ndarray:
    row = np.full(LETTERS.num_outputs, 0.001, np.float32)
    for character, share in shares.items():
        row[LETTERS.index(character)] = share
    return row


@pytest.mark.parametrize(("height", "expected"), [(1.0, "C"), (0.5, "c")])
def test_a_tall_one_is_a_capital_and_a_low_one_is_small(height: float, expected: str) -> None:
    shared = share_by_height(row_of(C=0.4, c=0.4), LETTERS, HEIGHTS, height)
    assert shared[LETTERS.index(expected)] > 0.7
    assert shared[[LETTERS.index("C"), LETTERS.index("c")]].sum() == pytest.approx(0.8, rel=1e-5)


def test_other_letters_and_the_row_itself_stay_as_they_are() -> None:
    row = row_of(C=0.4, c=0.4, X=0.1, x=0.05)
    before = row.copy()
    shared = share_by_height(row, LETTERS, HEIGHTS, 0.5)
    changed = {LETTERS.characters[i] for i in np.flatnonzero(shared[:-1] != before[:-1])}
    assert changed == {"C", "c"}
    np.testing.assert_array_equal(row, before)


def test_a_certain_case_is_not_overturned_by_a_strange_height() -> None:
    shared = share_by_height(row_of(C=0.98, c=0.002), LETTERS, HEIGHTS, 0.2)
    assert shared[LETTERS.index("C")] > shared[LETTERS.index("c")]


def test_digits_keep_their_probability() -> None:
    row = np.full(COMBINED.num_outputs, 1 / COMBINED.num_outputs, np.float32)
    np.testing.assert_array_equal(share_by_height(row, COMBINED, HEIGHTS, 1.0)[:10], row[:10])


def test_height_is_relative_to_a_capital_and_bounded() -> None:
    strokes = (np.array([[0, 10], [5, 30]], np.float32), np.array([[9, 50]], np.float32))
    assert relative_height(strokes, 80) == pytest.approx(0.5)
    assert relative_height(strokes, 1) == 3
    assert relative_height((np.zeros((1, 2), np.float32),), 80) == pytest.approx(0.2)


@pytest.mark.parametrize("value", [0, -1, True, "120", None, [], float("nan"), float("inf"), 1e7])
def test_a_cap_height_that_is_no_height_is_refused(value: object) -> None:
    with pytest.raises(NoUsableStroke):
        parse_cap_height(value)
