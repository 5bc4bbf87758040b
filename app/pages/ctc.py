"""What the columns of a CTC network say: sums over all ways to say something, likely texts, and where they stand.

A. Graves et al., "Connectionist temporal classification", ICML 2006: what is said in neighbouring columns counts once,
and columns that say none part a digit from the next, also from the same one.
"""

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS

NONE = len(DIGITS)
"""The place in a column that says that no digit is there."""

_LEAST_SHARE = 1e-3
_BEAM = 8

Columns = NDArray[np.float64]
"""(T, 11): logarithms of the probabilities of each digit and, last, of none; each row of probabilities sums to 1."""


def log_of_one(columns: Columns) -> NDArray[np.float64]:
    """(10,): logarithms of the probabilities that columns (T, 11) say one digit, each of them, and no other.

    That is the sum over all places at which the digit may begin and end, with nothing before and after it.
    """
    if not len(columns):
        return np.full(len(DIGITS), -np.inf)
    none = columns[:, NONE:]
    gained = np.cumsum(columns[:, :NONE] - none, axis=0)
    started = np.logaddexp.accumulate(np.concatenate([np.zeros((1, NONE)), -gained[:-1]]), axis=0)
    return np.asarray(np.logaddexp.reduce(gained + started, axis=0) + none.sum())


def of_several(columns: Columns) -> dict[str, float]:
    """Probabilities of the likeliest texts of two digits or more that columns (T, 11) say.

    A search along the columns that keeps a few beginnings, each with the probability of having ended in a column
    without a digit and of still holding its last one.
    """
    shares = np.exp(columns)
    beam = {"": (1.0, 0.0)}
    for row in shares.tolist():
        grown: dict[str, tuple[float, float]] = {}
        for text, (ended, held) in beam.items():
            _add(grown, text, (ended + held) * row[NONE], held * row[int(text[-1])] if text else 0.0)
            for digit in DIGITS.characters:
                before = ended if text.endswith(digit) else ended + held
                _add(grown, text + digit, 0.0, before * row[int(digit)])
        beam = dict(sorted(grown.items(), key=lambda item: -sum(item[1]))[:_BEAM])
    found = {text: sum(both) for text, both in beam.items() if len(text) > 1}
    return {text: share for text, share in found.items() if share > _LEAST_SHARE}


def _add(grown: dict[str, tuple[float, float]], text: str, ended: float, held: float) -> None:
    before = grown.get(text, (0.0, 0.0))
    grown[text] = before[0] + ended, before[1] + held


def aligned(columns: Columns, text: str) -> list[float]:
    """The middle column of each digit of a text, along the likeliest way to say it (Viterbi)."""
    states = [NONE]
    for digit in text:
        states += [int(digit), NONE]
    best = np.full(len(states), -np.inf)
    best[:2] = columns[0, states[:2]]
    came: list[list[int]] = []
    for row in columns[1:]:
        after = np.full(len(states), -np.inf)
        steps: list[int] = []
        for at, state in enumerate(states):
            reach = [place for place in (at, at - 1) if place >= 0]
            if at > 2 and state != NONE and state != states[at - 2]:
                reach.append(at - 2)
            source = max(reach, key=lambda place: best[place])
            after[at] = best[source] + row[state]
            steps.append(source)
        best = after
        came.append(steps)
    way = [len(states) - 1 if best[-1] >= best[-2] else len(states) - 2]
    for steps in reversed(came):
        way.append(steps[way[-1]])
    way.reverse()
    return [
        float(np.mean([t for t, state in enumerate(way) if state == 2 * i + 1] or [0]))
        for i in range(len(text))
    ]
