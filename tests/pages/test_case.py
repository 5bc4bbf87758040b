"""Height and what hangs below the line share out a letter between its cases, and change no letter."""

import numpy as np
import pytest

from app.pages.case import share_by_case
from app.pages.components import Box
from app.recognition.alphabets import LETTERS

HEIGHTS = {c: ((0.0, 0.2) if c.isupper() else (-0.6, 0.2)) for c in LETTERS} | {"p": (0.0, 0.2)}


def shares_of(*rows: dict[str, float]) -> np.ndarray:
    shares = np.full((len(rows), len(LETTERS)), 1e-9)
    for row, known in zip(shares, rows, strict=True):
        for character, share in known.items():
            row[LETTERS.index(character)] = share
    return shares


def best(shares: np.ndarray) -> str:
    return "".join(LETTERS.characters[i] for i in shares.argmax(axis=1))


def test_the_tall_one_is_the_capital() -> None:
    shares = shares_of({"O": 0.5, "o": 0.5}, {"H": 1.0}, {"O": 0.5, "o": 0.5})
    boxes = [Box(0, 0, 30, 40), Box(40, 0, 30, 40), Box(80, 18, 30, 22)]
    assert best(share_by_case(shares, boxes, [0, 1, 2], LETTERS, HEIGHTS, 40.0)) == "OHo"


def test_what_hangs_below_the_line_is_the_small_one() -> None:
    shares = shares_of({"P": 0.5, "p": 0.5}, {"H": 1.0}, {"E": 1.0}, {"P": 0.5, "p": 0.5})
    boxes = [Box(0, 0, 30, 40), Box(40, 0, 30, 40), Box(80, 0, 30, 40), Box(120, 17, 30, 40)]
    assert best(share_by_case(shares, boxes, [0, 1, 2, 3], LETTERS, HEIGHTS, 40.0)) == "PHEp"


def test_both_cases_together_keep_what_they_had() -> None:
    shares = shares_of({"O": 0.5, "o": 0.2, "Q": 0.3}, {"H": 1.0}, {"S": 0.4, "s": 0.6})
    boxes = [Box(0, 0, 30, 40), Box(40, 0, 30, 40), Box(80, 18, 30, 22)]
    after = share_by_case(shares, boxes, [0, 1, 2], LETTERS, HEIGHTS, 40.0)
    for small, capital in (("o", "O"), ("s", "S"), ("q", "Q")):
        columns = [LETTERS.index(small), LETTERS.index(capital)]
        assert after[:, columns].sum(axis=1) == pytest.approx(shares[:, columns].sum(axis=1), abs=1e-5)


def test_a_letter_alone_has_nothing_to_be_compared_with() -> None:
    shares = shares_of({"O": 0.5, "o": 0.5})
    assert share_by_case(shares, [Box(0, 0, 30, 40)], [0], LETTERS, HEIGHTS, 40.0) is shares
