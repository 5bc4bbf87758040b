"""How each shipped network is trained: one recipe an alphabet, and the corpus it asks for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet
from app.training import datasets
from app.training.corpus import Examples, balanced, examples, split_at_end, split_by_image, split_by_writer
from app.training.datasets import Labelled


@dataclass(frozen=True)
class Cycle:
    """One rise and fall of the learning rate.

    Attributes:
        epochs: passes over the corpus.
        learning_rate: at its highest.
        augmented_share: share of the images that are augmented; the others are shown as they are.
    """

    epochs: int
    learning_rate: float = 2e-3
    augmented_share: float = 1.0


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training run gives. It is stored in the run and in the release's card."""

    alphabet: str
    cycles: tuple[Cycle, ...]
    network: str = "compact"
    batch_size: int = 128
    label_smoothing: float = 0.02
    weight_decay: float = 1e-4
    ema_momentum: float = 0.998
    seed: int = 0


@dataclass(frozen=True)
class Corpus:
    """What a run trains on, and the validation sets (by name) that watch it."""

    train: Examples
    validation: Mapping[str, Examples]
    datasets: tuple[str, ...]


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "digit": Recipe("digit", (Cycle(12), Cycle(2, learning_rate=1e-3, augmented_share=0.5))),
        "character": Recipe("character", (Cycle(9), Cycle(1, learning_rate=1e-3, augmented_share=0.5))),
    }
)

_RENDERINGS = 4
_HELD_OUT_DIGIT_WRITERS, _HELD_OUT_LETTER_WRITERS = 0.1, 0.06


def digit_corpus() -> Corpus:
    """MNIST and the digits of UNIPEN. No EMNIST digit: they come from the same forms as MNIST's test digits."""
    mnist, mnist_held_out = split_at_end(datasets.load_mnist("train"), 5_000)
    unipen, unipen_held_out = split_by_writer(
        _of(datasets.load_unipen("train"), DIGITS), _HELD_OUT_DIGIT_WRITERS
    )
    train = Examples.joined(
        [
            examples(mnist, DIGITS, renderings=_RENDERINGS, seed=1),
            examples(unipen, DIGITS, renderings=_RENDERINGS, coarse=True, repeats=3.0, seed=1),
        ]
    )
    validation = {
        "mnist": examples(mnist_held_out, DIGITS),
        "unipen": examples(unipen_held_out, DIGITS, seed=2),
        "unipen, coarse": examples(unipen_held_out, DIGITS, coarse=True, seed=3),
    }
    return Corpus(train, validation, ("mnist-train", "unipen-train"))


def letter_corpus() -> Corpus:
    """Letters of EMNIST ByClass, EMNIST letters of unknown case, and the letters of UNIPEN; rare ones more often."""
    emnist, emnist_held_out = split_by_image(_of(datasets.load_emnist("train"), LETTERS), 0.05)
    unipen, unipen_held_out = split_by_writer(
        _of(datasets.load_unipen("train"), LETTERS), _HELD_OUT_LETTER_WRITERS
    )
    cased = Examples.joined(
        [examples(emnist, LETTERS), examples(unipen, LETTERS, renderings=_RENDERINGS, repeats=1.0, seed=1)]
    )
    caseless = examples(datasets.load_caseless(), LETTERS, caseless=True, repeats=0.7)
    validation = {
        "emnist": examples(emnist_held_out, LETTERS),
        "unipen": examples(unipen_held_out, LETTERS, seed=2),
    }
    sources = ("emnist-byclass-train", "emnist-caseless", "unipen-train")
    return Corpus(Examples.joined([balanced(cased), caseless]), validation, sources)


CORPORA: Mapping[str, Callable[[], Corpus]] = MappingProxyType(
    {"digit": digit_corpus, "character": letter_corpus}
)


def _of(data: Labelled, alphabet: Alphabet) -> Labelled:
    """Those samples whose label the alphabet has."""
    return data.where(np.isin(data.labels, alphabet.characters))
