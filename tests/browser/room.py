"""A recognition room whose answers a test decides, for what the pages do with them."""

from dataclasses import dataclass, replace

from app.recognition.alphabets import Alphabet
from app.recognition.hand import Hand
from app.recognition.normalize import Ink
from app.recognition.recognizer import Candidate, Prediction
from app.recognition.releases import Release
from app.recognition.strokes import Strokes
from tests.fakes import FakeRecognizer, FakeRoom


@dataclass(frozen=True)
class _Moody:
    recognizer: FakeRecognizer
    rejected: str | None
    leaders: tuple[Candidate, ...]

    @property
    def alphabet(self) -> Alphabet:
        return self.recognizer.alphabet

    def recognize(
        self,
        ink: Ink,
        height: float | None = None,
        hand: Hand | None = None,
        strokes: Strokes | None = None,
    ) -> Prediction:
        prediction = self.recognizer.recognize(ink, height, hand, strokes)
        if self.leaders:
            taken = {candidate.character for candidate in self.leaders}
            others = [c.character for c in prediction.candidates if c.character not in taken]
            left = (1 - sum(candidate.probability for candidate in self.leaders)) / len(others)
            ranked = (*self.leaders, *(Candidate(c, left) for c in others))
            prediction = replace(prediction, candidates=ranked)
        return replace(prediction, rejected=self.rejected)


class MoodyRoom(FakeRoom):
    """Reads as a FakeRoom, unless a test says otherwise.

    Attributes:
        rejected: why it believes nothing.
        leaders: the best candidates, such as {"C": 0.55, "c": 0.4}.
        releases: what it says it reads with; as a FakeRoom where there is none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.releases: dict[str, Release] = {}
        self.behave()

    def behave(self) -> None:
        """Read as at first."""
        self.usable, self.has_auto = True, False
        self.rejected: str | None = None
        self.leaders: dict[str, float] = {}

    def recognizer(self, alphabet: str) -> _Moody:  # type: ignore[override]  # has what the web needs
        leaders = tuple(Candidate(*each) for each in self.leaders.items())
        return _Moody(super().recognizer(alphabet), self.rejected, leaders)

    def release(self, alphabet: str) -> Release | None:
        return self.releases.get(alphabet) or super().release(alphabet)
