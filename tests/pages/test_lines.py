"""Components that stand beside each other form lines; grass and noise form none."""

import numpy as np

from app.pages.components import Box, connected_components
from app.pages.lines import Line, are_tangled, find_lines

HEIGHT = 20


def boxes(*corners: tuple[int, int], size: tuple[int, int] = (12, HEIGHT)) -> np.ndarray:
    """A mask with solid boxes at (x, y)."""
    mask = np.zeros((max(y for _, y in corners) + 60, max(x for x, _ in corners) + 60), bool)
    for x, y in corners:
        mask[y : y + size[1], x : x + size[0]] = True
    return mask


def line(y: int, height: int = HEIGHT) -> Line:
    return Line((0,), height, Box(0, y, 400, height))


def test_neighbours_form_a_line_in_reading_order() -> None:
    found = connected_components(boxes((80, 12), (40, 10), (10, 80), (0, 11)))
    lines = find_lines(found, HEIGHT)
    assert [[found.box(i).x for i in line.members] for line in lines] == [[0, 40, 80], [10]]


def test_a_raised_character_joins_the_line_around_it() -> None:
    raised = [(x, 10 if x != 100 else 2) for x in range(0, 240, 20)]
    assert len(find_lines(connected_components(boxes(*raised)), HEIGHT)) == 1


def test_a_dot_joins_the_line_that_it_lies_on_and_no_other() -> None:
    mask = boxes((0, 10), (40, 10), (0, 200), (40, 200))
    mask[213:216, 30:33] = True
    upper, lower = find_lines(connected_components(mask), HEIGHT)
    assert (len(upper.members), len(lower.members)) == (2, 3)


def test_a_mark_far_from_every_line_is_dirt() -> None:
    mask = np.pad(boxes((0, 10), (40, 10)), ((0, 200), (0, 200)))
    mask[150:153, 200:203] = True
    assert [len(line.members) for line in find_lines(connected_components(mask), HEIGHT)] == [2]


def test_more_marks_than_a_page_can_have_form_no_lines() -> None:
    mask = np.zeros((1200, 1200), bool)
    mask[::20, ::20] = True
    assert len(connected_components(mask)) == 3600
    assert find_lines(connected_components(mask), 1) == []


def test_the_bars_of_a_printed_comb_form_no_line() -> None:
    mask = boxes(*((x, 10) for x in range(0, 200, 40)), size=(4, HEIGHT))
    mask[12:14, 20:22] = True
    assert find_lines(connected_components(mask), HEIGHT) == []


def test_ones_written_by_hand_form_a_line() -> None:
    ones = [(x, 10 + lower) for x, lower in zip(range(0, 200, 40), (0, 2, 1, 0, 3), strict=True)]
    assert len(find_lines(connected_components(boxes(*ones, size=(4, HEIGHT))), HEIGHT)) == 1


def test_lines_below_each_other_are_not_tangled() -> None:
    assert not are_tangled([line(y) for y in range(0, 300, 30)])


def test_narrow_lines_are_not_tangled() -> None:
    assert not are_tangled([line(y) for y in range(0, 150, 15)])


def test_lines_that_run_through_each_other_are_tangled() -> None:
    assert are_tangled([line(y) for y in range(0, 60, 6)])


def test_two_lines_may_cross() -> None:
    assert not are_tangled([line(0), line(2)])


def test_a_line_takes_no_more_marks_than_writing_has() -> None:
    """One mark as high as the page would be near to everything, and everything would be looked at with everything."""
    mask = np.zeros((1200, 1200), bool)
    mask[:, :4] = True
    mask[6:-6:40, 20:-6:40] = True
    assert find_lines(connected_components(mask), 1200) == []
