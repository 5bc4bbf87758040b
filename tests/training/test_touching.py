"""Pictures for the pair network: what they show is what they are labelled with."""

import numpy as np
import pytest
from keras import ops

from app.pages.pairs import PAIR_PX
from app.training.pairs import pair_loss, pair_network, pictures
from app.training.touching import Shelf, example


@pytest.fixture
def shelf() -> Shelf:
    """Ones as bars and sevens as hooks, of one hand."""
    bar = np.zeros((40, 6), np.uint8)
    bar[:, 1:5] = 255
    hook = np.zeros((40, 24), np.uint8)
    hook[:4], hook[:, 20:] = 255, 255
    return {"1": [bar], "7": [hook]}


def test_pictures_are_of_pairs_and_of_others(shelf: Shelf) -> None:
    drawn = [example(shelf, np.random.default_rng(seed)) for seed in range(200)]
    pairs = [each for each in drawn if each.is_pair]
    assert 80 < len(pairs) < 160
    assert {each.first for each in pairs} == {each.second for each in pairs} == {1, 7}
    assert all(each.first == each.second == 0 for each in drawn if not each.is_pair)
    assert all(each.glyph.shape == PAIR_PX and each.glyph.max() > 200 for each in drawn)


def test_two_sevens_are_wider_than_two_ones(shelf: Shelf) -> None:
    widths: dict[tuple[int, int], list[int]] = {(1, 1): [], (7, 7): []}
    for seed in range(300):
        drawn = example(shelf, np.random.default_rng(seed))
        if drawn.is_pair and (drawn.first, drawn.second) in widths:
            widths[drawn.first, drawn.second].append(int(np.ptp(np.flatnonzero(drawn.glyph.any(axis=0)))))
    assert np.median(widths[7, 7]) > 1.5 * np.median(widths[1, 1])


def test_the_truth_of_what_is_no_pair_names_no_digit(shelf: Shelf) -> None:
    glyphs, truth = pictures([shelf], 60, np.random.default_rng(3))
    is_pair = truth[:, 20] == 1
    assert glyphs.shape == (60, *PAIR_PX)
    assert (truth[:, :20].sum(axis=1) == 2 * is_pair).all()


def test_digits_are_asked_only_of_pairs() -> None:
    said = np.full((2, 21), 0.1, np.float32)
    said[:, 20] = 0.5
    truth = np.zeros((2, 21), np.float32)
    truth[1, [3, 14, 20]] = 1
    other, pair = ops.convert_to_numpy(pair_loss(truth, said)).tolist()
    assert other == pytest.approx(-np.log(0.5), abs=1e-4)
    assert pair == pytest.approx(-np.log(0.5) - 2 * np.log(0.1), abs=1e-4)


def test_the_network_answers_three_questions() -> None:
    said = ops.convert_to_numpy(pair_network()(np.zeros((2, *PAIR_PX, 1), np.float32)))
    assert said.shape == (2, 21)
    assert said[:, :10].sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert said[:, 10:20].sum(axis=1) == pytest.approx(1, abs=1e-5)
    assert ((said[:, 20] > 0) & (said[:, 20] < 1)).all()
