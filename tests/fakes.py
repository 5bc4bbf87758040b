"""A recognition room without networks: it reads every digit as 7, every letter as A, and what may be either as O."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet, alphabet_named
from app.recognition.errors import NoNetwork
from app.recognition.hand import Hand
from app.recognition.normalize import Ink, crop_to_ink, glyph_from_crop
from app.recognition.recognizer import Candidate, Prediction
from app.recognition.releases import Release
from app.recognition.strokes import Strokes

SEVEN = [[[60, 60], [200, 60], [120, 220]]]
"""A drawing of a 7, as a page would post it."""


@dataclass(frozen=True)
class FakeRecognizer:
    alphabet: Alphabet
    best: str
    heights: list[float | None] = field(default_factory=list)
    """How tall each drawing was said to be, the latest last."""
    strokes: list[Strokes | None] = field(default_factory=list)
    """What each was drawn with, the latest last; None for a picture."""

    @property
    def release(self) -> str:
        return f"{self.alphabet.name}/0"

    def recognize(
        self,
        ink: Ink,
        height: float | None = None,
        hand: Hand | None = None,
        strokes: Strokes | None = None,
    ) -> Prediction:
        self.heights.append(height)
        self.strokes.append(strokes)
        crop = crop_to_ink(ink)
        others = [c for c in self.alphabet.characters if c != self.best]
        candidates = (Candidate(self.best, 0.9), *(Candidate(c, 0.1 / len(others)) for c in others))
        glyph = glyph_from_crop(crop)
        prediction = Prediction(self.alphabet.name, candidates, None, self.release, glyph, crop)
        return prediction if hand is None else self._adjusted(prediction, hand)

    def _adjusted(self, prediction: Prediction, hand: Hand) -> Prediction:
        shares = {c.character: c.probability for c in prediction.candidates}
        before = np.array([[*(shares[c] for c in self.alphabet), 0]], np.float32)
        after = hand.adjust(before, prediction.glyph[None])
        ranked = sorted(zip(after[0].tolist(), self.alphabet, strict=False), key=lambda pair: -pair[0])
        candidates = tuple(Candidate(character, share) for share, character in ranked)
        by_network = prediction.candidates if (before != after).any() else None
        return replace(prediction, candidates=candidates, by_network=by_network)


class FakeRoom:
    """Has what the web needs of a RecognitionRoom; `usable` False is a server without weights.

    Without `has_auto` the network for digits and letters together, which is optional, is not installed.
    """

    def __init__(self, usable: bool = True, has_auto: bool = False) -> None:
        self.usable, self.has_auto = usable, has_auto
        best = ((DIGITS, "7"), (LETTERS, "A"), (COMBINED, "O"))
        self._recognizers = {
            alphabet.name: FakeRecognizer(alphabet, character) for alphabet, character in best
        }

    def recognizer(self, alphabet: str) -> FakeRecognizer:
        alphabet_named(alphabet)
        if self.status()[alphabet] is None:
            raise NoNetwork("This server has no network yet. Ask whoever runs it.")
        return self._recognizers[alphabet]

    def status(self) -> dict[str, str | None]:
        return {name: r.release if self._reads(name) else None for name, r in self._recognizers.items()}

    def release(self, alphabet: str) -> Release | None:
        """Its folder is empty, and its card says nothing."""
        return Release(alphabet, "0", Path("nowhere"), {}) if self._reads(alphabet) else None

    def _reads(self, alphabet: str) -> bool:
        return self.usable and (alphabet != COMBINED.name or self.has_auto)
