"""Height shares out a letter's probability between its cases, and touches nothing else."""

import math
from string import ascii_lowercase, ascii_uppercase

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.errors import NoUsableStroke
from app.recognition.heights import CasesByHeight, Heights, parse_cap_height, relative_height

HEIGHTS = {"C": (np.log(0.95), 0.2), "c": (np.log(0.55), 0.2), "X": (0.0, 0.2)}

fitted = st.tuples(st.floats(-1.5, 1), st.floats(0.05, 1))
some_heights = st.dictionaries(st.sampled_from(LETTERS.characters), fitted)
all_heights = st.fixed_dictionaries(dict.fromkeys(LETTERS, fitted))


def row_of(**shares: float) -> np.ndarray:
    row = np.full(LETTERS.num_outputs, 0.001, np.float32)
    for character, share in shares.items():
        row[LETTERS.index(character)] = share
    return row


def shared_plainly(row: np.ndarray, alphabet: Alphabet, heights: Heights, height: float) -> np.ndarray:
    """Bayes' rule, letter by letter."""
    shared = row.astype(float)
    for pair in zip(ascii_uppercase, ascii_lowercase, strict=True):
        fits = [heights[character] for character in pair if character in alphabet and character in heights]
        if len(fits) < 2 or abs(fits[0][0] - fits[1][0]) < 0.2:
            continue
        outputs = [alphabet.index(character) for character in pair]
        densities = [
            math.exp(-(((math.log(height) - mean) / spread) ** 2) / 2) / spread + 0.05
            for mean, spread in fits
        ]
        weights = [row[output] * density for output, density in zip(outputs, densities, strict=True)]
        for output, weight in zip(outputs, weights, strict=True):
            shared[output] = row[outputs].sum() * weight / sum(weights)
    return shared


@given(
    st.sampled_from([DIGITS, LETTERS, COMBINED]),
    some_heights | all_heights,
    st.floats(0.2, 3),
    st.integers(0, 2**32 - 1),
)
def test_cases_are_shared_out_by_bayes_rule(
    alphabet: Alphabet, heights: Heights, height: float, seed: int
) -> None:
    row = np.random.default_rng(seed).dirichlet(np.full(alphabet.num_outputs, 0.5)).astype(np.float32)
    shared = CasesByHeight(alphabet, heights).share(row, height)
    assert (shared.dtype, shared.shape) == (row.dtype, row.shape)
    np.testing.assert_allclose(shared, shared_plainly(row, alphabet, heights, height), rtol=0, atol=1e-6)


@pytest.mark.parametrize(("height", "expected"), [(1.0, "C"), (0.5, "c")])
def test_a_tall_one_is_a_capital_and_a_low_one_is_small(height: float, expected: str) -> None:
    shared = CasesByHeight(LETTERS, HEIGHTS).share(row_of(C=0.4, c=0.4), height)
    assert shared[LETTERS.index(expected)] > 0.7
    assert shared[[LETTERS.index("C"), LETTERS.index("c")]].sum() == pytest.approx(0.8, rel=1e-5)


def test_other_letters_and_the_row_itself_stay_as_they_are() -> None:
    row = row_of(C=0.4, c=0.4, X=0.1, x=0.05)
    before = row.copy()
    shared = CasesByHeight(LETTERS, HEIGHTS).share(row, 0.5)
    changed = {LETTERS.characters[i] for i in np.flatnonzero(shared[:-1] != before[:-1])}
    assert changed == {"C", "c"}
    np.testing.assert_array_equal(row, before)


def test_a_certain_case_is_not_overturned_by_a_strange_height() -> None:
    shared = CasesByHeight(LETTERS, HEIGHTS).share(row_of(C=0.98, c=0.002), 0.2)
    assert shared[LETTERS.index("C")] > shared[LETTERS.index("c")]


def test_digits_keep_their_probability() -> None:
    row = np.full(COMBINED.num_outputs, 1 / COMBINED.num_outputs, np.float32)
    np.testing.assert_array_equal(CasesByHeight(COMBINED, HEIGHTS).share(row, 1.0)[:10], row[:10])


def test_height_is_relative_to_a_capital_and_bounded() -> None:
    strokes = (np.array([[0, 10], [5, 30]], np.float32), np.array([[9, 50]], np.float32))
    assert relative_height(strokes, 80) == pytest.approx(0.5)
    assert relative_height(strokes, 1) == 3
    assert relative_height((np.zeros((1, 2), np.float32),), 80) == pytest.approx(0.2)


@pytest.mark.parametrize("cap_height", [5e-324, 1e-60, 1e-38])
def test_a_tiny_cap_height_makes_no_height_that_is_no_number(cap_height: float) -> None:
    dot = (np.zeros((1, 2), np.float32),)
    assert relative_height(dot, cap_height) == pytest.approx(0.2)
    assert relative_height((*dot, np.full((1, 2), 1e6, np.float32)), cap_height) == 3


@pytest.mark.parametrize("value", [0, -1, True, "120", None, [], float("nan"), float("inf"), 1e7])
def test_a_cap_height_that_is_no_height_is_refused(value: object) -> None:
    with pytest.raises(NoUsableStroke):
        parse_cap_height(value)
