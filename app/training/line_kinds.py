"""The kinds of lines that reading is measured on: what they say, how they are written, what the reader is told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from app.pages.checks import Luhn
from app.training.lines import SEPARATED, TOUCHING, Spacing, Writer

ALL_DIGITS, SMALL = "0123456789", "abcdefghijklmnopqrstuvwxyz"
_CAPITALS = SMALL.upper()

TextMaker = Callable[[Writer, np.random.Generator], str]


@dataclass(frozen=True)
class Kind:
    """Lines of one kind: how they are written, and what the reader is told."""

    name: str
    text: TextMaker
    spacing: Spacing
    expect: str
    characters: str
    """A writer must have written these."""

    def able(self, writers: Sequence[Writer]) -> list[Writer]:
        """Who can write such a line."""
        return able_to_write(self.characters, writers)


def able_to_write(characters: str, writers: Sequence[Writer]) -> list[Writer]:
    """The writers of whom there is a drawing of each of these characters."""
    return [writer for writer in writers if set(characters) <= set(writer.characters)]


def some_digits(_writer: Writer, rng: np.random.Generator, length: int | None = None) -> str:
    """`length` digits, else two to ten."""
    return "".join(rng.choice(list(ALL_DIGITS), length or int(rng.integers(2, 11))))


def _words(characters: str) -> TextMaker:
    def words(writer: Writer, rng: np.random.Generator) -> str:
        known = [c for c in characters if c in writer.characters]
        lengths = rng.integers(3, 8, int(rng.integers(1, 3)))
        return " ".join("".join(rng.choice(known, length)) for length in lengths)

    return words


def _capitalised(_writer: Writer, rng: np.random.Generator) -> str:
    """A capital, then small letters or capitals: what case has to be told by height."""
    words = []
    for length in rng.integers(3, 8, int(rng.integers(1, 3))):
        drawn = "".join(rng.choice(list(SMALL), length))
        words.append("".join(c.upper() if rng.random() < 0.4 else c for c in drawn))
    return " ".join(words)


def _cased_by_word(_writer: Writer, rng: np.random.Generator) -> str:
    """Words as people case them: small, Capitalised or CAPITALS, each as often."""
    words = ("".join(rng.choice(list(SMALL), length)) for length in rng.integers(3, 8, 2))
    return " ".join((word, word.capitalize(), word.upper())[rng.integers(3)] for word in words)


def _date(_writer: Writer, rng: np.random.Generator) -> str:
    return f"{rng.integers(1, 29):02}{rng.integers(1, 13):02}{rng.integers(1950, 2030)}"


def _luhn(writer: Writer, rng: np.random.Generator) -> str:
    start = some_digits(writer, rng, int(rng.integers(7, 12)))
    for last in ALL_DIGITS:
        state = Luhn.start
        for digit in start + last:
            state = Luhn().after(state, digit)
        if Luhn().holds(state):
            return start + last
    raise AssertionError(start)


KINDS = (
    Kind("2–10 digits apart, told digits", some_digits, SEPARATED, "digits", ALL_DIGITS),
    Kind("2–10 digits apart, told nothing", some_digits, SEPARATED, "any", ALL_DIGITS),
    Kind(
        "2 digits touching, told digits",
        lambda writer, rng: some_digits(writer, rng, 2),
        TOUCHING,
        "digits",
        ALL_DIGITS,
    ),
    Kind("2–10 digits touching, told digits", some_digits, TOUCHING, "digits", ALL_DIGITS),
    Kind("block letters, told letters", _words(_CAPITALS), SEPARATED, "letters", _CAPITALS),
    Kind("block letters, told nothing", _words(_CAPITALS), SEPARATED, "any", _CAPITALS),
    Kind("both cases mixed, told letters", _capitalised, SEPARATED, "letters", _CAPITALS + SMALL),
    Kind("words cased by word, told letters", _cased_by_word, SEPARATED, "letters", _CAPITALS + SMALL),
    Kind("words cased by word, told nothing", _cased_by_word, SEPARATED, "any", _CAPITALS + SMALL),
    Kind("dates of 8 digits, told nothing", _date, SEPARATED, "any", ALL_DIGITS),
    Kind("dates of 8 digits, told digits", _date, SEPARATED, "digits", ALL_DIGITS),
    Kind("dates of 8 digits, told 99/99/9999", _date, SEPARATED, "99/99/9999", ALL_DIGITS),
    Kind("dates of 8 digits, touching, told nothing", _date, TOUCHING, "any", ALL_DIGITS),
    Kind("dates of 8 digits, touching, told digits", _date, TOUCHING, "digits", ALL_DIGITS),
    Kind("dates of 8 digits, touching, told 99/99/9999", _date, TOUCHING, "99/99/9999", ALL_DIGITS),
    Kind("8–12 digits with Luhn's check, told nothing", _luhn, SEPARATED, "any", ALL_DIGITS),
    Kind("8–12 digits with Luhn's check, told digits", _luhn, SEPARATED, "digits", ALL_DIGITS),
    Kind("8–12 digits with Luhn's check, told so", _luhn, SEPARATED, "digits|luhn", ALL_DIGITS),
)
