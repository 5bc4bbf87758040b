"""Judge a recognizer on every frozen evaluation set: figures, robustness, and what the report draws."""

import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from app.recognition.recognizer import Recognizer
from app.training.evaluation_sets import EvaluationSet, evaluation_sets
from app.training.glyphs import Glyphs
from app.training.metrics import Probabilities, Scores, Truth, score
from app.training.robustness import CHANGES, changed_glyphs

log = logging.getLogger(__name__)

_BATCH = 32
_ROBUSTNESS_SAMPLES = 2_000


@dataclass(frozen=True)
class Judged:
    """One evaluation set with a recognizer's answers to it."""

    name: str
    glyphs: Glyphs
    truth: Truth
    probabilities: Probabilities
    scores: Scores


@dataclass(frozen=True)
class Evaluation:
    """All sets, and the accuracy (%) on the first one under each change of `robustness.CHANGES`."""

    sets: tuple[Judged, ...]
    robustness: Mapping[str, float]

    def figures(self) -> dict[str, Any]:
        """The numbers alone, as the card stores them."""
        return {"sets": {s.name: asdict(s.scores) for s in self.sets}, "robustness": dict(self.robustness)}


def evaluate(recognizer: Recognizer, reject_below: float) -> Evaluation:
    """Run a recognizer on the frozen sets of its alphabet."""
    sets = evaluation_sets(recognizer.alphabet.name)
    judged = tuple(_judge(recognizer, data, reject_below) for data in sets)
    return Evaluation(judged, _robustness(recognizer, sets[0]))


def predict(recognizer: Recognizer, glyphs: Glyphs, progress: str | None = None) -> Probabilities:
    """Calibrated probabilities (N, C) of glyphs uint8 (N, 28, 28)."""
    starts = range(0, len(glyphs), _BATCH)
    rows = [
        recognizer.probabilities(glyphs[i : i + _BATCH, ..., None] * np.float32(1 / 255))
        for i in tqdm(starts, desc=progress, disable=progress is None, unit="batch")
    ]
    return np.concatenate(rows)


def _judge(recognizer: Recognizer, data: EvaluationSet, reject_below: float) -> Judged:
    probabilities = predict(recognizer, data.glyphs, data.name)
    scores = score(probabilities, data.truth, recognizer.alphabet, reject_below)
    return Judged(data.name, data.glyphs, data.truth, probabilities, scores)


def _robustness(recognizer: Recognizer, data: EvaluationSet) -> dict[str, float]:
    chosen = slice(0, _ROBUSTNESS_SAMPLES)
    letters = np.array([character.upper() for character in recognizer.alphabet.characters])
    results = {}
    for change in tqdm(CHANGES, desc=f"{data.name}, changed", unit="change"):
        probabilities = predict(recognizer, changed_glyphs(data.glyphs[chosen], change))
        right = letters[probabilities.argmax(axis=1)] == letters[data.truth[chosen]]
        results[change] = round(100 * float(right.mean()), 2)
    return results
