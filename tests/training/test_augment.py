"""Augmentation: pure, seeded, and gentle enough that the label stays true."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.recognition.strokes import Strokes
from app.training.augment import (
    Images,
    augment,
    vary_contrast,
    vary_order,
    vary_stroke_width,
    vary_strokes,
    warp,
)

Change = Callable[[Images, np.random.Generator], Images]


def of_images(change: Callable[..., Images], **options: Any) -> Change:
    """A change of inputs (N, 28, 28, 1) as one of images."""
    return lambda images, rng: change(images[..., None], rng, **options)[..., 0]


CHANGES: dict[str, Change] = {
    "augment": of_images(augment),
    "augment, turned": of_images(augment, wide_turns=0.5),
    "warp": of_images(warp),
    "warp, turned": of_images(warp, wide_turns=1.0),
    "warp, strong": of_images(warp, strength=(0.5, 1.8)),
    "stroke width": vary_stroke_width,
    "contrast": vary_contrast,
}
every_change = pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))

SEVEN = (np.array([[60, 60], [200, 60], [120, 220]], np.float32),)

coordinates = st.floats(-1000, 1000, width=32)
drawings = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12), min_size=1)


@pytest.fixture(scope="module")
def rings() -> Images:
    """64 rings: a shape whose hole and place are easily checked."""
    y, x = np.mgrid[0:28, 0:28]
    distance = np.hypot(y - 13.5, x - 13.5)
    return np.tile(np.clip(2 - np.abs(distance - 7), 0, 1).astype(np.float32), (64, 1, 1))


@every_change
def test_the_same_seed_gives_the_same_images(change: Change, rings: Images) -> None:
    first, second = (change(rings, np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, change(rings, np.random.default_rng(6)))


@every_change
def test_what_comes_back_is_of_the_same_kind(change: Change, rings: Images) -> None:
    before = rings.copy()
    after = change(rings, np.random.default_rng(0))
    assert np.array_equal(rings, before), "the input was written to"
    assert (after.shape, after.dtype) == (rings.shape, np.dtype(np.float32))
    assert after.min() >= 0
    assert after.max() <= 1


@every_change
def test_a_ring_stays_a_ring(change: Change, rings: Images) -> None:
    after = change(rings, np.random.default_rng(1))
    hole, band = after[:, 12:16, 12:16].mean(axis=(1, 2)), after.max(axis=(1, 2))
    assert (hole < (0.25 if change is CHANGES["warp, strong"] else 0.2) * band).all()
    edge = np.concatenate([after[:, 0], after[:, -1], after[:, :, 0], after[:, :, -1]], axis=1)
    assert (edge < 0.2).all()


def test_images_do_not_bleed_into_each_other(rings: Images) -> None:
    mixed = rings.copy()
    mixed[1::2] = 0
    assert not augment(mixed[..., None], np.random.default_rng(2))[1::2].any()


def test_a_trace_goes_where_its_glyph_goes(rings: Images) -> None:
    """Every other ring was drawn; its trace is as strong as its ink."""
    inputs = np.zeros((*rings.shape, 4), np.float32)
    inputs[..., 0] = rings
    inputs[::2, ..., 1] = inputs[::2, ..., 2] = rings[::2]
    inputs[::2, ..., 3] = -rings[::2]
    moved = warp(inputs, np.random.default_rng(3))
    assert not np.array_equal(moved, inputs)
    assert not moved[1::2, ..., 1:].any()
    for channel, sign in ((1, 1), (2, 1), (3, -1)):
        assert np.allclose(moved[::2, ..., channel], sign * moved[::2, ..., 0], atol=1e-6)


def test_stroke_width_really_varies(rings: Images) -> None:
    mass = vary_stroke_width(rings, np.random.default_rng(3)).sum(axis=(1, 2)) / rings.sum(axis=(1, 2))
    assert mass.min() < 0.85
    assert mass.max() > 1.2


def turns_of_bars(wide_turns: float) -> NDArray[np.float64]:
    """By how many degrees 400 lying bars, which no slant can turn, lie askew after a warp."""
    bars = np.zeros((400, 28, 28), np.float32)
    bars[:, 13:15, 4:24] = 1
    y, x = np.mgrid[0:28, 0:28]
    return np.array(
        [
            np.degrees(np.arctan(np.polyfit(x.ravel(), y.ravel(), 1, w=np.sqrt(bar).ravel())[0]))
            for bar in warp(bars[..., None], np.random.default_rng(4), wide_turns)[..., 0]
        ]
    )


@pytest.mark.parametrize(("wide_turns", "expected"), [(0.0, 0.0), (0.3, 0.15), (1.0, 0.5)])
def test_that_share_of_the_images_is_turned_wide(wide_turns: float, expected: float) -> None:
    turns = turns_of_bars(wide_turns)
    for to_one_side in (turns, -turns):
        assert np.mean(to_one_side > 17) == pytest.approx(expected / 2, abs=0.06)
    assert np.abs(turns).max() < 40


@given(drawings, st.integers(0, 2**32 - 1))
def test_every_drawing_keeps_its_strokes(points: list[list[tuple[float, float]]], seed: int) -> None:
    strokes = tuple(np.array(stroke, np.float32) for stroke in points)
    varied = vary_strokes(strokes, np.random.default_rng(seed))
    assert len(varied) == len(strokes)
    for before, after in zip(strokes, varied, strict=True):
        assert (after.shape[1], after.dtype) == (2, np.dtype(np.float32))
        assert min(len(before), 4) <= len(after) <= len(before)
        assert np.isfinite(after).all()
    assert extent(varied) <= 2.2 * extent(strokes) + 0.01  # float32 at a distance of 1000


def extent(strokes: Strokes) -> float:
    """The longer side of a drawing."""
    return float(np.ptp(np.concatenate(strokes), axis=0).max())


def test_drawings_are_varied_by_their_seed() -> None:
    (first,), (second,), (other,) = (vary_strokes(SEVEN, np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_drawing_is_left_as_it_is() -> None:
    drawn = np.random.default_rng(0).uniform(0, 100, (9, 2)).astype(np.float64)
    before = drawn.copy()
    for seed in range(20):
        vary_strokes((drawn,), np.random.default_rng(seed))  # type: ignore[arg-type]  # a view of it would do no copy
    assert np.array_equal(drawn, before)


def test_a_seven_is_turned_and_stretched_but_stays_a_seven() -> None:
    widths, tilts = [], []
    for seed in range(200):
        (varied,) = vary_strokes(SEVEN, np.random.default_rng(seed))
        bar, leg = varied[1] - varied[0], varied[2] - varied[1]
        assert bar[0] * leg[1] - bar[1] * leg[0] > 0, "mirrored"
        widths.append(np.hypot(*bar) / 140)
        tilts.append(np.degrees(np.arctan2(bar[1], bar[0])))
    assert 0.6 < min(widths) < 0.85 < 1.15 < max(widths) < 1.6
    assert -25 < min(tilts) < -8 < 8 < max(tilts) < 25


def test_a_tablet_skips_points_but_never_the_ends() -> None:
    line = np.stack([np.linspace(0, 900, 10), np.zeros(10)], axis=1).astype(np.float32)
    varied = [vary_strokes((line,), np.random.default_rng(seed))[0] for seed in range(100)]
    assert {len(points) for points in varied} == {6, 10}
    assert all(np.hypot(*(points[-1] - points[0])) > 500 for points in varied)


def test_about_one_drawing_in_three_is_smoothed() -> None:
    saw = np.stack([np.arange(6.0), np.arange(6) % 2], axis=1).astype(np.float32)
    varied = [vary_strokes((saw,), np.random.default_rng(seed))[0] for seed in range(100)]
    teeth = np.array([np.abs(np.diff(points[1:-1, 1])).mean() for points in varied])
    assert 0.2 < np.mean(teeth < 0.6) < 0.5


def test_a_dot_stays_a_dot() -> None:
    dot = (np.array([[3, 4]], np.float32),)
    assert [s.shape for s in vary_strokes(dot, np.random.default_rng(0))] == [(1, 2)]
    dotted = (*SEVEN, np.array([[130, 20]], np.float32))
    assert [len(s) for s in vary_strokes(dotted, np.random.default_rng(0))] == [3, 1]


def test_the_same_ink_is_now_and_then_drawn_in_an_odd_order() -> None:
    strokes = tuple(np.array([[i, 0], [i, 9]], np.float32) for i in range(4))
    odd = 0
    for seed in range(400):
        drawn = vary_order(strokes, np.random.default_rng(seed))
        assert sorted(float(stroke[0, 0]) for stroke in drawn) == [0, 1, 2, 3]
        assert all(sorted(stroke[:, 1]) == [0, 9] for stroke in drawn)
        odd += any(not np.array_equal(a, b) for a, b in zip(strokes, drawn, strict=True))
    assert 0.08 < odd / 400 < 0.25
