"""Ink → prediction, with an engine that says what the test wants."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet
from app.recognition.errors import NoInk
from app.recognition.normalize import Ink
from app.recognition.recognizer import Calibration, Recognizer


class Oracle:
    """An engine that gives every glyph the same raw probabilities, and counts its calls."""

    def __init__(self, alphabet: Alphabet, shares: dict[str, float]) -> None:
        rest = (1 - sum(shares.values())) / (len(alphabet) - len(shares))
        self.row = np.array([shares.get(c, rest) for c in alphabet.characters], np.float32)
        self.calls = 0

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        self.calls += 1
        return np.tile(self.row, (len(glyphs), 1))


def recognizer(alphabet: Alphabet, shares: dict[str, float], calibration: Calibration) -> Recognizer:
    return Recognizer(alphabet, f"{alphabet.name}/1", Oracle(alphabet, shares), calibration)


PLAIN = Calibration(temperature=1.0, reject_below=0.5)


@pytest.fixture
def ink() -> Ink:
    picture = np.zeros((40, 30), np.uint8)
    picture[10:30, 12:16] = 255
    return picture


def test_candidates_are_all_and_best_first(ink: Ink) -> None:
    answer = recognizer(DIGITS, {"3": 0.6, "8": 0.3}, PLAIN).recognize(ink)
    assert [c.character for c in answer.candidates[:2]] == ["3", "8"]
    assert {c.character for c in answer.candidates} == set(DIGITS.characters)
    assert answer.confidence == answer.candidates[0].probability == pytest.approx(0.6)
    assert sum(c.probability for c in answer.candidates) == pytest.approx(1, abs=1e-5)
    assert (answer.alphabet, answer.release, answer.rejected) == ("digit", "digit/1", None)


def test_what_the_network_saw_comes_along(ink: Ink) -> None:
    answer = recognizer(DIGITS, {"1": 0.9}, PLAIN).recognize(ink)
    assert answer.crop.shape == (20, 4)
    assert answer.glyph.shape == (28, 28, 1)


def test_blank_ink_is_refused() -> None:
    with pytest.raises(NoInk):
        recognizer(DIGITS, {"1": 0.96}, PLAIN).recognize(np.zeros((28, 28), np.uint8))


def test_several_inks_are_one_call(ink: Ink) -> None:
    oracle = Oracle(DIGITS, {"1": 0.9})
    answers = Recognizer(DIGITS, "digit/1", oracle, PLAIN).recognize_many([ink, ink, ink])
    assert (len(answers), oracle.calls) == (3, 1)


def test_no_ink_at_all_is_no_answer() -> None:
    assert recognizer(DIGITS, {"1": 0.9}, PLAIN).recognize_many([]) == []


def test_an_uncertain_answer_is_rejected_with_its_candidates(ink: Ink) -> None:
    answer = recognizer(DIGITS, {"1": 0.4, "7": 0.39}, PLAIN).recognize(ink)
    assert answer.rejected == "uncertain"
    assert len(answer.candidates) == 10


def test_doubt_about_the_case_alone_is_no_rejection(ink: Ink) -> None:
    answer = recognizer(LETTERS, {"O": 0.45, "o": 0.44}, PLAIN).recognize(ink)
    assert answer.rejected is None
    assert answer.confidence == pytest.approx(0.45)


def test_temperature_softens_and_keeps_the_order(ink: Ink) -> None:
    hot = recognizer(DIGITS, {"3": 0.9, "8": 0.08}, Calibration(2.0, 0.0)).recognize(ink)
    assert [c.character for c in hot.candidates[:2]] == ["3", "8"]
    assert 0.5 < hot.confidence < 0.9
