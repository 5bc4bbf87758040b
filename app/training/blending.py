"""As much of what was newly learned as costs nothing of what was known: a blend of two networks' weights.

Weights between those of a network and of its fine-tuned copy keep nearly all of both (Wortsman et al., "Robust
fine-tuning of zero-shot models", CVPR 2022). How much is taken is chosen on validation data.
"""

import logging
from collections.abc import Mapping

import keras
import numpy as np

from app.training.fit import predict
from app.training.gate import MOST_LOST, MOST_LOST_OF_A_KIND, Change, Marks
from app.training.learner import learner_of
from app.training.recipes import STRANGERS, Corpus

log = logging.getLogger(__name__)

SHARES = (1.0, 0.75, 0.5, 0.35, 0.25, 0.15, 0.1)
"""Of the fine-tuned weights, in the order in which they are tried."""


def blend(known: keras.Model, tuned: keras.Model, corpus: Corpus) -> float:
    """Give `tuned` the largest of `SHARES` that costs nothing on validation, or the least of them; which it was.

    It costs something when fewer drawings are read right of all validation sets together, or when one of them loses
    what the gate would not forgive: a tenth of a point, or a point of the ink that should be refused.
    """
    old, new = known.get_weights(), tuned.get_weights()
    reader = learner_of(known)  # answers faster
    before = _right(reader, corpus)
    for share in SHARES:
        tuned.set_weights([(1 - share) * a + share * b for a, b in zip(old, new, strict=True)])
        reader.set_weights(tuned.get_weights())
        changes = {
            name: Change.between(before[name], right) for name, right in _right(reader, corpus).items()
        }
        log.info(
            "%g of the new weights: %s",
            share,
            ", ".join(f"{name} {change.points:+.2f}" for name, change in changes.items()),
        )
        if not _costs(changes):
            break
    return share


def _costs(changes: Mapping[str, Change]) -> bool:
    read = [change for name, change in changes.items() if name != STRANGERS]
    return (
        sum(change.gained - change.lost for change in read) < 0
        or any(change.loses_more_than(MOST_LOST) for change in read)
        or changes[STRANGERS].loses_more_than(MOST_LOST_OF_A_KIND)
    )


def _right(network: keras.Model, corpus: Corpus) -> dict[str, Marks]:
    """Which validation examples have an allowed output as their best, by set."""
    return {
        name: data.allowed[np.arange(len(data)), predict(network, data).argmax(axis=1)]
        for name, data in corpus.validation.items()
    }
