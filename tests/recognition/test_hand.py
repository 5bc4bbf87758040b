"""What one person's answers teach: about ink that looks the same, by so much and no more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet
from app.recognition.hand import Answered, Hand
from app.recognition.normalize import crop_to_ink, glyph_from_crop
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes

Row = NDArray[np.float32]

HOOK = [[[60, 60], [200, 60], [120, 220]]]
SHIFTED_HOOK = [[[62, 64], [196, 58], [122, 214]]]
RING = [[[140, 60], [60, 140], [140, 220], [220, 140], [140, 60]]]
TAKEN_FOR_7 = (("7", 0.9), ("1", 0.06), ("2", 0.02), ("4", 0.01), ("9", 0.01))


def glyph(strokes: object) -> Row:
    return glyph_from_crop(crop_to_ink(ink_from_strokes(parse_strokes(strokes, StrokeLimits()))))


def answered(
    strokes: object, label: str, candidates: tuple[tuple[str, float], ...] = TAKEN_FOR_7
) -> Answered:
    return Answered((glyph(strokes) * 255).round().astype(np.uint8).tobytes(), candidates, label)


def row(alphabet: Alphabet, **shares: float) -> Row:
    """Probabilities (1, C + 1): those given, by character, and what is left shared out evenly."""
    given = {name.removeprefix("_"): share for name, share in shares.items()}
    rest = (1 - sum(given.values())) / (alphabet.num_outputs - len(given))
    return np.array([[*(given.get(character, rest) for character in alphabet), rest]], np.float32)


def best(alphabet: Alphabet, probabilities: Row) -> str:
    return alphabet.characters[int(probabilities[0, :-1].argmax())]


def test_corrected_ink_is_read_as_it_was_corrected() -> None:
    hand = Hand(DIGITS, [answered(HOOK, "1")])
    assert best(DIGITS, hand.adjust(row(DIGITS, _7=0.8, _1=0.1), glyph(SHIFTED_HOOK)[None])) == "1"


def test_other_ink_is_read_much_as_before() -> None:
    hand, before = Hand(DIGITS, [answered(HOOK, "1")]), row(DIGITS, _7=0.8, _1=0.1)
    assert np.abs(hand.adjust(before, glyph(RING)[None]) - before).max() < 0.05


def test_one_correction_does_not_turn_what_the_network_is_sure_of() -> None:
    hand = Hand(DIGITS, [answered(HOOK, "1")])
    assert best(DIGITS, hand.adjust(row(DIGITS, _7=0.999), glyph(HOOK)[None])) == "7"


def test_a_hundred_wrong_corrections_have_a_bounded_effect() -> None:
    hand = Hand(DIGITS, [answered(HOOK, "1")] * 100)
    assert best(DIGITS, hand.adjust(row(DIGITS, _7=0.9999), glyph(HOOK)[None])) == "7"


def test_a_mistake_between_two_minds_teaches_nothing() -> None:
    even = (("l", 0.55), ("I", 0.4), ("i", 0.03), ("t", 0.01), ("j", 0.01))
    before = row(LETTERS, l=0.55, I=0.4)
    assert (Hand(LETTERS, [answered(HOOK, "I", even)]).adjust(before, glyph(HOOK)[None]) == before).all()


def test_yes_to_what_the_network_had_right_teaches_nothing() -> None:
    before = row(DIGITS, _7=0.7, _1=0.2)
    after = Hand(DIGITS, [answered(HOOK, "7")]).adjust(before, glyph(HOOK)[None])
    assert (after == before).all()


def test_case_stays_as_the_network_says() -> None:
    before = row(LETTERS, t=0.6, E=0.1, e=0.02)
    after = Hand(LETTERS, [answered(HOOK, "E", (("t", 0.9), ("f", 0.1)))] * 3).adjust(
        before, glyph(HOOK)[None]
    )
    capital, small = LETTERS.index("E"), LETTERS.index("e")
    assert after[0, capital] > 2 * before[0, capital]
    assert after[0, capital] / after[0, small] == pytest.approx(
        before[0, capital] / before[0, small], rel=1e-4
    )


def test_ink_that_was_refused_is_accepted_once_it_has_a_name() -> None:
    nearly_nothing = (("9", 0.01), ("2", 0.01), ("8", 0.01), ("0", 0.01), ("6", 0.0))
    before = np.array([[0.05, *[0.005] * 9, 0.905]], np.float32)
    after = Hand(DIGITS, [answered(HOOK, "0", nearly_nothing)]).adjust(before, glyph(HOOK)[None])
    assert after[0, -1] < 0.3 < after[0, 0]


def test_what_the_hand_has_spoilt_is_mended_by_an_answer() -> None:
    taught, likely = [answered(HOOK, "1")] * 3, row(DIGITS, _7=0.8, _1=0.1)
    mended = [*taught, *[answered(HOOK, "7")] * 2]
    assert best(DIGITS, Hand(DIGITS, taught).adjust(likely, glyph(HOOK)[None])) == "1"
    assert best(DIGITS, Hand(DIGITS, mended).adjust(likely, glyph(HOOK)[None])) == "7"


@given(st.lists(st.sampled_from(DIGITS.characters), min_size=1, max_size=8))
def test_whatever_is_answered_probabilities_stay_probabilities(labels: list[str]) -> None:
    hand = Hand(DIGITS, [answered(HOOK, label) for label in labels])
    after = hand.adjust(row(DIGITS, _7=0.6, _1=0.3), glyph(HOOK)[None])
    assert after.sum() == pytest.approx(1)
    assert after.min() >= 0
    assert after.dtype == np.float32
