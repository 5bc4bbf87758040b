"""Printed lines go, and what only looks like one stays: the feet of digits in a row."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.pages.rules import without_rules

LEVEL = 80


def feet(count: int, wavering: float = 2.0) -> NDArray[np.uint8]:
    """Angles side by side whose feet nearly touch, as those of 2 2 2 do, one higher than the next."""
    ink = np.zeros((80, 60 * count + 40), np.uint8)
    for number in range(count):
        left, bottom = 20 + 60 * number, 60 + round(wavering * (-1) ** number)
        ink[12:bottom, left : left + 4] = 255
        ink[bottom - 4 : bottom, left : left + 50] = 255
    return ink


def ruled(ink: NDArray[np.uint8], *rows: int) -> NDArray[np.uint8]:
    """With printed lines across it that fade now and then."""
    lined = ink.copy()
    for row in rows:
        for left in range(0, ink.shape[1], 50):
            lined[row : row + 2, left : left + 40] = np.maximum(lined[row : row + 2, left : left + 40], 160)
    return lined


@pytest.mark.parametrize("count", [4, 7])
def test_the_feet_of_digits_stay(count: int) -> None:
    ink = feet(count)
    assert np.array_equal(without_rules(ink, LEVEL), ink)


def test_a_straight_line_that_fades_goes_and_the_digits_on_it_stay() -> None:
    ink = feet(7)
    left = without_rules(ruled(ink, 74), LEVEL)
    assert not (left[72:] >= LEVEL).any()
    assert (left[:64] >= LEVEL).sum() == (ink[:64] >= LEVEL).sum()


def test_a_line_bent_by_the_paper_goes() -> None:
    ink = np.zeros((80, 500), np.uint8)
    for column in range(500):
        row = round(40 + 2 * ((column - 250) / 250) ** 2)
        if column % 50 < 42:
            ink[row : row + 2, column] = 200
    assert not (without_rules(ink, LEVEL) >= LEVEL).any()
