"""Ink → prediction, with an engine that says what the test wants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.errors import NoInk
from app.recognition.normalize import Ink
from app.recognition.recognizer import Calibration, Recognizer, certainty


def outputs(alphabet: Alphabet, shares: dict[str, float], stranger: float = 0.0) -> NDArray[np.float32]:
    """What a network answers (C + 1,): `shares`, `stranger` in the end, the rest spread over the others."""
    rest = (1 - sum(shares.values()) - stranger) / (len(alphabet) - len(shares))
    return np.array([*(shares.get(c, rest) for c in alphabet), stranger], np.float32)


class Oracle:
    """An engine that gives every glyph the same raw probabilities."""

    reads_traces = False

    def __init__(self, row: NDArray[np.float32]) -> None:
        self.row = row

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.tile(self.row, (len(inputs), 1))


class Opinionated:
    """An engine with another answer to every glyph."""

    reads_traces = False

    def __init__(self, num_outputs: int) -> None:
        self.weights = np.random.default_rng(0).normal(0, 0.6, (784, num_outputs)).astype(np.float32)

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        raw = np.exp(inputs[..., 0].reshape(len(inputs), -1) @ self.weights)
        return np.asarray(raw / raw.sum(axis=1, keepdims=True))


PLAIN = Calibration(temperature=1.0, reject_below=0.5, stranger_above=0.2)


def recognizer(
    alphabet: Alphabet, shares: dict[str, float], stranger: float = 0.0, calibration: Calibration = PLAIN
) -> Recognizer:
    return Recognizer(
        alphabet, f"{alphabet.name}/1", Oracle(outputs(alphabet, shares, stranger)), calibration
    )


@pytest.fixture
def ink() -> Ink:
    picture = np.zeros((40, 30), np.uint8)
    picture[10:30, 12:16] = 255
    return picture


def test_candidates_are_all_and_best_first(ink: Ink) -> None:
    answer = recognizer(DIGITS, {"3": 0.6, "8": 0.3}).recognize(ink)
    assert [c.character for c in answer.candidates[:2]] == ["3", "8"]
    assert {c.character for c in answer.candidates} == set(DIGITS.characters)
    assert answer.confidence == answer.candidates[0].probability == pytest.approx(0.6)
    assert sum(c.probability for c in answer.candidates) == pytest.approx(1, abs=1e-5)
    assert (answer.alphabet, answer.release, answer.rejected) == ("digit", "digit/1", None)


def test_no_character_is_never_a_candidate(ink: Ink) -> None:
    answer = recognizer(DIGITS, {"3": 0.2}, stranger=0.7).recognize(ink)
    assert sorted(c.character for c in answer.candidates) == list(DIGITS)
    assert answer.candidates[0].character == "3"
    assert answer.confidence == pytest.approx(0.2)
    assert sum(c.probability for c in answer.candidates) == pytest.approx(0.3)


def test_what_the_network_saw_comes_along(ink: Ink) -> None:
    answer = recognizer(DIGITS, {"1": 0.9}).recognize(ink)
    assert answer.crop.shape == (20, 4)
    assert answer.glyph.shape == (28, 28, 1)


def test_blank_ink_is_refused() -> None:
    with pytest.raises(NoInk):
        recognizer(DIGITS, {"1": 0.96}).recognize(np.zeros((28, 28), np.uint8))


def test_how_it_was_drawn_goes_to_the_network(ink: Ink) -> None:
    """Two drawings that look alike: one from left to right, the other back."""
    strokes = (np.array([[12, 10], [15, 29]], np.float32),)
    given: list[NDArray[np.float32]] = []

    class Curious(Oracle):
        reads_traces = True

        def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
            given.append(inputs)
            return super().probabilities(inputs)

    reader = Recognizer(DIGITS, "digit/1", Curious(outputs(DIGITS, {"1": 0.9})), PLAIN)
    for drawn in (None, strokes, (strokes[0][::-1],)):
        reader.recognize(ink, strokes=drawn)
    picture, there, back = given
    assert picture.shape == there.shape == (1, 28, 28, 4)
    assert not picture[..., 1:].any()
    assert np.array_equal(there[..., 0], back[..., 0])
    assert there[..., 1:].any()
    assert np.allclose(there[..., 1:], -back[..., 1:], atol=0.02)


def test_no_trace_is_made_for_a_network_that_reads_none(ink: Ink, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr("app.recognition.recognizer.with_trace", lambda *given: made.append(given))
    strokes = (np.array([[12, 10], [15, 29]], np.float32),)
    assert recognizer(DIGITS, {"1": 0.9}).recognize(ink, strokes=strokes).candidates[0].character == "1"
    assert not made


def test_alone_or_among_others_a_glyph_gets_the_same_answer() -> None:
    inks = np.kron(
        np.random.default_rng(1).integers(0, 2, (24, 5, 4), np.uint8), np.full((6, 6), 255, np.uint8)
    )
    reader = Recognizer(DIGITS, "digit/1", Opinionated(DIGITS.num_outputs), Calibration(1.3, 0.5, 0.03))
    alone = [reader.recognize(ink) for ink in inks]
    rows = reader.probabilities(np.stack([answer.glyph for answer in alone]))
    for one, other in zip(
        reader.predictions(rows, [a.glyph for a in alone], [a.crop for a in alone]), alone, strict=True
    ):
        assert [c.character for c in one.candidates] == [c.character for c in other.candidates]
        assert one.confidence == pytest.approx(other.confidence, rel=1e-4)
        assert one.rejected == other.rejected
        assert np.array_equal(one.glyph, other.glyph)


@pytest.mark.parametrize(
    ("shares", "stranger", "reason"),
    [
        ({"1": 0.9}, 0.1, None),
        ({"1": 0.4, "7": 0.39}, 0.1, "uncertain"),
        ({"1": 0.7}, 0.25, "no_character"),
        ({"1": 0.3}, 0.6, "no_character"),  # uncertain as well, but there is nothing to be certain of
    ],
)
def test_a_rejection_has_its_reason_and_all_candidates(
    ink: Ink, shares: dict[str, float], stranger: float, reason: str | None
) -> None:
    answer = recognizer(DIGITS, shares, stranger).recognize(ink)
    assert answer.rejected == reason
    assert len(answer.candidates) == 10
    assert answer.candidates[0].character == "1"


def test_on_the_thresholds_an_answer_is_believed() -> None:
    row = outputs(DIGITS, {"1": 0.5}, stranger=0.25)[None]
    assert Calibration(1.0, 0.5, 0.25).refusals(row, DIGITS) == [None]
    assert Calibration(1.0, 0.5001, 0.25).refusals(row, DIGITS) == ["uncertain"]
    assert Calibration(1.0, 0.5, 0.2499).refusals(row, DIGITS) == ["no_character"]


def test_reasons_are_judged_by_calibrated_probabilities(ink: Ink) -> None:
    row, hot = {"1": 0.78}, Calibration(temperature=3.0, reject_below=0.5, stranger_above=0.2)
    assert recognizer(DIGITS, row, stranger=0.19).recognize(ink).rejected is None
    assert recognizer(DIGITS, row, stranger=0.19, calibration=hot).recognize(ink).rejected == "no_character"
    assert recognizer(DIGITS, row, stranger=0.01, calibration=hot).recognize(ink).rejected == "uncertain"


@given(st.integers(0, 2**32 - 1), st.floats(0, 1), st.floats(0, 1))
def test_every_row_is_refused_by_itself(seed: int, reject_below: float, stranger_above: float) -> None:
    rows = np.random.default_rng(seed).dirichlet(np.full(53, 0.05), 6).astype(np.float32)
    calibration = Calibration(1.0, reject_below, stranger_above)
    together = calibration.refusals(rows, LETTERS)
    assert together == [calibration.refusals(row[None], LETTERS)[0] for row in rows]
    assert [reason == "no_character" for reason in together] == (rows[:, -1] > stranger_above).tolist()


def test_doubt_about_the_case_alone_is_no_rejection(ink: Ink) -> None:
    answer = recognizer(LETTERS, {"O": 0.45, "o": 0.44}).recognize(ink)
    assert answer.rejected is None
    assert answer.confidence == pytest.approx(0.45)


@pytest.mark.parametrize(
    ("alphabet", "shares", "expected"),
    [
        (LETTERS, {"c": 0.5, "C": 0.125}, "C"),
        (LETTERS, {"c": 0.5, "C": 0.1249}, None),
        (LETTERS, {"C": 0.45, "c": 0.44}, "c"),
        (LETTERS, {"c": 0.5, "d": 0.45, "C": 0.04}, None),
        (LETTERS, {"l": 0.5, "I": 0.45}, None),
        (LETTERS, {"C": 0.24, "c": 0.23}, None),
        (COMBINED, {"0": 0.5, "O": 0.3, "o": 0.2}, None),
        (DIGITS, {"1": 0.6, "7": 0.4}, None),
    ],
    ids=["a quarter", "less", "capital first", "third", "another letter", "rejected", "zero", "digits"],
)
def test_other_case_is_the_same_letter_nearly_as_likely(
    ink: Ink, alphabet: Alphabet, shares: dict[str, float], expected: str | None
) -> None:
    answer = recognizer(alphabet, shares).recognize(ink)
    assert answer.other_case == (answer.candidates[1] if expected else None)
    assert expected in (None, answer.candidates[1].character)


@pytest.mark.parametrize(
    ("alphabet", "shares", "stranger", "expected"),
    [
        (LETTERS, {"O": 0.45, "o": 0.44}, 0.0, 0.89),
        (LETTERS, {"z": 0.6, "Z": 0.1, "s": 0.2}, 0.1, 0.7),
        (
            LETTERS,
            {"A": 0.3, "O": 0.25, "o": 0.25},
            0.2,
            0.3,
        ),  # of the answer, A, not of the likeliest letter
        (DIGITS, {"0": 0.6, "6": 0.3}, 0.0, 0.6),
        (COMBINED, {"0": 0.4, "O": 0.3, "o": 0.2}, 0.0, 0.4),  # a zero is no letter, whatever it looks like
        (DIGITS, {"1": 0.1}, 0.9, 0.1),
    ],
)
def test_certainty_joins_the_two_cases_of_the_answer(
    alphabet: Alphabet, shares: dict[str, float], stranger: float, expected: float
) -> None:
    assert certainty(outputs(alphabet, shares, stranger)[None], alphabet) == pytest.approx([expected])


@given(st.integers(0, 2**32 - 1))
def test_certainty_lies_between_the_best_character_and_all_of_them(seed: int) -> None:
    rows = np.random.default_rng(seed).dirichlet(np.full(53, 0.1), 20).astype(np.float32)
    sure = certainty(rows, LETTERS)
    assert sure.shape == (20,)
    assert (sure >= rows[:, :-1].max(axis=1)).all()
    assert (sure <= 1 - rows[:, -1] + 1e-5).all()


def test_temperature_softens_and_keeps_the_order(ink: Ink) -> None:
    hot = recognizer(DIGITS, {"3": 0.9, "8": 0.08}, calibration=Calibration(2.0, 0.0, 1.0)).recognize(ink)
    assert [c.character for c in hot.candidates[:2]] == ["3", "8"]
    assert 0.5 < hot.confidence < 0.9


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 3))
def test_calibrated_probabilities_add_up_and_keep_their_order(seed: int, temperature: float) -> None:
    raw = np.random.default_rng(seed).dirichlet(np.full(11, 0.5), 4).astype(np.float32)
    calibrated = Calibration(temperature, 0.0, 1.0).apply(raw)
    assert calibrated.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    ordered = np.take_along_axis(calibrated, raw.argsort(axis=1), axis=1)
    assert (np.diff(ordered, axis=1) >= 0).all()
    assert Calibration(1.0, 0.0, 1.0).apply(raw) == pytest.approx(raw, abs=1e-6)
