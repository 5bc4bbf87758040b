"""Receipts for the characters of a line: a yes confirms what was shown, and what the network said is not lost."""

from dataclasses import replace
from typing import cast

import numpy as np
import pytest
from flask import Flask

from app.pages.components import Box
from app.pages.readings import GlyphReading
from app.reading import read_ink, read_strokes, receipt_of, receipts, room
from app.recognition.recognizer import Candidate
from tests.fakes import SEVEN, FakeRoom


@pytest.fixture
def glyph() -> GlyphReading:
    """A 7, of which the network was 0.9 sure."""
    ink = np.full((20, 10), 255, np.uint8)
    prediction = FakeRoom().recognizer("digit").recognize(ink)
    candidates = (Candidate("7", 0.95), Candidate("1", 0.05))
    return GlyphReading("7", Box(0, 0, 10, 20), candidates, 0.95, False, prediction)


def test_a_drawing_is_read_with_its_strokes_and_a_picture_without(app: Flask) -> None:
    ink = np.full((20, 10), 255, np.uint8)
    with app.app_context():
        network = cast("FakeRoom", room()).recognizer("digit")
        read_strokes("digit", SEVEN)
        read_ink("digit", ink)
    drawn, picture = network.strokes[-2:]
    assert picture is None
    assert drawn is not None
    assert [stroke.tolist() for stroke in drawn] == SEVEN


def test_receipt_has_what_the_network_said(app: Flask, glyph: GlyphReading) -> None:
    with app.app_context():
        receipt = receipts().read(receipt_of(glyph) or "")
    assert (receipt.answer, receipt.confidence, receipt.source, receipt.shown) == ("7", 0.9, "upload", None)


def test_yes_confirms_what_the_line_made_of_it(app: Flask, glyph: GlyphReading) -> None:
    with app.app_context():
        receipt = receipts().read(receipt_of(replace(glyph, character="1")) or "")
    assert (receipt.answer, receipt.candidates[0][0], receipt.confidence) == ("1", "7", 0.9)


@pytest.mark.parametrize("change", [{"prediction": None, "character": "/"}, {"character": "A"}])
def test_what_no_network_reads_has_no_receipt(
    app: Flask, glyph: GlyphReading, change: dict[str, object]
) -> None:
    with app.app_context():
        assert receipt_of(replace(glyph, **change)) is None  # type: ignore[arg-type]
