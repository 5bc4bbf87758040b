"""What can go wrong between bytes and characters. Each message tells the person what to do about it."""

from typing import ClassVar


class RecognitionError(Exception):
    """Base of this room's errors; `code` is stable and meant for programs, the message for people."""

    code: ClassVar[str] = "recognition_failed"


class UnreadableImage(RecognitionError):
    code = "unreadable_image"


class ImageTooLarge(RecognitionError):
    code = "image_too_large"


class UnsupportedImage(RecognitionError):
    code = "unsupported_image"


class NoInk(RecognitionError):
    code = "no_ink"


class NoUsableStroke(RecognitionError):
    code = "no_usable_stroke"


class TooManyPoints(RecognitionError):
    code = "too_many_points"


class UnknownAlphabet(RecognitionError):
    code = "unknown_alphabet"


class NoNetwork(RecognitionError):
    code = "no_network"


class BadRelease(RecognitionError):
    """A release whose files are missing, altered, or do not answer as its card says."""

    code = "bad_release"
