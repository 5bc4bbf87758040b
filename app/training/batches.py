"""Batches for one training run: shuffled and augmented anew in every epoch, the same again for the same seed."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from app.recognition.engine import fit_channels
from app.training.augment import augment
from app.training.corpus import Examples

Batch = tuple[NDArray[np.float32], NDArray[np.float32]]


class TrainingBatches(keras.utils.PyDataset):  # type: ignore[misc]  # keras ships no types
    """(inputs (B, 28, 28, 1 or 4), allowed (B, C + 1)) by index; all randomness follows from (seed, epoch, index).

    With 4 channels, a share of `as_pictures` of the drawings are shown as pictures, without their traces.
    """

    def __init__(
        self,
        data: Examples,
        batch_size: int,
        seed: int,
        first_epoch: int = 0,
        augmented_share: float = 1.0,
        wide_turns: float = 0.0,
        channels: int = 1,
        as_pictures: float = 0.5,
        warp_strength: tuple[float, float] = (1.0, 1.0),
    ) -> None:
        super().__init__(workers=1, use_multiprocessing=False, max_queue_size=8)
        self.data, self.batch_size, self.seed = data, batch_size, seed
        self.augmented_share, self.wide_turns = augmented_share, wide_turns
        self.channels, self.as_pictures, self.warp_strength = channels, as_pictures, warp_strength
        self.epoch = first_epoch
        self.length = int(data.repeats.sum()) // batch_size
        self._shuffle()

    def __len__(self) -> int:
        return self.length

    def on_epoch_end(self) -> None:
        self.epoch += 1
        self._shuffle()

    def __getitem__(self, index: int) -> Batch:
        rng = np.random.default_rng((self.seed, self.epoch, index))
        chosen = self.order[index * self.batch_size : (index + 1) * self.batch_size]
        rendering = rng.integers(self.data.glyphs.shape[1], size=len(chosen))
        inputs = self.data.shown(chosen, rendering).inputs()[..., : self.channels]
        inputs[rng.random(len(inputs)) < self.as_pictures, ..., 1:] = 0
        some = rng.random(len(inputs)) < self.augmented_share
        inputs[some] = augment(inputs[some], rng, self.wide_turns, self.warp_strength)
        return fit_channels(inputs, self.channels), self.data.allowed[chosen].astype(np.float32)

    def _shuffle(self) -> None:
        """Each sample `repeats` times on average: the whole part always, the rest by chance."""
        rng = np.random.default_rng((self.seed, self.epoch))
        repeats = self.data.repeats
        copies = np.floor(repeats + rng.random(len(repeats), np.float32)).astype(np.intp)
        order = np.repeat(np.arange(len(repeats)), copies)
        short = self.length * self.batch_size - len(order)
        extra: NDArray[Any] = rng.integers(len(repeats), size=max(short, 0))
        self.order = rng.permutation(np.concatenate([order, extra]))
