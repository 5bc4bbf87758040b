"""The rule by which a retrained network replaces the current one, or does not (doc/decisions/0018).

Both networks read the same ink, so every test looks at the ink on which they differ: what the candidate lost and what
it gained. McNemar's test, exact, two-sided: Psychometrika 12 (1947).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT = 0.05
MOST_LOST = 0.001
"""Share of a frozen test, and of its real ink that is refused anew."""
FORGIVEN = 2
"""Drawings that any set may lose: two lost and none gained has p = 0.5, mere chance."""
MOST_LOST_OF_A_KIND = 0.01
"""Share of one character of a frozen test, and of one kind of ink that is no character; if the loss is significant."""

IMPOSSIBLE = 0.002
"""A label that neither network gives so much probability is taken for wrong."""
MOST_IMPOSSIBLE = 0.15
"""Share of the held-out corrections: honest ones of made-up people with unusual hands had 5 %, random ones 79 %."""

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Change:
    """What became of `count` answers.

    Attributes:
        before, after: how many are good, of the current release and of the candidate.
        lost: good before, not after; gained: the other way round.
    """

    count: int
    before: int
    after: int
    lost: int
    gained: int

    @staticmethod
    def between(before: Marks, after: Marks) -> "Change":
        """From which answers (N,) are good, of each network."""
        lost, gained = int((before & ~after).sum()), int((~before & after).sum())
        return Change(len(before), int(before.sum()), int(after.sum()), lost, gained)

    @property
    def p(self) -> float:
        """Probability of a difference as large as this one if both networks were equally good."""
        differing = self.lost + self.gained
        tail = sum(comb(differing, k) for k in range(min(self.lost, self.gained) + 1))
        return min(1.0, 2 * tail / (1 << differing))

    @property
    def points(self) -> float:
        """Percent good after, less percent good before."""
        return 100 * (self.gained - self.lost) / max(self.count, 1)

    def loses_more_than(self, share: float) -> bool:
        """Whether the net loss is more than a share of all, and more than `FORGIVEN`."""
        return self.lost - self.gained > max(share * self.count, FORGIVEN)


@dataclass(frozen=True)
class SetResult:
    """The current release and the candidate on the same real ink.

    Attributes:
        name: of the set.
        truth: the right characters, str (N,).
        right: (current, candidate) marks (N,): the first candidate is the right character.
        refused: (current, candidate) marks (N,): not believed.
    """

    name: str
    truth: NDArray[np.str_]
    right: tuple[Marks, Marks]
    refused: tuple[Marks, Marks]

    @property
    def accuracy(self) -> Change:
        return Change.between(*self.right)

    @property
    def acceptance(self) -> Change:
        """Good is what is not refused."""
        before, after = self.refused
        return Change.between(~before, ~after)

    def characters(self) -> dict[str, Change]:
        """The accuracy of each character that occurs."""
        before, after = self.right
        return {
            str(each): Change.between(before[self.truth == each], after[self.truth == each])
            for each in np.unique(self.truth)
        }


@dataclass(frozen=True)
class Finding:
    """One rule: what it asks, whether it holds, and what was found."""

    rule: str
    holds: bool
    found: str


def decide(
    held_out: SetResult, impossible: Marks, frozen: Sequence[SetResult], strangers: dict[str, Change]
) -> list[Finding]:
    """Every rule with what was found; the candidate is better if all of them hold.

    `impossible` says of each held-out correction whether neither network thinks its label possible; `strangers` are
    the refusals, by kind, of ink that is no character.
    """
    return [
        _is_better(held_out.accuracy),
        _is_believable(impossible),
        _forgets_nothing(frozen),
        _forgets_no_character(frozen),
        _refuses_no_more(frozen),
        _refuses_strangers(strangers),
    ]


def _is_better(change: Change) -> Finding:
    return Finding(
        f"better on held-out samples, p < {SIGNIFICANT}",
        change.gained > change.lost and change.p < SIGNIFICANT,
        f"of {change.count}, {change.gained} gained and {change.lost} lost, p = {change.p:.2g}",
    )


def _is_believable(impossible: Marks) -> Finding:
    count, most = int(impossible.sum()), max(MOST_IMPOSSIBLE * len(impossible), 1)
    return Finding(
        f"of the held-out corrections, at most {100 * MOST_IMPOSSIBLE:g} % are impossible to both networks, or one",
        count <= most,
        f"{count} of {len(impossible)}",
    )


def _forgets_nothing(frozen: Sequence[SetResult]) -> Finding:
    return _finding(
        f"no frozen test loses more than {100 * MOST_LOST:g} points, or {FORGIVEN} drawings where that is more",
        {each.name: each.accuracy for each in frozen},
        [each.name for each in frozen if each.accuracy.loses_more_than(MOST_LOST)],
    )


def _forgets_no_character(frozen: Sequence[SetResult]) -> Finding:
    changes = {f"“{c}” of {each.name}": found for each in frozen for c, found in each.characters().items()}
    return _finding(
        f"no character of a frozen test loses more than {100 * MOST_LOST_OF_A_KIND:g} point with p < {SIGNIFICANT}",
        changes,
        [name for name, change in changes.items() if _is_sure_loss(change)],
    )


def _refuses_no_more(frozen: Sequence[SetResult]) -> Finding:
    return _finding(
        f"no frozen test has {100 * MOST_LOST:g} points more of its ink refused, or {FORGIVEN} drawings",
        {each.name: each.acceptance for each in frozen},
        [each.name for each in frozen if each.acceptance.loses_more_than(MOST_LOST)],
    )


def _refuses_strangers(strangers: dict[str, Change]) -> Finding:
    return _finding(
        f"no kind of ink that is no character has {100 * MOST_LOST_OF_A_KIND:g} point less of it refused with "
        f"p < {SIGNIFICANT}",
        strangers,
        [kind for kind, change in strangers.items() if _is_sure_loss(change)],
    )


def _is_sure_loss(change: Change) -> bool:
    return change.loses_more_than(MOST_LOST_OF_A_KIND) and change.p < SIGNIFICANT


def _finding(rule: str, changes: dict[str, Change], broken: list[str]) -> Finding:
    """Names what breaks the rule, else what came nearest to it."""
    if not changes:
        return Finding(rule, False, "there is nothing to compare on")
    named = broken or [min(changes, key=lambda name: changes[name].points)]
    found = [f"{name} {changes[name].points:+.2f}" for name in named]
    return Finding(rule, not broken, ("" if broken else "worst: ") + ", ".join(found))
