"""How each shipped network is trained: one recipe an alphabet, and the corpus it asks for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.heights import Heights
from app.training import datasets
from app.training.corpus import (
    Examples,
    balanced,
    examples,
    negatives,
    split_at_end,
    split_by_image,
    split_by_writer,
)
from app.training.datasets import Labelled
from app.training.heights import fit_heights
from app.training.negatives import UNLIKE_DIGITS, negative_glyphs

STRANGERS = "no character"
"""The validation set of ink that should be refused; all others are characters."""


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
    network: str = "residual"
    batch_size: int = 128
    label_smoothing: float = 0.02
    wide_turns: float = 0.0
    weight_decay: float = 1e-4
    ema_momentum: float = 0.998
    seed: int = 0


@dataclass(frozen=True)
class Corpus:
    """What a run trains on, the validation sets (by name) that watch it, and how tall its letters are written."""

    train: Examples
    validation: Mapping[str, Examples]
    datasets: tuple[str, ...]
    heights: Heights = field(default_factory=dict)


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        "digit": Recipe(
            "digit", (Cycle(27), Cycle(3, learning_rate=1e-3, augmented_share=0.5)), wide_turns=0.25
        ),
        "character": Recipe(
            "character", (Cycle(16), Cycle(3, learning_rate=1e-3, augmented_share=0.5)), wide_turns=0.05
        ),
        "combined": Recipe(
            "combined",
            (Cycle(10, augmented_share=0.6), Cycle(2, learning_rate=1e-3, augmented_share=0.5)),
            wide_turns=0.05,
        ),
    }
)

_RENDERINGS = 4
_HELD_OUT_DIGIT_WRITERS, _HELD_OUT_LETTER_WRITERS = 0.1, 0.06


def digit_corpus() -> Corpus:
    """MNIST and the digits of UNIPEN; ink that is no digit, EMNIST's and UNIPEN's letters among it.

    No EMNIST digit: they come from the same forms as MNIST's test digits.
    """
    mnist, mnist_held_out = split_at_end(datasets.load_mnist("train"), 5_000)
    all_of_unipen, all_of_emnist = datasets.load_unipen("train"), datasets.load_emnist("train")
    unipen, unipen_held_out = split_by_writer(all_of_unipen, _HELD_OUT_DIGIT_WRITERS)
    emnist, emnist_held_out = split_by_image(_of(all_of_emnist, UNLIKE_DIGITS), 0.05)
    digits = Examples.joined(
        [
            examples(mnist, DIGITS, renderings=_RENDERINGS, seed=1),
            examples(_of(unipen, DIGITS), DIGITS, renderings=_RENDERINGS, coarse=True, repeats=3.0, seed=1),
        ]
    )
    letters = [
        examples(_of(unipen, UNLIKE_DIGITS), DIGITS, renderings=_RENDERINGS, repeats=0.25, seed=1),
        examples(emnist, DIGITS, repeats=0.15),
    ]
    validation = {
        "mnist": examples(mnist_held_out, DIGITS),
        "unipen": examples(_of(unipen_held_out, DIGITS), DIGITS, seed=2),
        "unipen, coarse": examples(_of(unipen_held_out, DIGITS), DIGITS, coarse=True, seed=3),
    }
    strangers = Examples.joined(
        [
            _strangers(Examples.joined(list(validation.values())), DIGITS, 300, seed=2),
            examples(_of(unipen_held_out, UNLIKE_DIGITS), DIGITS, seed=2),
            examples(emnist_held_out, DIGITS),
        ]
    )
    train = Examples.joined([digits, *letters, _strangers(digits, DIGITS, 2_500, _RENDERINGS, seed=1)])
    sources = ("mnist-train", "unipen-train", "emnist-byclass-train")
    return Corpus(train, validation | {STRANGERS: strangers}, sources)


def letter_corpus() -> Corpus:
    """Letters of EMNIST ByClass, EMNIST letters of unknown case, and the letters of UNIPEN; rare ones more often."""
    emnist, emnist_held_out = split_by_image(_of(datasets.load_emnist("train"), LETTERS), 0.05)
    unipen, unipen_held_out = split_by_writer(
        _of(datasets.load_unipen("train"), LETTERS), _HELD_OUT_LETTER_WRITERS
    )
    cased = Examples.joined(
        [
            examples(emnist, LETTERS, renderings=_RENDERINGS, seed=1),
            examples(unipen, LETTERS, renderings=_RENDERINGS, seed=1),
        ]
    )
    caseless = examples(datasets.load_caseless(), LETTERS, caseless=True, repeats=0.7)
    validation = {
        "emnist": examples(emnist_held_out, LETTERS),
        "unipen": examples(unipen_held_out, LETTERS, seed=2),
    }
    sources = ("emnist-byclass-train", "emnist-caseless", "unipen-train")
    strangers = _strangers(Examples.joined(list(validation.values())), LETTERS, 600, seed=2)
    train = Examples.joined(
        [balanced(cased), caseless, _strangers(cased, LETTERS, 5_000, _RENDERINGS, seed=1)]
    )
    return Corpus(train, validation | {STRANGERS: strangers}, sources, fit_heights(unipen))


def combined_corpus() -> Corpus:
    """Digits and letters in one: MNIST and EMNIST's letters, UNIPEN, and EMNIST letters of unknown case.

    No EMNIST digit, for the same reason as in `digit_corpus`.
    """
    mnist, mnist_held_out = split_at_end(datasets.load_mnist("train"), 5_000)
    emnist, emnist_held_out = split_by_image(_of(datasets.load_emnist("train"), LETTERS), 0.05)
    unipen, unipen_held_out = split_by_writer(datasets.load_unipen("train"), _HELD_OUT_LETTER_WRITERS)
    cased = Examples.joined(
        [
            examples(mnist, COMBINED, renderings=_RENDERINGS, repeats=0.4, seed=1),
            examples(emnist, COMBINED, renderings=_RENDERINGS, seed=1),
            examples(unipen, COMBINED, renderings=_RENDERINGS, seed=1),
        ]
    )
    caseless = examples(datasets.load_caseless(), COMBINED, caseless=True, repeats=0.7)
    validation = {
        "mnist": examples(mnist_held_out, COMBINED),
        "emnist": examples(emnist_held_out, COMBINED),
        "unipen": examples(unipen_held_out, COMBINED, seed=2),
    }
    strangers = _strangers(Examples.joined(list(validation.values())), COMBINED, 600, seed=2)
    train = Examples.joined(
        [balanced(cased), caseless, _strangers(cased, COMBINED, 5_000, _RENDERINGS, seed=1)]
    )
    sources = ("mnist-train", "emnist-byclass-train", "emnist-caseless", "unipen-train")
    return Corpus(train, validation | {STRANGERS: strangers}, sources, fit_heights(unipen))


CORPORA: Mapping[str, Callable[[], Corpus]] = MappingProxyType(
    {"digit": digit_corpus, "character": letter_corpus, "combined": combined_corpus}
)


def _of(data: Labelled, characters: Iterable[str]) -> Labelled:
    """Those samples whose label is one of `characters`."""
    return data.where(np.isin(data.labels, sorted(characters)))


def _strangers(
    characters: Examples, alphabet: Alphabet, count: int, renderings: int = 1, *, seed: int
) -> Examples:
    """`count` examples of each kind of ink that is no character; pairs are made of `characters`."""
    kinds = negative_glyphs(characters.glyphs[:, 0], count * renderings, seed)
    return Examples.joined([negatives(glyphs, alphabet, renderings) for glyphs in kinds.values()])
