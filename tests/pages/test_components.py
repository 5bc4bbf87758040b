"""Connected components: every inked pixel belongs to exactly one, and touching pixels to the same."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from app.pages.components import Box, connected_components

masks = arrays(bool, array_shapes(min_dims=2, max_dims=2, max_side=14))


@given(masks)
def test_labels_cover_the_ink_and_nothing_else(mask: np.ndarray) -> None:
    found = connected_components(mask)
    assert np.array_equal(found.labels > 0, mask)
    assert np.array_equal(np.bincount(found.labels.ravel(), minlength=len(found) + 1)[1:], found.masses)


@given(masks)
def test_neighbours_have_the_same_label(mask: np.ndarray) -> None:
    labels = np.pad(connected_components(mask).labels, 1)
    height, width = mask.shape
    here = labels[1:-1, 1:-1]
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        there = labels[1 + down : 1 + down + height, 1 + right : 1 + right + width]
        both = (here > 0) & (there > 0)
        assert (here[both] == there[both]).all()


@given(masks, st.booleans())
def test_boxes_are_tight(mask: np.ndarray, turned: bool) -> None:
    found = connected_components(mask.T if turned else mask)
    for index in range(len(found)):
        ys, xs = np.nonzero(found.labels == index + 1)
        assert found.box(index) == Box(int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1)


def test_what_a_corner_joins_is_one_and_a_gap_parts() -> None:
    assert len(connected_components(np.eye(5, dtype=bool))) == 1
    assert len(connected_components(np.array([[True, False, True]]))) == 2
