"""Networks that read everything as one character, for what is made of their probabilities."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import ALPHABETS, Alphabet
from app.recognition.errors import NoNetwork
from app.recognition.recognizer import Calibration, Recognizer
from tests.fakes import FakeRoom


@dataclass
class Stubborn:
    """An engine that gives `share` to one character and the rest to all others alike."""

    alphabet: Alphabet
    character: str
    share: float
    reads_traces: bool = False

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        others = (1 - self.share) / (self.alphabet.num_outputs - 1)
        rows = np.full((len(glyphs), self.alphabet.num_outputs), others, np.float32)
        rows[:, self.alphabet.index(self.character)] = self.share
        return rows


def reads_as(character: str, share: float = 0.9) -> Callable[[str], Recognizer]:
    """What `RecognitionRoom.recognizer` is, of the release 9 of every alphabet."""

    def recognizer_of(alphabet: str) -> Recognizer:
        engine = Stubborn(ALPHABETS[alphabet], character, share)
        return Recognizer(engine.alphabet, f"{alphabet}/9", engine, Calibration(1.0, 0.0, 1.0))

    return recognizer_of


def reads_nothing(alphabet: str) -> Recognizer:
    """The same of a server without networks."""
    raise NoNetwork("There is no network for %(alphabet)s.", alphabet=alphabet)


class StubbornRoom(FakeRoom):
    """A recognition room of such networks: digits are 7, letters A."""

    def recognizer(self, alphabet: str) -> Recognizer:  # type: ignore[override]  # has what the web needs
        return reads_as("A" if alphabet == "character" else "7")(alphabet)
