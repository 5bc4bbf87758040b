"""A network of digits and letters that is told there are only digits."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS
from app.recognition.recognizer import Calibration, Recognizer
from app.training.among import among


class _Torn:
    """An engine that takes whatever it sees for a 0 or an O, an O rather, and sometimes for no character."""

    reads_traces = False

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        row = np.zeros(COMBINED.num_outputs, np.float32)
        for character, share in {"O": 0.6, "0": 0.2, "8": 0.1}.items():
            row[COMBINED.index(character)] = share
        row[-1] = 0.1
        return np.tile(row, (len(inputs), 1))


@pytest.fixture
def ink() -> NDArray[np.uint8]:
    return np.full((20, 20), 255, np.uint8)


def test_only_the_characters_it_is_told_of_are_answered(ink: NDArray[np.uint8]) -> None:
    reader = Recognizer(COMBINED, "combined/1", _Torn(), Calibration(1.0, 0.5, 0.3))
    assert reader.recognize(ink).candidates[0].character == "O"
    told = among(reader, DIGITS).recognize(ink)
    assert (told.alphabet, told.release, told.rejected) == ("digit", "combined/1", None)
    shares = {c.character: c.probability for c in told.candidates}
    assert shares.keys() == set(DIGITS)
    assert [shares["0"], shares["8"], shares["1"]] == pytest.approx([0.5, 0.25, 0.0], abs=1e-6)
    assert among(reader, LETTERS).recognize(ink).candidates[0].probability == pytest.approx(6 / 7)


def test_what_it_cannot_read_it_still_refuses(ink: NDArray[np.uint8]) -> None:
    reader = Recognizer(COMBINED, "combined/1", _Torn(), Calibration(1.0, 0.5, 0.2))
    assert reader.recognize(ink).rejected is None
    assert among(reader, DIGITS).recognize(ink).rejected == "no_character"
