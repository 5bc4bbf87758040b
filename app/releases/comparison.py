"""Two releases side by side: what their cards say of the same tests."""

from dataclasses import dataclass
from typing import Any

from app.recognition.releases import Release


@dataclass(frozen=True)
class Row:
    """One figure of both releases, in percent; None where a card does not have it."""

    name: str
    before: float | None
    after: float | None

    @property
    def points(self) -> float | None:
        """How much more the second one has."""
        return None if self.before is None or self.after is None else round(self.after - self.before, 2)


@dataclass(frozen=True)
class Finding:
    """A rule of the gate that a retrained release had to pass, and what was found."""

    rule: str
    holds: bool
    found: str


@dataclass(frozen=True)
class Comparison:
    """Everything that both cards say.

    Attributes:
        before, after: such as "digit/4" and "digit/5".
        right: percent right on each evaluation set, in the right case; robust: when the same ink changes, in either
            case; refused: of ink that is no character.
        rules: why the second one was released; empty unless it was retrained from the first.
    """

    before: str
    after: str
    right: tuple[Row, ...]
    robust: tuple[Row, ...]
    refused: tuple[Row, ...]
    rules: tuple[Finding, ...]


def compare(before: Release, after: Release) -> Comparison:
    """What the cards of two releases of one alphabet say."""
    first, second = (release.card.get("evaluation") or {} for release in (before, after))
    retrained = after.card.get("retrained") or {}
    rules = retrained["comparison"]["rules"] if retrained.get("from") == before.name else []
    return Comparison(
        before.name,
        after.name,
        _rows(_accuracies(first), _accuracies(second)),
        _rows(first.get("robustness") or {}, second.get("robustness") or {}),
        _rows(first.get("refused") or {}, second.get("refused") or {}),
        tuple(Finding(**rule) for rule in rules),
    )


def _accuracies(evaluation: dict[str, Any]) -> dict[str, float]:
    return {name: scores["accuracy"] for name, scores in (evaluation.get("sets") or {}).items()}


def _rows(first: dict[str, float], second: dict[str, float]) -> tuple[Row, ...]:
    return tuple(Row(name, first.get(name), second.get(name)) for name in dict.fromkeys([*first, *second]))
