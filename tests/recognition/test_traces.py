"""Strokes → trace: it lies on the ink, says which way the pen went, and keeps no more than a byte a value."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recognition.normalize import Glyph, normalize
from app.recognition.strokes import Strokes, ink_from_strokes
from app.recognition.traces import Trace, trace_from_strokes, with_trace

coordinates = st.floats(-1000, 1000, width=32)
drawings = st.lists(
    st.lists(st.tuples(coordinates, coordinates), min_size=1, max_size=12), min_size=1, max_size=6
)


def strokes_of(*lines: list[tuple[float, float]]) -> Strokes:
    return tuple(np.array(points, np.float32) for points in lines)


def shown(strokes: Strokes) -> tuple[Glyph, Trace]:
    glyph = normalize(ink_from_strokes(strokes))
    return glyph, trace_from_strokes(strokes, glyph)


DOWN = strokes_of([(50, 0), (50, 100)])
RIGHT = strokes_of([(0, 50), (100, 50)])
SEVEN = strokes_of([(60, 60), (200, 60), (120, 220)])
PLUS = strokes_of([(0, 50), (100, 50)], [(50, 100), (50, 0)])


@pytest.mark.parametrize(
    ("strokes", "across", "down"),
    [
        (DOWN, 0, 1),
        (RIGHT, 1, 0),
        (strokes_of([(100, 50), (0, 50)]), -1, 0),
        (strokes_of([(0, 0), (90, 90)]), 0.707, 0.707),
    ],
)
def test_a_trace_points_where_the_pen_went(strokes: Strokes, across: float, down: float) -> None:
    _, trace = shown(strokes)
    strong = np.abs(trace[..., :2]).max(axis=-1) > 0.5
    assert strong.sum() >= 12
    assert trace[strong, 0].mean() == pytest.approx(across, abs=0.1)
    assert trace[strong, 1].mean() == pytest.approx(down, abs=0.1)


def test_a_trace_says_when() -> None:
    _, trace = shown(PLUS)
    first, second = trace[14, :10, 2], trace[:10, 14, 2]
    assert first[first != 0].max() < 0 < second[second != 0].min()
    rising = trace[:, 14, 2][trace[:, 14, 2] > 0.1]
    assert (np.diff(rising[::-1]) >= -0.01).all()


@pytest.mark.parametrize("strokes", [DOWN, RIGHT, SEVEN, PLUS])
def test_a_trace_lies_on_its_ink(strokes: Strokes) -> None:
    glyph, trace = shown(strokes)
    drawn = np.abs(trace).max(axis=-1) > 0.5
    assert (glyph[drawn, 0] > 0.3).all()
    rows, columns = np.nonzero(glyph[..., 0] > 0.9)
    places = np.argwhere(drawn)
    away = np.abs(np.stack([rows, columns], axis=1)[:, None] - places).max(axis=2).min(axis=1)
    assert away.max() <= 2, "there is ink where no pen was"


def test_where_and_how_large_it_was_drawn_does_not_matter() -> None:
    _, trace = shown(SEVEN)
    for scale, shift in ((0.1, 0.0), (7.0, 300.0), (1.0, -1000.0)):
        _, other = shown(tuple(stroke * np.float32(scale) + np.float32(shift) for stroke in SEVEN))
        assert np.abs(other - trace).mean() < 0.01


def test_how_often_the_tablet_looked_does_not_matter() -> None:
    t = np.linspace(0, 1, 200)[:, None]
    dense = (np.concatenate([a + t * (b - a) for a, b in zip(SEVEN[0][:-1], SEVEN[0][1:], strict=True)]),)
    assert np.abs(shown(SEVEN)[1] - shown(tuple(s.astype(np.float32) for s in dense))[1]).mean() < 0.01


def test_a_dot_goes_nowhere() -> None:
    assert not shown(strokes_of([(3, 3)]))[1].any()


@given(drawings)
def test_any_drawing_has_a_trace(points: list[list[tuple[float, float]]]) -> None:
    strokes = tuple(np.array(stroke, np.float32) for stroke in points)
    glyph, trace = shown(strokes)
    assert (trace.shape, trace.dtype) == ((28, 28, 3), np.dtype(np.float32))
    assert np.abs(trace).max() <= 1
    as_bytes = (trace * 127).round().astype(np.int8)
    assert np.array_equal(as_bytes * np.float32(1 / 127), trace)
    assert np.array_equal(with_trace(glyph, strokes)[..., 1:], trace)


def test_a_picture_has_no_trace() -> None:
    glyph, _ = shown(SEVEN)
    both = with_trace(glyph, None)
    assert np.array_equal(both[..., :1], glyph)
    assert not both[..., 1:].any()
