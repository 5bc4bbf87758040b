"""What a reading may say: patterns that a decoder walks along, character by character."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from app.recognition.alphabets import Alphabet

MARKS = "./-,:'+()€$£"
"""Signs that no network reads. They are told by their size and place, and only where a pattern asks for them."""


@dataclass(frozen=True)
class Slot:
    """One place of a pattern.

    Attributes:
        characters: what may stand there.
        fill: None where ink must stand there; else what is said when there is none, which may be nothing.
    """

    characters: frozenset[str]
    fill: str | None = None


Pattern = tuple[Slot, ...]

State = tuple[Any, ...]
"""How far a reading has come; hashable."""


class Check(Protocol):
    """A check digit: what is known after each character, and whether it is right at the end."""

    start: State

    def after(self, state: State, character: str) -> State:
        """The state after one more character."""
        ...

    def holds(self, state: State) -> bool:
        """Whether the reading may end here."""
        ...


class Expectation:
    """What a line is told to say: any one of several patterns, and perhaps a check.

    Without patterns it says any characters of its alphabet, parted by spaces.
    """

    def __init__(
        self,
        name: str,
        alphabet: Alphabet,
        patterns: tuple[Pattern, ...] = (),
        check: Check | None = None,
        is_caseless: bool = False,
    ) -> None:
        self.name, self.alphabet, self.is_caseless = name, alphabet, is_caseless
        self._patterns, self._check = patterns, check
        said = frozenset().union(*(slot.characters for pattern in patterns for slot in pattern))
        self.marks = "".join(mark for mark in MARKS if mark in said)
        self._moves = lru_cache(maxsize=20_000)(self._moves_from)

    @property
    def is_free(self) -> bool:
        """Whether any text of the alphabet fits."""
        return not self._patterns

    @property
    def has_check(self) -> bool:
        """Whether check digits must be right."""
        return self._check is not None

    @property
    def start(self) -> State:
        """The state before the first character."""
        places = frozenset((number, 0) for number in range(len(self._patterns)))
        return places, self._check.start if self._check else None

    def moves(self, state: State) -> Mapping[str, tuple[str, State]]:
        """What may come next: by character, what is said up to and with it, and the state then."""
        if self.is_free and self._check is None:
            return self._free_moves
        return self._moves(state)

    def ends(self, state: State) -> str | None:
        """None when the reading may not end here, else what is still said."""
        places, checked = state
        if self._check and not self._check.holds(checked):
            return None
        if self.is_free:
            return ""
        rests = [self._rest(number, place) for number, place in places]
        return min((rest for rest in rests if rest is not None), key=len, default=None)

    def _rest(self, number: int, place: int) -> str | None:
        fills = [slot.fill for slot in self._patterns[number][place:]]
        return None if None in fills else "".join(fill for fill in fills if fill)

    @property
    def _free_moves(self) -> Mapping[str, tuple[str, State]]:
        if not hasattr(self, "_free"):
            self._free = {c: (c, self.start) for c in self.alphabet}
        return self._free

    def _moves_from(self, state: State) -> Mapping[str, tuple[str, State]]:
        places, checked = state
        if self.is_free:
            return {c: (c, (places, self._checked(checked, c))) for c in self.alphabet}
        said: dict[str, tuple[str, set[tuple[int, int]]]] = {}
        for number, place in places:
            fill = ""
            for at, slot in enumerate(self._patterns[number][place:], start=place):
                for character in slot.characters:
                    before = said.setdefault(character, (fill + character, set()))
                    if len(fill) + 1 <= len(before[0]):
                        before[1].add((number, at + 1))
                if slot.fill is None:
                    break
                fill += slot.fill
        return {
            c: (text, (frozenset(following), self._checked(checked, c)))
            for c, (text, following) in said.items()
        }

    def _checked(self, state: State, character: str) -> State:
        if self._check is None or not character.isalnum():
            return state
        return self._check.after(state, character)
