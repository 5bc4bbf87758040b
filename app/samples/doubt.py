"""How doubtful a label is: a vote of the release, of the person who gave it, and of everybody who labelled such ink.

The doubt is the share of the votes that are against the label. The release has one vote, which it splits by its
probabilities. A person's vote weighs as much as that person was right before (`trust`).
"""

from collections.abc import Sequence
from typing import Any

IMPOSSIBLE_BELOW, SURE_FROM = 0.002, 0.5
"""Probabilities of a letter, in either case. Chosen on held-out writers: doc/decisions/0017-review.md."""

Candidates = Sequence[Sequence[Any]]
"""The best few, `[[character, probability], …]`, as a receipt has them."""


def trust(num_right: int, num_judged: int) -> float:
    """How likely a person's next label is right: Laplace's rule of succession, so 0.5 of somebody unknown."""
    return (num_right + 1) / (num_judged + 2)


NEWCOMER = trust(0, 0)


def share_against(
    probability: float, trusted: float, votes_for: float = 0.0, votes_against: float = 0.0
) -> float:
    """The doubt, in [0, 1]: the release gives the label `probability`, its giver is `trusted`; others voted too."""
    against = 1 - probability + votes_against
    return against / (1 + trusted + votes_for + votes_against)


def first_doubt(candidates: Candidates, label: str) -> float:
    """What can be said at once, from the receipt alone: the giver counts as somebody unknown."""
    return share_against(probability_of(label, candidates), NEWCOMER)


def probability_of(label: str, candidates: Candidates) -> float:
    """What the release gave to `label` in either case; the most it can have given to one that is not among them."""
    known = [float(share) for character, share in candidates if character.casefold() == label.casefold()]
    if known:
        return min(sum(known), 1.0)
    shares = [float(share) for _, share in candidates]
    return max(0.0, min(shares[-1], 1 - sum(shares)))


def is_impossible(label: str, candidates: Candidates) -> bool:
    """Whether the release all but excludes `label`, in either case, and holds another character for likely."""
    best = str(candidates[0][0])
    is_sure = probability_of(best, candidates) >= SURE_FROM
    return is_sure and probability_of(label, candidates) < IMPOSSIBLE_BELOW
