"""Composed lines: one writer's sizes, boxes where the characters are."""

import numpy as np
import pytest

from app.training.datasets import Labelled
from app.training.evaluate_pages import distance
from app.training.lines import SEPARATED, TOUCHING, Writer, compose, writers_of

TALL = (np.array([[0, 0], [0, 40]], np.float32), np.array([[0, 20], [20, 20]], np.float32))
LOW = (np.array([[0, 0], [18, 0], [18, 20], [0, 20], [0, 0]], np.float32),)


@pytest.fixture
def written() -> Labelled:
    labels = np.array(["E", "o"] * 20)
    blank = np.zeros((40, 1, 1), np.uint8)
    return Labelled("two letters", blank, labels, np.array(["ann"] * 40), [TALL, LOW] * 20)


def test_a_writers_sizes_stay_true(written: Labelled) -> None:
    line = compose(Writer(written), "Eo", np.random.default_rng(0), SEPARATED, pen_px=4, height_px=40)
    tall, low = (bottom - top for _, top, _, bottom in line.boxes)
    assert (tall, low) == pytest.approx((44, 24), abs=1)


def test_boxes_hold_the_ink(written: Labelled) -> None:
    line = compose(Writer(written), "oE o", np.random.default_rng(1))
    left, top = (min(box[i] for box in line.boxes) for i in (0, 1))
    rows, columns = np.nonzero(line.ink > 100)
    assert (columns.min(), rows.min()) == pytest.approx((left, top), abs=2)
    assert len(line.boxes) == 3


def test_separated_characters_leave_a_gap_and_touching_ones_do_not(written: Labelled) -> None:
    for spacing, is_apart in ((SEPARATED, True), (TOUCHING, False)):
        line = compose(Writer(written), "oooo", np.random.default_rng(2), spacing, pen_px=2)
        gaps = [after[0] - before[2] for before, after in zip(line.boxes, line.boxes[1:], strict=False)]
        assert all((gap > 0) == is_apart for gap in gaps)


def test_only_writers_of_enough_are_taken(written: Labelled) -> None:
    assert list(writers_of(written, fewest=40)) == ["ann"]
    assert not writers_of(written, fewest=41)


@pytest.mark.parametrize(
    ("a", "b", "edits"), [("", "12", 2), ("123", "123", 0), ("123", "13", 1), ("12", "21", 2)]
)
def test_edit_distance(a: str, b: str, edits: int) -> None:
    assert distance(a, b) == edits


def test_drawings_of_one_hand_keep_their_sizes(written: Labelled) -> None:
    writer = Writer(written)
    (tall, _), (low, _) = (np.nonzero(writer.drawings(c, 1, 40, 4.0)[0] > 100) for c in "Eo")
    assert (np.ptp(tall), np.ptp(low)) == pytest.approx((43, 23), abs=1)
    assert len(writer.drawings("E", 3, 40, 4.0)) == 3
