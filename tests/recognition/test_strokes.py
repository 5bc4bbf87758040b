"""Strokes → ink."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.recognition.errors import NoUsableStroke, TooManyPoints
from app.recognition.normalize import normalize
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from tests.fakes import SEVEN

LIMITS = StrokeLimits(max_points=100, max_strokes=10)
coordinates = st.floats(-1e6, 1e6, allow_nan=False) | st.integers(-(10**6), 10**6)
drawings = st.lists(st.lists(st.lists(coordinates, min_size=2, max_size=4), max_size=6), max_size=4)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "strokes",
        {},
        [],
        [[]],
        [7],
        [[7]],
        [[[1]]],
        [[[1, 2, 3, 4, 5]]],
        [[["1", "2"]]],
        [[[True, False]]],
    ],
)
def test_what_is_no_drawing_is_refused(value: object) -> None:
    with pytest.raises(NoUsableStroke):
        parse_strokes(value, LIMITS)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e7", "1" + "0" * 400])
def test_wild_numbers_are_refused(number: str) -> None:
    with pytest.raises(NoUsableStroke):
        parse_strokes(json.loads(f"[[[0, {number}]]]"), LIMITS)


@pytest.mark.parametrize("value", [[[[0, 0]] * 101], [[[0, 0]]] * 11])
def test_too_many_points_or_strokes_are_refused(value: object) -> None:
    with pytest.raises(TooManyPoints):
        parse_strokes(value, LIMITS)


def test_limits_can_be_turned_off() -> None:
    assert len(parse_strokes([[[0, 0]] * 5] * 2000, StrokeLimits(0, 0))) == 2000


def test_a_tap_is_a_dot() -> None:
    assert normalize(ink_from_strokes(parse_strokes([[[3, 4]]], LIMITS))).max() == 1


@given(drawings)
def test_every_drawing_becomes_a_glyph_or_is_refused(value: object) -> None:
    try:
        strokes = parse_strokes(value, LIMITS)
    except NoUsableStroke:
        return
    glyph = normalize(ink_from_strokes(strokes))
    assert glyph.shape == (28, 28, 1)
    assert 0 <= glyph.min() < glyph.max() <= 1


@given(st.floats(0.01, 1000), st.floats(-1000, 1000), st.floats(-1000, 1000))
def test_size_and_place_of_a_drawing_do_not_matter(scale: float, dx: float, dy: float) -> None:
    moved = [[[x * scale + dx, y * scale + dy] for x, y in stroke] for stroke in SEVEN]
    here, there = (normalize(ink_from_strokes(parse_strokes(s, LIMITS))) for s in (SEVEN, moved))
    assert np.abs(here - there).mean() < 0.02
