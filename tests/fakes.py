"""A recognition room without networks: it reads every digit as 7 and every letter as A."""

from dataclasses import dataclass

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet, alphabet_named
from app.recognition.errors import NoNetwork
from app.recognition.normalize import Ink, crop_to_ink, glyph_from_crop
from app.recognition.recognizer import Candidate, Prediction

SEVEN = [[[60, 60], [200, 60], [120, 220]]]
"""A drawing of a 7, as a page would post it."""


@dataclass(frozen=True)
class FakeRecognizer:
    alphabet: Alphabet
    best: str

    @property
    def release(self) -> str:
        return f"{self.alphabet.name}/0"

    def recognize(self, ink: Ink) -> Prediction:
        crop = crop_to_ink(ink)
        others = [c for c in self.alphabet.characters if c != self.best]
        candidates = (Candidate(self.best, 0.9), *(Candidate(c, 0.1 / len(others)) for c in others))
        glyph = glyph_from_crop(crop)
        return Prediction(self.alphabet.name, candidates, 0.9, None, self.release, glyph, crop)


class FakeRoom:
    """Has what the web needs of a RecognitionRoom; `usable` False is a server without weights."""

    def __init__(self, usable: bool = True) -> None:
        self.usable = usable
        self._recognizers = {"digit": FakeRecognizer(DIGITS, "7"), "character": FakeRecognizer(LETTERS, "A")}

    def recognizer(self, alphabet: str) -> FakeRecognizer:
        alphabet_named(alphabet)
        if not self.usable:
            raise NoNetwork("This server has no network yet. Ask whoever runs it.")
        return self._recognizers[alphabet]

    def status(self) -> dict[str, str | None]:
        return {name: r.release if self.usable else None for name, r in self._recognizers.items()}
