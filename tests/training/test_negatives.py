"""Ink that is no character: reproducible, varied, and of two families that have nothing in common."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.recognition.strokes import Strokes
from app.training import negatives
from app.training.glyphs import Glyphs, Shown, glyphs_from_strokes
from app.training.inventions import INVENTIONS, polygon
from app.training.negatives import negative_glyphs, pairs
from app.training.scribbles import HELD_OUT_SCRIBBLES, SCRIBBLES
from app.training.shapes import Shape
from app.training.symbols import HELD_OUT_SYMBOLS, SYMBOLS

KINDS = ("scribbles", "symbols", "pairs", "drawn pairs")
DRAWN_BARS = [(np.array(points, np.float32),) for points in ([[0, 0], [1, 20]], [[0, 0], [3, 30], [5, 0]])]
FAMILIES = [
    *SCRIBBLES,
    *SYMBOLS.values(),
    *INVENTIONS,
    *HELD_OUT_SCRIBBLES,
    *HELD_OUT_SYMBOLS.values(),
]


@pytest.fixture(scope="module")
def bars() -> Glyphs:
    """Three characters of one blob each: upright, lying, and as large as a glyph can be."""
    glyphs = np.zeros((3, 28, 28), np.uint8)
    glyphs[0, 4:24, 12:15] = glyphs[1, 12:15, 4:24] = glyphs[2] = 255
    return glyphs


def drawing(shape: Shape, seed: int = 0) -> Strokes:
    return tuple(np.asarray(stroke, np.float32) for stroke in shape(np.random.default_rng(seed)))


def likeness(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Correlation of two glyphs: 1 for the same one, about 0 for any two."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@given(st.integers(0, 10_000))
def test_a_polygon_is_closed_and_fits_its_circle(seed: int) -> None:
    corners = polygon(np.random.default_rng(seed))
    radii = np.hypot(*corners.T)
    assert np.allclose(corners[0], corners[-1], atol=1e-5)
    assert len(corners) >= 6
    assert radii.max() <= 1.001
    assert radii.min() >= 0.449


@pytest.mark.parametrize("held_out", [False, True])
def test_every_negative_is_a_glyph_with_ink(bars: Glyphs, held_out: bool) -> None:
    kinds = negative_glyphs(bars, DRAWN_BARS, 60, seed=0, held_out=held_out)
    assert tuple(kinds) == KINDS
    for kind, (glyphs, traces) in kinds.items():
        assert (glyphs.shape, glyphs.dtype) == ((60, 28, 28), np.dtype(np.uint8))
        assert (glyphs.max(axis=(1, 2)) == 255).all()
        if kind == "pairs":
            assert traces is None
        else:
            assert traces is not None
            assert traces.any(axis=(1, 2, 3)).mean() > 0.9, "only dots leave no trace"


def test_a_drawn_pair_is_two_drawings_side_by_side() -> None:
    pairs = negative_glyphs(np.zeros((1, 28, 28), np.uint8) + 255, DRAWN_BARS, 30, seed=0)["drawn pairs"]
    inked = pairs.glyphs.max(axis=1) > 30
    gaps = [np.count_nonzero(np.diff(np.flatnonzero(columns)) > 1) for columns in inked]
    assert max(gaps) == 1
    assert np.mean(gaps) > 0.6, "but for hair lines, there is air between them"


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_negatives(bars: Glyphs, kind: str) -> None:
    first, second, other = (negative_glyphs(bars, DRAWN_BARS, 20, seed)[kind].glyphs for seed in (5, 5, 6))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)
    assert len(np.unique(first, axis=0)) > 15, "the same drawing again and again"


@pytest.mark.parametrize("kind", KINDS)
def test_held_out_negatives_are_others(bars: Glyphs, kind: str) -> None:
    known, held_out = (
        negative_glyphs(bars, DRAWN_BARS, 20, 5, held_out=flag)[kind].glyphs for flag in (False, True)
    )
    assert not np.array_equal(known, held_out)


def test_a_family_is_drawn_with_its_own_shapes(bars: Glyphs, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[set[Shape]] = []

    def only_look(shapes: Sequence[Shape], _count: int, _rng: np.random.Generator) -> Shown:
        drawn.append(set(shapes))
        return Shown(bars)

    monkeypatch.setattr(negatives, "_drawn", only_look)
    for held_out in (False, True):
        negative_glyphs(bars, DRAWN_BARS, 1, seed=0, held_out=held_out)
    assert drawn == [
        set(SCRIBBLES),
        {*SYMBOLS.values(), *INVENTIONS},
        set(HELD_OUT_SCRIBBLES),
        set(HELD_OUT_SYMBOLS.values()),
    ]


def test_no_shape_is_in_both_families() -> None:
    assert len(set(FAMILIES)) == len(FAMILIES)
    assert not set(SYMBOLS) & set(HELD_OUT_SYMBOLS)


def test_no_held_out_symbol_looks_like_one_that_is_trained_on() -> None:
    known = glyphs_from_strokes([drawing(shape) for shape in SYMBOLS.values()])
    for name, shape in HELD_OUT_SYMBOLS.items():
        held_out = glyphs_from_strokes([drawing(shape)])[0]
        assert max(likeness(held_out, glyph) for glyph in known) < 0.8, name


@pytest.mark.parametrize("shape", FAMILIES)
def test_every_shape_can_be_drawn(shape: Shape) -> None:
    for seed in range(20):
        strokes = drawing(shape, seed)
        assert all(len(stroke) for stroke in strokes)
        assert np.isfinite(np.concatenate(strokes)).all()
        glyph = glyphs_from_strokes([strokes], seeds=np.array([seed]))[0]
        assert (glyph > 127).sum() > 12


def runs_of_ink(pixels: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """(first, last) column of each run of columns with ink."""
    edges = np.flatnonzero(np.diff(np.pad(pixels.any(axis=0), 1).astype(int)))
    return [(int(first), int(end) - 1) for first, end in edges.reshape(-1, 2)]


def test_a_pair_is_two_whole_characters_apart(bars: Glyphs) -> None:
    pictures = pairs(bars, 200, np.random.default_rng(0))
    masses = {int(one.sum()) + int(other.sum()) for one in bars for other in bars}
    gaps = set()
    for picture in pictures:
        left, right = runs_of_ink(picture)
        gaps.add(right[0] - left[1] - 1)
        assert int(picture.sum()) in masses, "a part of a character is missing"
    assert gaps == set(range(1, 9))
    assert {int(picture.sum()) for picture in pictures} == masses, "not every character is used"


@given(st.integers(1, 28), st.integers(1, 28), st.integers(0, 2**32 - 1))
def test_characters_of_any_size_make_a_pair(height: int, width: int, seed: int) -> None:
    character = np.zeros((1, 28, 28), np.uint8)
    character[0, :height, :width] = 255
    for picture in pairs(character, 4, np.random.default_rng(seed)):
        assert [last - first + 1 for first, last in runs_of_ink(picture)] == [width, width]
        assert [last - first + 1 for first, last in runs_of_ink(picture[:, :28].T)] == [height]
