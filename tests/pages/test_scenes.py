"""Of pictures without handwriting nothing is invented; `tests/bench/scenes.py` measures many more of them."""

import numpy as np
import pytest

from app.pages.fields import parse_expectation
from app.pages.reader import PageReader
from app.recognition.errors import NoInk, NothingToRead
from tests.pages.scenes import SCENES

ANYTHING = parse_expectation("any")


@pytest.mark.parametrize(
    "kind", ["empty_paper", "ruled_paper", "noise", "grass", "bricks", "pebbles", "leaves", "cat"]
)
def test_a_picture_without_writing_says_so(reader: PageReader, kind: str) -> None:
    with pytest.raises((NoInk, NothingToRead)):
        reader.read(SCENES[kind](np.random.default_rng(1)), ANYTHING)
