"""Augmentation: pure, seeded, and gentle enough that the label stays true."""

from collections.abc import Callable

import numpy as np
import pytest

from app.training.augment import Images, augment, vary_contrast, vary_stroke_width, warp

CHANGES = [augment, warp, vary_stroke_width, vary_contrast]
Change = Callable[[Images, np.random.Generator], Images]


@pytest.fixture(scope="module")
def rings() -> Images:
    """64 rings: a shape whose hole and place are easily checked."""
    y, x = np.mgrid[0:28, 0:28]
    distance = np.hypot(y - 13.5, x - 13.5)
    return np.tile(np.clip(2 - np.abs(distance - 7), 0, 1).astype(np.float32), (64, 1, 1))


@pytest.mark.parametrize("change", CHANGES)
def test_the_same_seed_gives_the_same_images(change: Change, rings: Images) -> None:
    first, second = (change(rings, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, change(rings, np.random.default_rng(6)))


@pytest.mark.parametrize("change", CHANGES)
def test_what_comes_back_is_of_the_same_kind(change: Change, rings: Images) -> None:
    before = rings.copy()
    after = change(rings, np.random.default_rng(0))
    assert np.array_equal(rings, before), "the input was written to"
    assert (after.shape, after.dtype) == (rings.shape, np.dtype(np.float32))
    assert after.min() >= 0
    assert after.max() <= 1


@pytest.mark.parametrize("change", CHANGES)
def test_a_ring_stays_a_ring(change: Change, rings: Images) -> None:
    after = change(rings, np.random.default_rng(1))
    hole, band = after[:, 12:16, 12:16].mean(axis=(1, 2)), after.max(axis=(1, 2))
    assert (hole < 0.2 * band).all()
    edge = np.concatenate([after[:, 0], after[:, -1], after[:, :, 0], after[:, :, -1]], axis=1)
    assert (edge < 0.2).all()


def test_images_do_not_bleed_into_each_other(rings: Images) -> None:
    mixed = rings.copy()
    mixed[1::2] = 0
    assert not augment(mixed, np.random.default_rng(2))[1::2].any()


def test_stroke_width_really_varies(rings: Images) -> None:
    mass = vary_stroke_width(rings, np.random.default_rng(3)).sum(axis=(1, 2)) / rings.sum(axis=(1, 2))
    assert mass.min() < 0.85
    assert mass.max() > 1.2
