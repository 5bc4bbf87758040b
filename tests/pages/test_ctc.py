"""Sums over all ways to say something, held against CTC's definition."""

from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest

from app.pages.ctc import NONE, Columns, aligned, log_of_one, of_several
from tests.pages.columns import saying


def columns(count: int, seed: int = 0, digits: str = "0123456789") -> Columns:
    """Random probabilities of some digits and of none, the others next to impossible."""
    allowed = [int(d) for d in digits] + [NONE]
    scores = np.full((count, NONE + 1), -50.0)
    scores[:, allowed] = np.random.default_rng(seed).normal(0, 2, (count, len(allowed)))
    return np.asarray(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))


def said_by_every_way(said: Columns, digits: str) -> dict[str, float]:
    """What CTC's definition says, by going all ways: what is repeated counts once, then what is none is left out."""
    shares: dict[str, float] = defaultdict(float)
    for way in product([*map(int, digits), NONE], repeat=len(said)):
        text = "".join(str(state) for state, _ in groupby(way) if state != NONE)
        shares[text] += float(np.exp(said[np.arange(len(said)), way].sum()))
    return shares


@pytest.mark.parametrize("seed", range(4))
def test_one_digit_is_as_likely_as_all_ways_to_say_it(seed: int) -> None:
    said = columns(5, seed, "38")
    every = said_by_every_way(said, "38")
    ones = np.exp(log_of_one(said))
    assert ones[[3, 8]] == pytest.approx([every["3"], every["8"]], rel=1e-6)
    assert np.delete(ones, [3, 8]).max() < 1e-9


def test_no_columns_say_no_digit() -> None:
    assert np.isneginf(log_of_one(np.empty((0, NONE + 1)))).all()


@pytest.mark.parametrize("seed", range(4))
def test_several_digits_are_as_likely_as_all_ways_to_say_them(seed: int) -> None:
    said = columns(5, seed, "38")
    every = said_by_every_way(said, "38")
    found = of_several(said)
    best = max((text for text in every if len(text) > 1), key=every.__getitem__)
    assert max(found, key=found.__getitem__) == best
    assert found[best] == pytest.approx(every[best], rel=0.02)  # the search forgets what is unlikely
    assert all(found[text] <= every[text] * 1.000001 for text in found)


def test_a_digit_twice_needs_a_column_between() -> None:
    assert of_several(saying("33-")) == {}
    assert list(of_several(saying("3-3"))) == ["33"]


def test_a_text_stands_where_it_is_said() -> None:
    assert aligned(saying("-44--1-9"), "419") == [1.5, 5.0, 7.0]
