"""Batches: the same again for the same seed, as much augmented as asked, each sample as often as it says."""

import numpy as np
import pytest

from app.recognition.alphabets import DIGITS
from app.training.batches import TrainingBatches
from app.training.corpus import Examples

pytestmark = pytest.mark.timeout(300)  # the first test waits for TensorFlow


@pytest.fixture(scope="module")
def bars() -> Examples:
    """Forty lying bars in two renderings, thin and thick: ten each of 0, 1, 2 and of no character."""
    glyphs = np.zeros((40, 2, 28, 28), np.uint8)
    glyphs[:, 0, 13:15, 4:24] = glyphs[:, 1, 11:17, 4:24] = 255
    allowed = np.eye(DIGITS.num_outputs, dtype=bool)[np.repeat([0, 1, 2, 10], 10)]
    return Examples(glyphs, allowed, np.ones(40, np.float32))


def test_a_batch_is_glyphs_and_what_they_may_be(bars: Examples) -> None:
    batches = TrainingBatches(bars, batch_size=8, seed=0)
    assert len(batches) == 5
    glyphs, allowed = batches[0]
    assert (glyphs.shape, allowed.shape) == ((8, 28, 28, 1), (8, DIGITS.num_outputs))
    assert glyphs.dtype == allowed.dtype == np.float32
    assert 0 <= glyphs.min() < glyphs.max() <= 1


def test_an_epoch_uses_every_sample_and_the_next_one_in_another_order(bars: Examples) -> None:
    batches = TrainingBatches(bars, batch_size=8, seed=0)
    first = batches.order.copy()
    assert sorted(first) == list(range(40))
    batches.on_epoch_end()
    assert sorted(batches.order) == list(range(40))
    assert not np.array_equal(batches.order, first)


def test_randomness_follows_from_seed_epoch_and_index(bars: Examples) -> None:
    batches = TrainingBatches(bars, batch_size=8, seed=3)
    batches.on_epoch_end()
    resumed = TrainingBatches(bars, batch_size=8, seed=3, first_epoch=1)
    assert np.array_equal(batches[2][0], resumed[2][0])
    for other in (TrainingBatches(bars, 8, seed=4, first_epoch=1), TrainingBatches(bars, 8, seed=3)):
        assert not np.array_equal(other[2][0], resumed[2][0])


def test_repeats_are_how_often_a_sample_is_used(bars: Examples) -> None:
    often = Examples(bars.glyphs, bars.allowed, np.repeat([3, 0.5], 20).astype(np.float32))
    used = np.bincount(TrainingBatches(often, batch_size=7, seed=0).order, minlength=40)
    assert (used[:20] >= 3).all()
    assert 3 <= used[20:].sum() <= 17


def test_renderings_take_turns_and_can_be_shown_as_they_are(bars: Examples) -> None:
    glyphs, _ = TrainingBatches(bars, batch_size=40, seed=0, augmented_share=0)[0]
    is_thick = glyphs[:, 11, 14, 0] > 0
    assert 10 <= is_thick.sum() <= 30
    expected = bars.glyphs[0, is_thick.astype(int)] * np.float32(1 / 255)
    assert np.array_equal(glyphs[..., 0], expected)


def test_a_share_of_the_images_is_augmented(bars: Examples) -> None:
    glyphs, _ = TrainingBatches(bars, batch_size=40, seed=0, augmented_share=0.5)[0]
    as_they_are = [any(np.array_equal(g[..., 0] * 255, r) for r in bars.glyphs[0]) for g in glyphs]
    assert 10 <= sum(as_they_are) <= 30


@pytest.mark.parametrize("augmented_share", [1.0, 0.999])
def test_wide_turns_reach_the_images(bars: Examples, augmented_share: float) -> None:
    usual, wide = (
        TrainingBatches(bars, 40, seed=0, augmented_share=augmented_share, wide_turns=share)[0][0]
        for share in (0.0, 1.0)
    )
    usual_height, wide_height = ((glyphs.max(axis=2) > 0.3).sum(axis=1).mean() for glyphs in (usual, wide))
    assert wide_height > usual_height + 2  # a bar that is turned is taller


@pytest.fixture(scope="module")
def drawn(bars: Examples) -> Examples:
    """The bars, each with a trace from left to right."""
    traces = np.zeros((*bars.glyphs.shape, 3), np.int8)
    traces[..., 0] = bars.glyphs // 255 * np.uint8(127)
    return Examples(bars.glyphs, bars.allowed, bars.repeats, traces)


def test_a_network_of_glyphs_alone_sees_no_traces(drawn: Examples, bars: Examples) -> None:
    with_traces, without = (
        TrainingBatches(data, 40, seed=0, augmented_share=0)[0][0] for data in (drawn, bars)
    )
    assert with_traces.shape == (40, 28, 28, 1)
    assert np.array_equal(with_traces, without)


def test_a_network_for_pens_sees_most_drawings_with_their_traces(drawn: Examples, bars: Examples) -> None:
    inputs, _ = TrainingBatches(drawn, 40, seed=0, augmented_share=0.5, channels=4)[0]
    assert inputs.shape == (40, 28, 28, 4)
    has_trace = inputs[..., 1:].any(axis=(1, 2, 3))
    assert 12 <= has_trace.sum() <= 28
    assert (inputs[has_trace, ..., 1].max(axis=(1, 2)) > 0.9).all()
    assert inputs[..., 0].max(axis=(1, 2)).min() > 0.5
    pictures, _ = TrainingBatches(bars, 40, seed=0, channels=4)[0]
    assert pictures.shape == (40, 28, 28, 4)
    assert not pictures[..., 1:].any()
