"""Strips to learn from say what they show, and the network learns them."""

import keras
import numpy as np
import pytest
from keras import ops

from app.pages.ctc import log_of_one
from app.pages.strips import COLUMN_PX, STRIP_PX
from app.training.digit_strips import Shelf, strip_of
from app.training.strips import Strips, ctc_loss, gathered, strip_network, train


@pytest.fixture
def shelf() -> Shelf:
    """Ones as bars and sevens as hooks, of one hand."""
    bar = np.zeros((40, 6), np.uint8)
    bar[:, 1:5] = 255
    hook = np.zeros((40, 24), np.uint8)
    hook[:4], hook[:, 20:] = 255, 255
    return {"1": [bar], "7": [hook]}


def test_strips_are_of_one_digit_to_ten(shelf: Shelf) -> None:
    drawn = [strip_of(shelf, np.random.default_rng(seed)) for seed in range(150)]
    assert {len(text) for _, text in drawn} == set(range(1, 11))
    assert set("".join(text for _, text in drawn)) == {"1", "7"}
    assert all(picture.shape[0] == STRIP_PX and picture.max() > 200 for picture, _ in drawn)


def test_more_digits_and_wider_ones_make_wider_strips(shelf: Shelf) -> None:
    widths: dict[str, list[int]] = {}
    for seed in range(400):
        picture, text = strip_of(shelf, np.random.default_rng(seed))
        widths.setdefault(text, []).append(picture.shape[1])
    assert np.median(widths["77"]) > 1.5 * np.median(widths["11"])
    assert np.median(widths["77"]) > 1.3 * np.median(widths["7"])


def test_strips_are_gathered_by_width_and_none_is_cropped(shelf: Shelf) -> None:
    strips = gathered([shelf], {"7": shelf["7"]}, 200, np.random.default_rng(0))
    assert 190 <= sum(len(part.texts) for part in strips) <= 200
    for part in strips:
        assert part.pictures.shape[:2] == (len(part.texts), STRIP_PX)
        lengths = (part.texts < 10).sum(axis=1)
        assert lengths.min() >= 1
        assert all((text[length:] == 10).all() for text, length in zip(part.texts, lengths, strict=True))


def test_the_loss_of_one_digit_is_that_of_all_ways_to_say_it() -> None:
    scores = np.random.default_rng(0).normal(size=(1, 1, 6, 11)).astype(np.float32)
    columns = scores[0, 0] - np.logaddexp.reduce(scores[0, 0], axis=1, keepdims=True)
    text = np.full((1, 10), 10, np.int32)
    text[0, 0] = 4
    loss = ops.convert_to_numpy(ctc_loss(text, scores))
    assert loss == pytest.approx([-log_of_one(columns.astype(np.float64))[4]], rel=1e-4)


def test_the_network_says_for_every_column_which_digit_is_there() -> None:
    said = ops.convert_to_numpy(strip_network()(np.zeros((2, STRIP_PX, 64, 1), np.float32)))
    assert said.shape == (2, 1, 64 // COLUMN_PX, 11)
    assert said.sum(axis=-1) == pytest.approx(1, abs=1e-5)


def test_the_network_learns_bars_and_hooks(shelf: Shelf) -> None:
    strips = gathered([shelf], shelf, 500, np.random.default_rng(0))
    most = max(strips, key=lambda part: len(part.texts))
    untrained, trained = (mean_loss(network, most) for network in (strip_network(), train(strips, 6, 0)))
    assert trained < 0.2 * untrained


def mean_loss(network: keras.Model, strips: Strips) -> float:
    """Of some strips, normalised as in training."""
    scores = keras.Model(network.input, network.get_layer("scores").output)
    shown = strips.pictures[:64, ..., None] / np.float32(255)
    return float(ops.mean(ctc_loss(strips.texts[:64], scores(shown, training=True))))
