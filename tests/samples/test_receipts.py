"""Receipts: what goes in comes out; nothing else is believed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadReceipt, ReceiptExpired
from app.recognition.recognizer import Prediction
from app.recognition.strokes import StrokeLimits, Strokes, ink_from_strokes, parse_strokes
from app.samples.receipts import MAX_POINTS, ReceiptBook
from tests.fakes import SEVEN, FakeRoom

BOOK = ReceiptBook("a secret", max_age_s=60)


def drawing(points: list[list[float]] | None = None) -> Strokes:
    return parse_strokes([points] if points else SEVEN, StrokeLimits(0, 0))


def prediction() -> Prediction:
    return FakeRoom().recognizer("digit").recognize(ink_from_strokes(drawing()))


def test_receipt_gives_back_what_was_predicted() -> None:
    predicted = prediction()
    receipt = BOOK.read(BOOK.issue(predicted, drawing()))
    glyph = np.frombuffer(receipt.glyph, np.uint8).reshape(28, 28, 1)
    assert np.array_equal(glyph, np.rint(predicted.glyph * 255))
    assert receipt.strokes == SEVEN
    assert (receipt.alphabet, receipt.release, receipt.source) == ("digit", predicted.release, "draw")
    assert tuple(receipt.candidates[0]) == ("7", 0.9)
    assert len(receipt.candidates) == 5


def test_upload_has_no_strokes() -> None:
    receipt = BOOK.read(BOOK.issue(prediction()))
    assert (receipt.source, receipt.strokes) == ("upload", None)


def test_points_are_kept_to_a_tenth() -> None:
    receipt = BOOK.read(BOOK.issue(prediction(), drawing([[1.26, 2.0], [3.34999, -0.04]])))
    assert receipt.strokes == [[[1.3, 2.0], [3.3, 0.0]]]


def test_strokes_of_a_very_long_drawing_are_left_out() -> None:
    line = [[float(x), 0.0] for x in range(MAX_POINTS + 1)]
    assert BOOK.read(BOOK.issue(prediction(), drawing(line))).strokes is None
    assert BOOK.read(BOOK.issue(prediction(), drawing(line[1:]))).strokes is not None


def test_every_receipt_is_another() -> None:
    first, second = (BOOK.read(BOOK.issue(prediction())).id for _ in range(2))
    assert first != second


def test_receipt_is_small() -> None:
    assert len(BOOK.issue(prediction(), drawing())) < 1_200


def test_time_of_prediction_is_known_and_aware() -> None:
    assert BOOK.read(BOOK.issue(prediction())).predicted_at.utcoffset() is not None


def test_old_receipt_has_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    text = BOOK.issue(prediction())
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: 4e9)
    with pytest.raises(ReceiptExpired):
        BOOK.read(text)
    assert ReceiptBook("a secret", max_age_s=0).read(text).id


def test_receipt_of_another_key_is_refused() -> None:
    with pytest.raises(BadReceipt):
        ReceiptBook("another secret", max_age_s=60).read(BOOK.issue(prediction()))


@given(st.integers(0, 10_000), st.characters())
def test_altered_receipt_is_refused(position: int, character: str) -> None:
    text = BOOK.issue(prediction())
    position %= len(text)
    altered = text[:position] + character + text[position + 1 :]
    if altered == text:
        return
    with pytest.raises(BadReceipt):
        BOOK.read(altered)


@given(st.text())
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(BadReceipt):
        BOOK.read(text)


@pytest.mark.parametrize("reason", ["uncertain", "no_character"])
def test_refused_prediction_has_a_receipt_too(reason: str) -> None:
    assert BOOK.read(BOOK.issue(replace(prediction(), rejected=reason))).confidence == 0.9
