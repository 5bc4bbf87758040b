"""What the networks are asked of a line, and what its neighbours say of a character."""

import numpy as np
import pytest

from app.pages.context import Evidence, evidence, follows, kind_of
from app.pages.fields import parse_expectation
from app.pages.lattice import Arc, decode
from app.pages.reader import find_pieces
from app.pages.segment import Pieces, Segment
from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.service import RecognitionRoom
from tests.pages.drawn import loaded_room, page


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> RecognitionRoom:
    return loaded_room(str(tmp_path_factory.mktemp("releases")))


def cut(text: str, gap: float) -> tuple[Pieces, list[Segment]]:
    return find_pieces(255 - np.asarray(page(text, gap=gap)))[0]


def heard(room: RecognitionRoom, alphabet: Alphabet, gap: float = -0.06) -> tuple[list[Segment], Evidence]:
    line = cut("2468", gap)
    return line[1], evidence(room, alphabet, [line])[0]


def test_what_is_wide_with_a_gap_is_no_character() -> None:
    assert [(s.start, s.end) for s in cut("2468", 0.5)[1]] == [(0, 1), (1, 2), (2, 3), (3, 4)]


def test_narrow_parts_may_be_one_character() -> None:
    assert (0, 2) in {(s.start, s.end) for s in cut("11", 0.3)[1]}


@pytest.mark.parametrize("alphabet", [DIGITS, LETTERS])
def test_the_own_network_is_asked_of_what_may_be_a_character(
    room: RecognitionRoom, alphabet: Alphabet
) -> None:
    segments, said = heard(room, alphabet)
    asked = [row is not None for row in said.rows]
    assert 0 < sum(asked) < len(segments)
    assert said.odds[asked].min() > said.odds[np.logical_not(asked)].max()
    assert said.shares.shape == (len(segments), len(alphabet))
    np.testing.assert_allclose(said.shares.sum(axis=1), 1)


def test_told_nothing_the_network_of_both_kinds_says_something_of_everything(room: RecognitionRoom) -> None:
    assert all(row is not None and len(row) == COMBINED.num_outputs for row in heard(room, COMBINED)[1].rows)


@pytest.mark.parametrize(("neighbours", "said"), [("HK", "HKC"), ("hk", "hkc")])
def test_told_letters_a_word_keeps_to_its_case(neighbours: str, said: str) -> None:
    arcs = [Arc(at, at, at + 1, {letter: 0.0}, is_spaced=False) for at, letter in enumerate(neighbours)]
    either = Arc(2, 2, 3, {"C": -0.7, "c": -0.7}, is_spaced=False)
    in_words = follows(LETTERS)
    assert in_words is not None
    decoded = decode(3, [*arcs, either], parse_expectation("letters"), in_words, kind_of)
    assert decoded is not None
    assert decoded.text == said


def test_among_digits_neighbours_say_nothing() -> None:
    assert follows(DIGITS) is None
