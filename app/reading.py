"""One reading for the web: an image or strokes become a prediction and its receipt."""

from dataclasses import dataclass
from typing import cast

from flask import current_app

from app.recognition.heights import parse_cap_height, relative_height
from app.recognition.image import ImageLimits, ink_from_image
from app.recognition.normalize import Ink
from app.recognition.recognizer import Prediction
from app.recognition.service import RecognitionRoom
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from app.samples.receipts import ReceiptBook


@dataclass(frozen=True)
class Reading:
    """What was read, the receipt for it, and the ink it was read from."""

    prediction: Prediction
    receipt: str
    ink: Ink


def read_image(alphabet: object, data: bytes) -> Reading:
    """Read one character from an image file. Raises RecognitionError."""
    recognizer = room().recognizer(cast("str", alphabet))
    config = current_app.config
    limits = ImageLimits(config["MAX_BODY_BYTES"], config["MAX_IMAGE_PIXELS"], config["MAX_IMAGE_SIDE_PX"])
    ink = ink_from_image(data, limits)
    prediction = recognizer.recognize(ink)
    return Reading(prediction, receipts().issue(prediction), ink)


def read_strokes(alphabet: object, value: object, cap_height: object = None) -> Reading:
    """Read one character from `[[[x, y], …], …]` as it came from JSON. Raises RecognitionError.

    `cap_height` is how tall a capital would be, in the units of the strokes, where there are lines to write between.
    """
    recognizer = room().recognizer(cast("str", alphabet))
    config = current_app.config
    strokes = parse_strokes(value, StrokeLimits(config["MAX_STROKE_POINTS"], config["MAX_STROKES"]))
    height = None if cap_height is None else relative_height(strokes, parse_cap_height(cap_height))
    ink = ink_from_strokes(strokes)
    prediction = recognizer.recognize(ink, height)
    return Reading(prediction, receipts().issue(prediction, strokes), ink)


def room() -> RecognitionRoom:
    """The app's recognition room."""
    return cast("RecognitionRoom", current_app.extensions["recognition"])


def receipts() -> ReceiptBook:
    """The app's receipt book."""
    return cast("ReceiptBook", current_app.extensions["receipts"])
