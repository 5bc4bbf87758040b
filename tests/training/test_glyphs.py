"""Drawings → glyphs, by the code that serves, varied only when asked to."""

import numpy as np
import pytest

from app.recognition.normalize import normalize
from app.recognition.pictures import glyph_pixels
from app.recognition.strokes import Strokes, ink_from_strokes
from app.training.glyphs import glyphs_from_strokes


@pytest.fixture(scope="module")
def drawings() -> list[Strokes]:
    """Six drawings, a line and a dot each."""
    corners = np.random.default_rng(0).uniform(0, 100, (6, 5, 2)).astype(np.float32)
    return [(line[:-1], line[-1:]) for line in corners]


def test_without_seeds_drawings_are_rendered_as_they_are_served(drawings: list[Strokes]) -> None:
    served = glyph_pixels(np.stack([normalize(ink_from_strokes(strokes)) for strokes in drawings]))
    assert np.array_equal(glyphs_from_strokes(drawings), served)


def test_seeds_decide_how_drawings_vary(drawings: list[Strokes]) -> None:
    seeds = np.arange(6)
    varied = glyphs_from_strokes(drawings, seeds=seeds)
    assert np.array_equal(varied, glyphs_from_strokes(drawings, seeds=seeds))
    for other in (glyphs_from_strokes(drawings), glyphs_from_strokes(drawings, seeds=seeds + 1)):
        assert (varied != other).any(axis=(1, 2)).all()


def test_a_drawing_varies_by_its_own_seed_alone(drawings: list[Strokes]) -> None:
    seeds = np.arange(6)
    apart = [glyphs_from_strokes(drawings[i : i + 2], seeds=seeds[i : i + 2]) for i in (0, 2, 4)]
    assert np.array_equal(glyphs_from_strokes(drawings, seeds=seeds), np.concatenate(apart))


def test_pens_and_rasters_belong_to_their_drawing(drawings: list[Strokes]) -> None:
    pens, rasters = np.linspace(1.2, 3.8, 6), np.array([1.0, 2, 4, 1, 2, 4])
    one_by_one = [
        normalize(ink_from_strokes(*drawn))
        for drawn in zip(drawings, pens.tolist(), rasters.tolist(), strict=True)
    ]
    assert np.array_equal(glyphs_from_strokes(drawings, pens, rasters), glyph_pixels(np.stack(one_by_one)))
