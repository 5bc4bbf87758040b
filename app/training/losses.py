"""The loss of a network that may be right in more than one way."""

import keras
from keras import ops


class AllowedSetLoss(keras.losses.Loss):  # type: ignore[misc]  # keras ships no types
    """Negative log of the probability given to any allowed character; one allowed character makes it cross-entropy.

    `label_smoothing` mixes in the mean of −log p over all characters (Szegedy et al., CVPR 2016).
    """

    def __init__(self, label_smoothing: float) -> None:
        super().__init__(name="allowed_set")
        self.label_smoothing = label_smoothing

    def call(self, allowed: keras.KerasTensor, probabilities: keras.KerasTensor) -> keras.KerasTensor:
        """`allowed` (B, C + 1) of 0 and 1, `probabilities` (B, C + 1) → (B,)."""
        probabilities = ops.clip(probabilities, 1e-7, 1.0)
        right = -ops.log(ops.sum(allowed * probabilities, axis=-1))
        spread = -ops.mean(ops.log(probabilities), axis=-1)
        return (1 - self.label_smoothing) * right + self.label_smoothing * spread


def allowed_accuracy(allowed: keras.KerasTensor, probabilities: keras.KerasTensor) -> keras.KerasTensor:
    """1 where the best output is an allowed one: (B, C + 1), (B, C + 1) → (B,)."""
    best = ops.argmax(probabilities, axis=-1)
    return ops.sum(allowed * ops.one_hot(best, allowed.shape[-1]), axis=-1)
