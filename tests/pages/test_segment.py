"""A line falls into pieces, unless everything on it lies over everything else."""

import numpy as np

from app.pages.components import Box, connected_components
from app.pages.lines import Line
from app.pages.segment import cut_line


def pieces_of(mask: np.ndarray) -> int:
    found = connected_components(mask)
    height, width = mask.shape
    line = Line(tuple(range(len(found))), height, Box(0, 0, width, height))
    return len(cut_line(line, found, mask.astype(np.uint8) * 255, stroke_px=2.0))


def slanted(leans: int, count: int) -> np.ndarray:
    """`count` strokes that lean to the right by so many columns, 12 columns apart."""
    mask = np.zeros((60, 12 * count + leans), bool)
    for number in range(count):
        columns = 12 * number + np.linspace(leans, 0, 60).astype(int)
        for aside in (0, 1):
            mask[np.arange(60), columns + aside] = True
    return mask


def test_strokes_that_lean_a_little_are_pieces() -> None:
    assert pieces_of(slanted(leans=6, count=20)) == 20


def test_what_lies_over_everything_else_is_not_cut() -> None:
    assert pieces_of(slanted(leans=110, count=20)) == 0
