"""Trains the network that reads two touching digits in one look: `python -m app.training.pairs` writes `pairs.tflite`.

On pictures composed of training writers' digits and of MNIST's. No validation writer is among them.
"""

import argparse
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from app.pages.pairs import PAIR_PX, TRAINED
from app.training import datasets
from app.training.corpus import split_at_end
from app.training.lines import Hand
from app.training.segments import training_hands, validation_hands
from app.training.touching import Shelf, example, shelf_of, shelves_of

log = logging.getLogger(__name__)

_MNIST_HELD_OUT = 10_000
_MNIST_SHARE = 0.43
_BATCH = 64
_PEAK_RATE, _LEAST_RATE = 2e-3, 1e-5
_WARMING_SHARE = 0.03

Pictures = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""(N, 28, 40) and the truth (N, 21): which digit is first, which is second, whether there are two."""


def pair_network() -> keras.Model:
    """Five convolutions; three answers side by side (N, 21): either digit, and whether there are two.

    0.28 million parameters.
    """
    picture = keras.Input((*PAIR_PX, 1), name="picture")
    x = picture
    for width, size, stride in ((24, 5, 2), (32, 3, 1), (48, 3, 2), (48, 3, 1), (64, 3, 2)):
        x = layers.Conv2D(width, size, strides=stride, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dense(160, use_bias=False)(layers.Dropout(0.2)(layers.Flatten()(x)))
    x = layers.Dropout(0.2)(layers.ReLU()(layers.BatchNormalization()(x)))
    answers = [
        layers.Dense(10, activation="softmax", name="first")(x),
        layers.Dense(10, activation="softmax", name="second")(x),
        layers.Dense(1, activation="sigmoid", name="pair")(x),
    ]
    return keras.Model(picture, layers.Concatenate(name="answer")(answers), name="pair_network")


def pair_loss(truth: Any, said: Any) -> Any:
    """Log-loss of whether there are two digits, and, where there are, of both."""
    said = ops.clip(said, 1e-6, 1 - 1e-6)
    is_pair = truth[:, 20]
    digits = -ops.sum(truth[:, :20] * ops.log(said[:, :20]), axis=1)
    told = -(is_pair * ops.log(said[:, 20]) + (1 - is_pair) * ops.log(1 - said[:, 20]))
    return told + digits


def pictures(shelves: list[Shelf], count: int, rng: np.random.Generator) -> Pictures:
    """`count` pictures, each from a shelf drawn at random; the digits' truth is 0 where there are not two."""
    glyphs = np.empty((count, *PAIR_PX), np.uint8)
    truth = np.zeros((count, 21), np.float32)
    for number in range(count):
        drawn = example(shelves[int(rng.integers(len(shelves)))], rng)
        glyphs[number] = drawn.glyph
        if drawn.is_pair:
            truth[number, [drawn.first, 10 + drawn.second, 20]] = 1
    return glyphs, truth


def shares_right(network: keras.Model, data: Pictures) -> tuple[float, float]:
    """The share told right of whether they are pairs, and of the pairs those with both digits right."""
    glyphs, truth = data
    said = network.predict(glyphs[..., None] / np.float32(255), batch_size=256, verbose=0)
    is_pair = truth[:, 20] > 0
    right = [said[:, s].argmax(axis=1) == truth[:, s].argmax(axis=1) for s in (slice(0, 10), slice(10, 20))]
    return float(((said[:, 20] > 0.5) == is_pair).mean()), float((right[0] & right[1])[is_pair].mean())


def train(data: Pictures, steps: int, rng: np.random.Generator) -> keras.Model:
    """One cycle of Adam: a short warming, then along a cosine."""
    keras.utils.set_random_seed(int(rng.integers(2**31)))
    network = pair_network()
    warm = max(1, round(_WARMING_SHARE * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        _LEAST_RATE, steps - warm, alpha=_LEAST_RATE / _PEAK_RATE, warmup_target=_PEAK_RATE, warmup_steps=warm
    )
    network.compile(optimizer=keras.optimizers.Adam(rate), loss=pair_loss)
    network.fit(_batches(data, rng), steps_per_epoch=steps, shuffle=False, verbose=2)
    return network


def _batches(
    data: Pictures, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    glyphs, truth = data
    while True:
        chosen = rng.integers(len(glyphs), size=_BATCH)
        yield np.asarray(glyphs[chosen][..., None] / 255, np.float32), truth[chosen]


def _composed(hands: dict[str, Hand], count: int, rng: np.random.Generator) -> Pictures:
    mnist, _ = split_at_end(datasets.load_mnist("train"), _MNIST_HELD_OUT)
    num_mnist = round(_MNIST_SHARE * count)
    own = pictures(shelves_of(hands.values()), count - num_mnist, rng)
    others = pictures([shelf_of(mnist)], num_mnist, rng)
    return np.concatenate([own[0], others[0]]), np.concatenate([own[1], others[1]])


def main() -> None:
    """Train and write it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(prog="python -m app.training.pairs", description=__doc__)
    parser.add_argument("--pictures", type=int, default=70_000)
    parser.add_argument("--steps", type=int, default=5_500)
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    data = _composed(training_hands(), args.pictures, rng)
    log.info("%d pictures composed", len(data[0]))
    network = train(data, args.steps, rng)
    held_out = pictures(shelves_of(validation_hands().values()), 3_000, np.random.default_rng(1))
    log.info(
        "validation writers: %.1f %% told from others, %.1f %% of pairs right",
        *(100 * share for share in shares_right(network, held_out)),
    )
    with TemporaryDirectory() as folder:
        network.export(Path(folder) / TRAINED.name, format="litert", verbose=False)
        shutil.copyfile(Path(folder) / TRAINED.name, TRAINED)


if __name__ == "__main__":
    main()
