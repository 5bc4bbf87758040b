"""Trains the network that reads strips of digits: `python -m app.training.strips` writes `strips.tflite`.

On strips composed of training writers' digits and of MNIST's. No validation writer is among them.
"""

import argparse
import logging
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops
from numpy.typing import NDArray
from tqdm import tqdm

from app.pages.ctc import NONE
from app.pages.strips import STRIP_PX, TRAINED, WIDTHS_PX
from app.recognition.alphabets import DIGITS
from app.training import datasets
from app.training.compiling import compile_network
from app.training.corpus import split_at_end
from app.training.digit_strips import Shelf, shelf_of, shelves_of, strip_of
from app.training.learner import learner_of
from app.training.lines import Writer
from app.training.segments import training_writers

log = logging.getLogger(__name__)

_MNIST_HELD_OUT = 10_000
_MNIST_SHARE = 0.4
_BATCHES: Mapping[int, int] = {64: 64, 128: 64, 192: 32, 256: 16, 320: 16}
"""Strips in a batch, by their width."""

_PEAK_RATE, _LEAST_SHARE, _WARMING_SHARE = 2e-3, 0.005, 1 / 30
_MOST_DIGITS = 10


class Strips(NamedTuple):
    """Strips of one width, uint8 (N, 28, W), and what they say, int32 (N, 10): digits, filled up with 10."""

    pictures: NDArray[np.uint8]
    texts: NDArray[np.int32]


def strip_network() -> keras.Model:
    """Strips (N, 28, W, 1) → (N, 1, W / 2, 11): which digit is in a column, or none. 1.22 million parameters.

    Seven convolutions make of each two columns of pixels what there is from top to bottom; two more look to both sides.
    """
    strip = keras.Input((STRIP_PX, None, 1), name="strip")
    x = _convolved(strip, 48, 5, strides=2)
    x = _convolved(x, 64, 3)
    x = _convolved(x, 96, 3, strides=(2, 1))
    x = layers.Add()([x, _convolved(x, 96, 3)])
    x = _convolved(x, 128, 3, strides=(2, 1))
    x = layers.Add()([x, _convolved(x, 128, 3)])
    x = _convolved(layers.Dropout(0.1)(x), 256, (4, 1), padding="valid")
    x = layers.Add()([x, _convolved(x, 256, (1, 5))])
    x = layers.Add()([x, _convolved(x, 256, (1, 5), dilation_rate=(1, 2))])
    scores = layers.Conv2D(NONE + 1, 1, name="scores")(layers.Dropout(0.15)(x))
    return keras.Model(strip, layers.Softmax(name="said")(scores), name="strip_network")


def _convolved(x: Any, width: int, size: Any, *, padding: str = "same", **how: Any) -> Any:
    x = layers.Conv2D(width, size, padding=padding, use_bias=False, **how)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def ctc_loss(texts: Any, scores: Any) -> Any:
    """(N,): what it costs to say the texts (N, 10) by scores (N, 1, T, 11), whichever columns each digit takes."""
    lengths = ops.sum(ops.cast(texts != NONE, "int32"), axis=1)
    columns = ops.full_like(lengths, ops.shape(scores)[2])
    return ops.ctc_loss(ops.cast(texts, "int32"), scores[:, 0], lengths, columns, mask_index=NONE)


def composed(writers: Mapping[str, Writer], count: int, rng: np.random.Generator) -> list[Strips]:
    """`count` strips, two fifths of them MNIST's digits; those too wide for the network are left out."""
    mnist, _ = split_at_end(datasets.load_mnist("train"), _MNIST_HELD_OUT)
    return gathered(shelves_of(writers.values()), shelf_of(mnist), count, rng)


def gathered(own: Sequence[Shelf], mnist: Shelf, count: int, rng: np.random.Generator) -> list[Strips]:
    """`count` strips of shelves drawn at random, by their width."""
    found: dict[int, tuple[list[NDArray[np.uint8]], list[NDArray[np.int32]]]] = defaultdict(lambda: ([], []))
    for _ in range(count):
        shelf = mnist if rng.random() < _MNIST_SHARE else own[int(rng.integers(len(own)))]
        picture, text = strip_of(shelf, rng)
        width = next((w for w in WIDTHS_PX if picture.shape[1] <= w), None)
        if width is not None:
            pictures, texts = found[width]
            pictures.append(np.pad(picture, ((0, 0), (0, width - picture.shape[1]))))
            numbers = [DIGITS.index(digit) for digit in text]
            texts.append(np.array(numbers + [NONE] * (_MOST_DIGITS - len(text)), np.int32))
    return [Strips(np.stack(pictures), np.stack(texts)) for pictures, texts in found.values()]


def train(strips: Sequence[Strips], epochs: int, seed: int) -> keras.Model:
    """One cycle of AdamW: a short warming, then along a cosine."""
    keras.utils.set_random_seed(seed)
    network = strip_network()
    scores = learner_of(keras.Model(network.input, network.get_layer("scores").output))
    steps = sum(len(part.texts) // _BATCHES[part.pictures.shape[2]] for part in strips)
    warm = max(1, round(_WARMING_SHARE * steps * epochs))
    rate = keras.optimizers.schedules.CosineDecay(
        1e-5, steps * epochs - warm, alpha=_LEAST_SHARE, warmup_target=_PEAK_RATE, warmup_steps=warm
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=1e-4, clipnorm=5.0)
    optimizer.build(scores.trainable_variables)

    # Traced once for each width: `fit` wants one trace for all, with which dilated convolutions fail.
    @tf.function  # type: ignore[untyped-decorator]  # tensorflow ships no types
    def learn(pictures: Any, texts: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = ops.mean(ctc_loss(texts, scores(pictures, training=True)))
        optimizer.apply(tape.gradient(loss, scores.trainable_variables), scores.trainable_variables)
        return loss

    batches = _batches(strips, np.random.default_rng(seed))
    progress = tqdm(range(steps * epochs), unit="batch")
    for _ in progress:
        pictures, texts = next(batches)
        progress.set_postfix(loss=f"{float(learn(tf.constant(pictures), tf.constant(texts))):.3f}")
    network.set_weights(scores.get_weights())
    return network


def _batches(
    strips: Sequence[Strips], rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.int32]]]:
    """Epoch after epoch: strips of one width together, a little higher or lower, thinner or thicker than they are."""
    while True:
        plan = []
        for part in strips:
            size, order = _BATCHES[part.pictures.shape[2]], rng.permutation(len(part.texts))
            plan += [(part, order[at : at + size]) for at in range(0, len(order) - size + 1, size)]
        for number in rng.permutation(len(plan)).tolist():
            part, chosen = plan[number]
            shown = np.roll(part.pictures[chosen], int(rng.integers(-2, 3)), axis=1) / np.float32(255)
            faded = np.asarray(shown ** rng.uniform(0.6, 1.6), np.float32)
            yield faded[..., None], part.texts[chosen]


def main() -> None:
    """Train and write it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(prog="python -m app.training.strips", description=__doc__)
    parser.add_argument("--strips", type=int, default=300_000)
    parser.add_argument("--epochs", type=int, default=4)
    args = parser.parse_args()
    strips = composed(training_writers(), args.strips, np.random.default_rng(0))
    log.info("%d strips composed", sum(len(part.texts) for part in strips))
    network = train(strips, args.epochs, seed=0)
    with TemporaryDirectory() as folder:
        compile_network(network, Path(folder) / TRAINED.name)
        shutil.copyfile(Path(folder) / TRAINED.name, TRAINED)


if __name__ == "__main__":
    main()
