"""The characters that a network can answer, in the order of its outputs. The only list of classes there is."""

import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.recognition.errors import UnknownAlphabet


@dataclass(frozen=True)
class Alphabet:
    """An ordered tuple of characters; position i is what output i of a network means."""

    name: str
    characters: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.characters)

    def __iter__(self) -> Iterator[str]:
        return iter(self.characters)

    def __contains__(self, character: object) -> bool:
        return character in self.characters

    @property
    def num_outputs(self) -> int:
        """Outputs of a network: one for each character, and the last for ink that is none of them."""
        return len(self.characters) + 1

    def index(self, character: str) -> int:
        """The output that means `character`. Raises ValueError when the alphabet has no such character."""
        return self.characters.index(character)


DIGITS = Alphabet("digit", tuple(string.digits))
LETTERS = Alphabet("character", tuple(string.ascii_uppercase + string.ascii_lowercase))
COMBINED = Alphabet("combined", DIGITS.characters + LETTERS.characters)

ALPHABETS: Mapping[str, Alphabet] = MappingProxyType({a.name: a for a in (DIGITS, LETTERS, COMBINED)})


def alphabet_named(name: object) -> Alphabet:
    """The alphabet called `name`. Raises UnknownAlphabet for anything else, of whatever type."""
    if not isinstance(name, str) or name not in ALPHABETS:
        known = ", ".join(f'"{known}"' for known in ALPHABETS)
        raise UnknownAlphabet(
            "There is no alphabet %(name)s. Use one of %(known)s.", name=repr(str(name)[:40]), known=known
        )
    return ALPHABETS[name]
