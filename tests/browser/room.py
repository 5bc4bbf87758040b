"""A recognition room whose answers a test decides, for what the pages do with them."""

from dataclasses import dataclass, replace

from app.recognition.normalize import Ink
from app.recognition.recognizer import Prediction
from tests.fakes import FakeRecognizer, FakeRoom


@dataclass(frozen=True)
class _Moody:
    recognizer: FakeRecognizer
    rejected: str | None

    def recognize(self, ink: Ink) -> Prediction:
        return replace(self.recognizer.recognize(ink), rejected=self.rejected)


class MoodyRoom(FakeRoom):
    """Reads every digit as 7 and every letter as A, or with `rejected` set says that it can't."""

    rejected: str | None = None

    def recognizer(self, alphabet: str) -> _Moody:  # type: ignore[override]  # has what the web needs
        return _Moody(super().recognizer(alphabet), self.rejected)
