"""What can go wrong between bytes and characters. Each message tells the person what to do about it."""

from typing import ClassVar


class Word(str):
    """A value of a sentence that is itself said in the language of whoever reads it."""

    __slots__ = ()


class ForPeople(Exception):
    """An error whose message is for people, in a language that whoever shows it chooses.

    `sentence` is English with a place for each value: `NoInk("… %(n)s …", n=3)`. It is never put together, so that
    translations can be collected from the code.
    """

    def __init__(self, sentence: str, **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence, self.values = sentence, values


class RecognitionError(ForPeople):
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


class NothingToRead(RecognitionError):
    """There is ink on the page, and none of it looks like handwriting that fits."""

    code = "nothing_to_read"


class BadExpectation(RecognitionError):
    code = "bad_expectation"


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
