"""Receipts: a signed note of one prediction, which comes back with the person's answer.

Nothing is stored until then; nobody can forge one; any replica with the same secret key can read it.
"""

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

from app.errors import BadReceipt, ReceiptExpired
from app.recognition.pictures import glyph_pixels
from app.recognition.recognizer import Prediction
from app.recognition.strokes import Strokes

MAX_POINTS = 2_000
"""A drawing of more points is predicted, but its strokes are not kept."""

NUM_CANDIDATES = 5


@dataclass(frozen=True)
class Receipt:
    """What was predicted: everything of a sample but the person's answer.

    Candidates and confidence are the network's own. `shown` is the character that the person saw instead of the first
    of them, where that person's hand had changed the answer.
    """

    id: str
    alphabet: str
    glyph: bytes
    """784 bytes: 28×28 uint8, row by row, 255 = ink."""
    strokes: list[list[list[float]]] | None
    candidates: list[tuple[str, float]]
    confidence: float
    release: str
    source: str
    predicted_at: datetime
    shown: str | None = None

    @property
    def answer(self) -> str:
        """The character that a “yes” confirms."""
        return self.shown or self.candidates[0][0]


class ReceiptBook:
    """Issues receipts and reads them back."""

    def __init__(self, secret_key: str, max_age_s: int) -> None:
        self._serializer = URLSafeTimedSerializer(secret_key, salt="receipt")
        self._max_age_s = max_age_s or None

    def issue(self, prediction: Prediction, strokes: Strokes | None = None) -> str:
        """A receipt for `prediction`, made from `strokes` or, without them, from an uploaded image."""
        best = (prediction.by_network or prediction.candidates)[:NUM_CANDIDATES]
        shown = {"shown": prediction.candidates[0].character} if prediction.by_network else {}
        return self._serializer.dumps(
            shown
            | {
                "id": secrets.token_hex(16),
                "alphabet": prediction.alphabet,
                "glyph": base64.b64encode(glyph_pixels(prediction.glyph).tobytes()).decode(),
                "strokes": _to_tenths(strokes),
                "candidates": [(c.character, round(c.probability, 4)) for c in best],
                "confidence": round(best[0].probability, 4),
                "release": prediction.release,
                "source": "upload" if strokes is None else "draw",
            }
        )

    def read(self, text: str) -> Receipt:
        """Raises ReceiptExpired, or BadReceipt for anything that this book did not issue."""
        if not text.isascii():
            raise BadReceipt("This receipt is not one of ours. Draw or upload again.")
        try:
            note, predicted_at = self._serializer.loads(text, self._max_age_s, return_timestamp=True)
        except SignatureExpired as error:
            raise ReceiptExpired("This prediction is too old to answer. Draw or upload again.") from error
        except BadData as error:
            raise BadReceipt("This receipt is damaged. Draw or upload again.") from error
        note["glyph"] = base64.b64decode(note["glyph"])
        note["strokes"] = _from_tenths(note["strokes"])
        return Receipt(predicted_at=predicted_at, **note)


def _to_tenths(strokes: Strokes | None) -> list[list[int]] | None:
    """Each stroke as x, y, x, y … in tenths of canvas units: small, and quick to write."""
    if strokes is None or sum(map(len, strokes)) > MAX_POINTS:
        return None
    return [np.rint(stroke.ravel() * 10).astype(int).tolist() for stroke in strokes]


def _from_tenths(lines: list[list[int]] | None) -> list[list[list[float]]] | None:
    """`[[[x, y], …], …]` in canvas units again."""
    if lines is None:
        return None
    return [[[x / 10, y / 10] for x, y in zip(line[::2], line[1::2], strict=True)] for line in lines]
