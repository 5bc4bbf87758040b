"""As much of what was newly learned as costs nothing of what was known: a blend of two networks' weights.

Weights between those of a network and of its fine-tuned copy keep nearly all of both (Wortsman et al., "Robust
fine-tuning of zero-shot models", CVPR 2022). How much is taken is chosen on validation data.
"""

import logging

import keras
import numpy as np

from app.training.fit import predict
from app.training.gate import MOST_LOST, MOST_LOST_OF_A_KIND, Change, Marks
from app.training.recipes import STRANGERS, Corpus

log = logging.getLogger(__name__)

SHARES = (1.0, 0.75, 0.5, 0.25)
"""Of the fine-tuned weights, in the order in which they are tried."""


def blend(known: keras.Model, tuned: keras.Model, corpus: Corpus) -> float:
    """Give `tuned` the largest of `SHARES` that loses nothing on validation, or the least of them; which it was.

    Lost is what the gate would call so: more than a tenth of a point, or one drawing, of any validation set, and more
    than a point of the ink that should be refused.
    """
    before, old, new = _right(known, corpus), known.get_weights(), tuned.get_weights()
    for share in SHARES:
        tuned.set_weights([(1 - share) * a + share * b for a, b in zip(old, new, strict=True)])
        changes = {name: Change.between(before[name], right) for name, right in _right(tuned, corpus).items()}
        log.info(
            "%g of the new weights: %s",
            share,
            ", ".join(f"{name} {change.points:+.2f}" for name, change in changes.items()),
        )
        if not any(_is_lost(name, change) for name, change in changes.items()):
            break
    return share


def _is_lost(name: str, change: Change) -> bool:
    return change.loses_more_than(MOST_LOST_OF_A_KIND if name == STRANGERS else MOST_LOST)


def _right(network: keras.Model, corpus: Corpus) -> dict[str, Marks]:
    """Which validation examples have an allowed output as their best, by set."""
    return {
        name: data.allowed[np.arange(len(data)), predict(network, data).argmax(axis=1)]
        for name, data in corpus.validation.items()
    }
