"""Readings for the web: an image, strokes or pages become predictions and their receipts."""

import logging
from dataclasses import dataclass, replace
from typing import cast

from flask import current_app

from app.accounts.hand import hand_since
from app.database import NO_ANSWER
from app.pages.readings import GlyphReading
from app.recognition.alphabets import alphabet_named
from app.recognition.heights import parse_cap_height, relative_height
from app.recognition.image import ImageLimits, ink_from_image
from app.recognition.normalize import Ink
from app.recognition.recognizer import Candidate, Prediction
from app.recognition.service import RecognitionRoom
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from app.samples.hand import Hands, Learned
from app.samples.receipts import ReceiptBook

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reading:
    """What was read, the receipt for it, the ink it was read from, and what is known of the hand that wrote it."""

    prediction: Prediction
    receipt: str
    ink: Ink
    learned: Learned | None


def read_image(alphabet: object, data: bytes, note: object = None) -> Reading:
    """Read one character from an image file. `note` says whose hand it is. Raises RecognitionError."""
    room().recognizer(cast("str", alphabet))  # before anything is decoded
    ink = ink_from_image(data, ImageLimits.from_settings(current_app.config))
    return read_ink(alphabet, ink, note)


def read_ink(alphabet: object, ink: Ink, note: object = None) -> Reading:
    """Read one character from the ink of an image. `note` says whose hand it is. Raises RecognitionError."""
    recognizer = room().recognizer(cast("str", alphabet))
    learned = learned_by(note, cast("str", alphabet))
    prediction = recognizer.recognize(ink, hand=learned.hand if learned else None)
    return Reading(prediction, receipts().issue(prediction), ink, learned)


def read_strokes(alphabet: object, value: object, cap_height: object = None, note: object = None) -> Reading:
    """Read one character from `[[[x, y], …], …]` as it came from JSON. Raises RecognitionError.

    `cap_height` is how tall a capital would be, in the units of the strokes, where there are lines to write between;
    `note` says whose hand it is.
    """
    recognizer = room().recognizer(cast("str", alphabet))
    config = current_app.config
    strokes = parse_strokes(value, StrokeLimits(config["MAX_STROKE_POINTS"], config["MAX_STROKES"]))
    height = None if cap_height is None else relative_height(strokes, parse_cap_height(cap_height))
    ink = ink_from_strokes(strokes)
    learned = learned_by(note, cast("str", alphabet))
    prediction = recognizer.recognize(ink, height, learned.hand if learned else None, strokes)
    return Reading(prediction, receipts().issue(prediction, strokes), ink, learned)


def receipt_of(glyph: GlyphReading) -> str | None:
    """The receipt for one character of a line; None for a sign that no network reads.

    Where the line made another character of it than the network alone, the receipt says what was shown.
    """
    prediction = glyph.prediction
    if prediction is None or glyph.character not in alphabet_named(prediction.alphabet):
        return None
    if glyph.character != prediction.candidates[0].character:
        shown = Candidate(glyph.character, glyph.confidence)
        others = tuple(c for c in prediction.candidates if c.character != glyph.character)
        prediction = replace(prediction, candidates=(shown, *others), by_network=prediction.candidates)
    return receipts().issue(prediction)


def learned_by(note: object, alphabet: str) -> Learned | None:
    """What is known of the hand that `note` names. None where it names none, or none that is still learned.

    Without a note this touches nothing. When the database does not answer, the network still does.
    """
    writer = hands().writer(note) if isinstance(note, str) else None
    if writer is None:
        return None
    try:
        if writer.user_id is not None and hand_since(writer.user_id) != writer.since:
            return None
        return hands().learned(writer, alphabet)
    except NO_ANSWER as error:
        log.error("A hand is not known, as the database does not answer: %s", error)
        return None


def room() -> RecognitionRoom:
    """The app's recognition room."""
    return cast("RecognitionRoom", current_app.extensions["recognition"])


def receipts() -> ReceiptBook:
    """The app's receipt book."""
    return cast("ReceiptBook", current_app.extensions["receipts"])


def hands() -> Hands:
    """The app's hands."""
    return cast("Hands", current_app.extensions["hands"])
