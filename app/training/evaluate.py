"""Judge a recognizer on every frozen evaluation set: figures, robustness, refusals, and what the report draws."""

import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from tqdm import tqdm

from app.recognition.recognizer import Recognizer
from app.recognition.traces import TRACE_CHANNELS
from app.training.evaluation_sets import (
    EvaluationSet,
    evaluation_sets,
    glyphs_by_pen,
    stranger_sets,
)
from app.training.glyphs import Shown
from app.training.metrics import Probabilities, Scores, Truth, letter_right, score, share_refused
from app.training.robustness import CHANGES, changed_glyphs

_BATCH = 32
_ROBUSTNESS_SAMPLES = 2_000


@dataclass(frozen=True)
class Judged:
    """One evaluation set with a recognizer's answers to it."""

    name: str
    shown: Shown
    truth: Truth
    probabilities: Probabilities
    scores: Scores


@dataclass(frozen=True)
class Evaluation:
    """What was found.

    Attributes:
        sets: each evaluation set with the answers to it.
        robustness: percent right, in either case, of the first set under each change of `robustness.CHANGES`, and of
            pen drawings by the width of the pen.
        refused: percent refused of each kind of ink that is no character.
        ms_per_glyph: how long the network takes for one glyph on one core of this machine, median.
    """

    sets: tuple[Judged, ...]
    robustness: Mapping[str, float]
    refused: Mapping[str, float]
    ms_per_glyph: float

    def figures(self) -> dict[str, Any]:
        """The numbers alone, as the card stores them."""
        return {
            "sets": {s.name: asdict(s.scores) for s in self.sets},
            "robustness": dict(self.robustness),
            "refused": dict(self.refused),
            "ms_per_glyph": self.ms_per_glyph,
        }


def evaluate(recognizer: Recognizer) -> Evaluation:
    """Run a recognizer on the frozen sets of its alphabet."""
    sets = evaluation_sets(recognizer.alphabet.name)
    return Evaluation(
        sets=tuple(_judge(recognizer, data) for data in sets),
        robustness=_robustness(recognizer, sets[0]) | _robustness_to_pens(recognizer),
        refused={
            kind: share_refused(predict(recognizer, shown), recognizer.alphabet, recognizer.calibration)
            for kind, shown in stranger_sets(recognizer.alphabet.name).items()
        },
        ms_per_glyph=_time_per_glyph(recognizer),
    )


def predict(recognizer: Recognizer, shown: Shown, progress: str | None = None) -> Probabilities:
    """Calibrated probabilities (N, C + 1), worked out on all cores."""

    def answered(start: int) -> Probabilities:
        return recognizer.probabilities(shown.where(slice(start, start + _BATCH)).inputs())

    starts = range(0, len(shown.glyphs), _BATCH)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        answers = threads.map(answered, starts)
        rows = list(tqdm(answers, progress, len(starts), disable=progress is None, unit="batch"))
    return np.concatenate(rows)


def _judge(recognizer: Recognizer, data: EvaluationSet) -> Judged:
    probabilities = predict(recognizer, data.shown, data.name)
    scores = score(probabilities, data.truth, recognizer.alphabet, recognizer.calibration)
    return Judged(data.name, data.shown, data.truth, probabilities, scores)


def _robustness(recognizer: Recognizer, data: EvaluationSet) -> dict[str, float]:
    chosen = slice(0, _ROBUSTNESS_SAMPLES)
    results = {}
    for change in tqdm(CHANGES, desc=f"{data.name}, changed", unit="change"):
        glyphs = changed_glyphs(data.shown.glyphs[chosen], change)
        results[change] = _share_right(recognizer, Shown(glyphs), data.truth[chosen])
    return results


def _robustness_to_pens(recognizer: Recognizer) -> dict[str, float]:
    by_pen = glyphs_by_pen(recognizer.alphabet.name, _ROBUSTNESS_SAMPLES)
    return {pen: _share_right(recognizer, data.shown, data.truth) for pen, data in by_pen.items()}


def _share_right(recognizer: Recognizer, shown: Shown, truth: Truth) -> float:
    """Percent right, in either case."""
    right = letter_right(predict(recognizer, shown), truth, recognizer.alphabet)
    return round(100 * float(right.mean()), 2)


def _time_per_glyph(recognizer: Recognizer) -> float:
    """Milliseconds, median of many calls with one glyph each."""
    inputs = np.random.default_rng(0).random((1, 28, 28, 1 + TRACE_CHANNELS), np.float32)
    times = []
    for _ in range(500):
        started = time.perf_counter()
        recognizer.probabilities(inputs)
        times.append(time.perf_counter() - started)
    return round(1000 * float(np.median(times)), 3)
