"""The decoder takes the best way through the pieces, and says how sure it is."""

import math

import pytest

from app.pages.context import anything_follows, follows, kind_of
from app.pages.fields import parse_expectation
from app.pages.lattice import Arc, Decoded, decode
from app.recognition.alphabets import COMBINED


def arc(start: int, end: int, spaced: bool = False, number: int = 0, **shares: float) -> Arc:
    """An arc whose characters are keywords: `d1=0.9` is a 1 with a weight of 0.9."""
    return Arc(number, start, end, {k[-1]: math.log(v) for k, v in shares.items()}, spaced)


def read(num_pieces: int, arcs: list[Arc], expect: str = "digits") -> Decoded | None:
    return decode(num_pieces, arcs, parse_expectation(expect), anything_follows, lambda _: "any")


def test_the_heavier_grouping_wins() -> None:
    halves = [arc(0, 1, d1=0.2), arc(1, 2, d3=0.2)]
    decoded = read(2, [*halves, arc(0, 2, d8=5.0)])
    assert decoded is not None
    assert decoded.text == "8"
    assert decoded.confidence == pytest.approx(5 / 5.04)


def test_shares_are_what_all_ways_leave_of_a_character() -> None:
    decoded = read(1, [arc(0, 1, d1=0.6, d7=0.3)])
    assert decoded is not None
    assert decoded.steps[0].shares == pytest.approx({"1": 2 / 3, "7": 1 / 3})


def test_what_a_check_forbids_takes_no_part() -> None:
    arcs = [arc(0, 1, d1=0.9, d7=0.1), arc(1, 2, d1=0.8, d8=0.2)]
    free, checked = read(2, arcs), read(2, arcs, "digits|luhn")
    assert free is not None
    assert checked is not None
    assert (free.text, checked.text) == ("11", "18")
    assert checked.confidence == pytest.approx(1)


def test_no_way_that_fits_is_no_reading() -> None:
    assert read(1, [arc(0, 1, d1=0.9)], "99/99") is None


def test_dirt_says_nothing() -> None:
    decoded = read(2, [arc(0, 1, d4=0.9), Arc(1, 1, 2, {"": -1.0, "1": -5.0}, False)])
    assert decoded is not None
    assert decoded.text == "4"


def test_only_dirt_is_no_reading() -> None:
    assert read(1, [Arc(0, 0, 1, {"": 0.0}, False)]) is None


def test_a_space_is_said_in_a_free_reading_alone() -> None:
    arcs = [arc(0, 1, d4=0.9), arc(1, 2, spaced=True, d2=0.9)]
    free, masked = read(2, arcs), read(2, arcs, "99")
    assert free is not None
    assert masked is not None
    assert (free.text, masked.text) == ("4 2", "42")


@pytest.mark.parametrize(("neighbour", "said"), [("7", "70"), ("k", "ko")])
def test_neighbours_tell_a_zero_from_an_o(neighbour: str, said: str) -> None:
    arcs = [Arc(0, 0, 1, {neighbour: -0.1}, is_spaced=False), arc(1, 2, c0=0.3, co=0.3)]
    in_words = follows(COMBINED)
    assert in_words is not None
    decoded = decode(2, arcs, parse_expectation("any"), in_words, kind_of)
    assert decoded is not None
    assert decoded.text == said


def test_two_characters_of_one_segment_go_two_steps() -> None:
    pair = Arc(0, 0, 1, {"4": -3.0, "47": -0.1}, is_spaced=False)
    free, masked = read(1, [pair]), read(1, [pair], "9/9")
    assert free is not None
    assert masked is not None
    assert (free.text, masked.text) == ("47", "4/7")
    assert free.steps[0].character == "47"
