"""The most probable reading of a line among all ways to group its pieces, and the probability that it is right.

Forward and backward sums over the lattice (L. Rabiner, "A tutorial on hidden Markov models", Proc. IEEE 77(2), 1989)
give each character's probability; what an expectation forbids has no way through, so it takes no part in them.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.pages.expectations import Expectation, State

_MOST_STATES = 300
"""Kept at each place of a line; only check digits over many characters have more."""

Follows = Callable[[str, str, bool], float]
"""(kind of the character before or "", kind of this one, is a space between) → logarithm of a weight."""

_Key = tuple[State, str]


@dataclass(frozen=True)
class Arc:
    """A segment as a step through the lattice, from piece `start` to `end`, and what it may say.

    `segment` is its number among the line's, `options` are logarithms of weights by what it says (a character, several
    that touch, or "", for dirt), and `is_spaced` says that a space precedes it.
    """

    segment: int
    start: int
    end: int
    options: Mapping[str, float]
    is_spaced: bool


@dataclass(frozen=True)
class Step:
    """One segment of a reading: what is said for it, its character (or several), and the probability of each option."""

    segment: int
    is_spaced: bool
    said: str
    character: str
    shares: Mapping[str, float]


@dataclass(frozen=True)
class Decoded:
    """A reading, and the probability that it is right if one that fits is."""

    text: str
    steps: tuple[Step, ...]
    confidence: float


@dataclass
class _Node:
    """What is known at a place between pieces, by state: best way there, sum of all ways, sum of all ways on."""

    best: dict[_Key, float] = field(default_factory=dict)
    back: dict[_Key, "tuple[int, _Key, int, str, str] | None"] = field(default_factory=dict)
    ahead: dict[_Key, float] = field(default_factory=dict)
    behind: dict[_Key, float] = field(default_factory=dict)


_Move = tuple[int, _Key, int, str, int, _Key, float]
"""From node and state, by arc and character, to node and state, with a weight."""


def decode(
    num_pieces: int, arcs: list[Arc], expected: Expectation, follows: Follows, kind: Callable[[str], str]
) -> Decoded | None:
    """The best reading, or None when none fits. `kind` is what of a character matters to what `follows`."""
    nodes = [_Node() for _ in range(num_pieces + 1)]
    first = (expected.start, "")
    nodes[0].best[first], nodes[0].behind[first], nodes[0].back[first] = 0.0, 0.0, None
    leaving: list[list[int]] = [[] for _ in range(num_pieces + 1)]
    for number, arc in enumerate(arcs):
        leaving[arc.start].append(number)
    moves: list[_Move] = []
    for place in range(num_pieces):
        _prune(nodes[place])
        for number in leaving[place]:
            _advance(nodes, place, number, arcs[number], expected, follows, kind, moves)
    _prune(nodes[-1])
    return _answer(nodes, arcs, expected, moves)


def _advance(
    nodes: list[_Node],
    place: int,
    number: int,
    arc: Arc,
    expected: Expectation,
    follows: Follows,
    kind: Callable[[str], str],
    moves: list[_Move],
) -> None:
    """Take one arc from every state at a place."""
    here, there = nodes[place], nodes[arc.end]
    steps = [
        (character, weight, kind(character) if character else "") for character, weight in arc.options.items()
    ]
    for key, best in here.best.items():
        state, before = key
        behind = here.behind[key]
        for character, weight, own_kind in steps:
            walked = _walked(expected, state, character)
            if walked is None:
                continue
            said, following = walked
            after, total = key, weight
            if character:
                after, total = (following, own_kind), weight + follows(before, own_kind, arc.is_spaced)
            moves.append((place, key, number, character, arc.end, after, total))
            known = there.behind.get(after)
            there.behind[after] = behind + total if known is None else _log_add(known, behind + total)
            if known is None or best + total > there.best[after]:
                there.best[after] = best + total
                there.back[after] = place, key, number, character, said


def _walked(expected: Expectation, state: State, characters: str) -> tuple[str, State] | None:
    """What is said for characters of ink, and the state then; None where they do not fit."""
    said = ""
    for character in characters:
        move = expected.moves(state).get(character)
        if move is None:
            return None
        said, state = said + move[0], move[1]
    return said, state


def _answer(nodes: list[_Node], arcs: list[Arc], expected: Expectation, moves: list[_Move]) -> Decoded | None:
    last = nodes[-1]
    endings = {key: expected.ends(key[0]) for key in last.best}
    ends = {key: rest for key, rest in endings.items() if rest is not None and key[1]}
    if not ends:
        return None
    key = max(ends, key=lambda k: last.best[k])
    everything = -math.inf
    for end in ends:
        last.ahead[end] = 0.0
        everything = _log_add(everything, last.behind[end])
    shares = _shares(nodes, moves, everything)
    confidence = math.exp(min(last.best[key] - everything, 0.0))
    steps, rest = [], ends[key]
    place = len(nodes) - 1
    while (back := nodes[place].back[key]) is not None:
        place, key, number, character, said = back
        if character:
            arc = arcs[number]
            steps.append(Step(arc.segment, arc.is_spaced, said, character, shares[number]))
    steps.reverse()
    return Decoded(_text(steps, expected) + rest, tuple(steps), confidence)


def _text(steps: list[Step], expected: Expectation) -> str:
    """Spaces are said where there are some and the reading is free; a pattern has its own."""
    parts = []
    for number, step in enumerate(steps):
        if number and expected.is_free and step.is_spaced:
            parts.append(" ")
        parts.append(step.said)
    return "".join(parts)


def _shares(nodes: list[_Node], moves: list[_Move], everything: float) -> dict[int, dict[str, float]]:
    """By arc and character: the share of all ways that go there."""
    shares: dict[int, dict[str, float]] = {}
    for place, key, number, character, end, after, weight in reversed(moves):
        ahead = nodes[end].ahead.get(after)
        if ahead is None or key not in nodes[place].behind:
            continue
        onward = weight + ahead
        known = nodes[place].ahead.get(key)
        nodes[place].ahead[key] = onward if known is None else _log_add(known, onward)
        share = math.exp(min(nodes[place].behind[key] + onward - everything, 0.0))
        by_character = shares.setdefault(number, {})
        by_character[character] = by_character.get(character, 0.0) + share
    return shares


def _prune(node: _Node) -> None:
    """Forget all but the most probable states of a place."""
    if len(node.best) > _MOST_STATES:
        kept = sorted(node.best, key=lambda key: -node.best[key])[:_MOST_STATES]
        node.best = {key: node.best[key] for key in kept}


def _log_add(a: float, b: float) -> float:
    high, low = (a, b) if a > b else (b, a)
    return high if low - high < -30 else high + math.log1p(math.exp(low - high))
