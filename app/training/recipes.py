"""How a network of each alphabet is trained from nothing, and the corpus that this asks for.

What a released network went through itself stands in its card."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
        as_pictures: share of the drawings that are shown without their traces, to a network for pens.
        runs: how often it is run, each time from the same weights with another seed. The weights of all are averaged,
            which answers nearly as well as asking all of them: a "model soup" (Wortsman et al., ICML 2022).
    """

    epochs: int
    learning_rate: float = 2e-3
    augmented_share: float = 0.6
    as_pictures: float = 0.5
    runs: int = 1


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what a training run gives. It is stored in the run and in the release's card.

    `starts_from`: an alphabet whose finished network gives the first weights; of a retraining, the release; or None.
    """

    alphabet: str
    cycles: tuple[Cycle, ...]
    starts_from: str | None = None
    network: str = "pen resnet"
    batch_size: int = 128
    label_smoothing: float = 0.0
    wide_turns: float = 0.0
    warp_strength: tuple[float, float] = (1.0, 1.0)
    weight_decay: float = 1e-4
    ema_momentum: float = 0.998
    seed: int = 0


@dataclass(frozen=True)
class Sampling:
    """How much of the training data a corpus takes; validation is always whole.

    Attributes:
        share: of each dataset, drawn at random.
        renderings: of each sample.
    """

    share: float = 1.0
    renderings: int = 10


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
            "digit",
            (
                Cycle(27, augmented_share=0.8),
                Cycle(3, learning_rate=1e-3, augmented_share=0.5),
                Cycle(4, learning_rate=5e-4, augmented_share=0.5, runs=3),
            ),
            network="residual",
            label_smoothing=0.02,
            wide_turns=0.25,
            warp_strength=(0.5, 1.8),
            weight_decay=0.05,
        ),
        "character": Recipe(
            "character",
            (
                Cycle(16, augmented_share=0.7, as_pictures=1.0),
                Cycle(6, learning_rate=1e-3, augmented_share=0.5, as_pictures=0.4),
            ),
            wide_turns=0.05,
            warp_strength=(0.5, 1.8),
            weight_decay=0.05,
        ),
        "combined": Recipe(
            "combined",
            (Cycle(5, learning_rate=1e-3),),
            starts_from="character",
            wide_turns=0.05,
            warp_strength=(0.5, 1.8),
            weight_decay=0.05,
        ),
    }
)

_HELD_OUT_MNIST = 5_000
_HELD_OUT_DIGIT_WRITERS, _HELD_OUT_LETTER_WRITERS = 0.1, 0.06
HELD_OUT_WRITERS = {DIGITS.name: _HELD_OUT_DIGIT_WRITERS, LETTERS.name: _HELD_OUT_LETTER_WRITERS}
"""Share of UNIPEN's writers whose characters of an alphabet are for validation; who is held out of the smaller share
is held out of the larger, too."""
_HELD_OUT_EMNIST = 0.05


def digit_corpus(sampling: Sampling = Sampling()) -> Corpus:
    """MNIST and the digits of UNIPEN; ink that is no digit, EMNIST's and UNIPEN's letters among it.

    No EMNIST digit: they come from the same forms as MNIST's test digits.
    """
    mnist, mnist_held_out = split_at_end(datasets.load_mnist("train"), _HELD_OUT_MNIST)
    unipen, unipen_held_out = split_by_writer(datasets.load_unipen("train"), _HELD_OUT_DIGIT_WRITERS)
    emnist, emnist_held_out = split_by_image(
        datasets.load_emnist("train").of(UNLIKE_DIGITS), _HELD_OUT_EMNIST
    )
    digits = Examples.joined(
        [
            _sampled(mnist, DIGITS, sampling),
            _sampled(unipen.of(DIGITS), DIGITS, sampling, repeats=3.0),
        ]
    )
    letters = [
        _sampled(unipen.of(UNLIKE_DIGITS), DIGITS, sampling, repeats=0.25),
        _sampled(emnist, DIGITS, replace(sampling, renderings=1), repeats=0.15),
    ]
    validation = {
        "mnist": examples(mnist_held_out, DIGITS),
        **_with_and_without_strokes("unipen", unipen_held_out.of(DIGITS), DIGITS),
        "unipen, coarse": replace(
            examples(unipen_held_out.of(DIGITS), DIGITS, coarse=True, seed=3), traces=None
        ),
    }
    strangers = Examples.joined(
        [
            _strangers(list(validation.values()), unipen_held_out.of(DIGITS), DIGITS, 300, seed=2),
            examples(unipen_held_out.of(UNLIKE_DIGITS), DIGITS, seed=2),
            examples(emnist_held_out, DIGITS),
        ]
    )
    strange = _sampled_strangers([digits], unipen.of(DIGITS), DIGITS, 2_500, sampling)
    train = Examples.joined([digits, *letters, strange])
    sources = ("mnist-train", "unipen-train", "emnist-byclass-train")
    return Corpus(train, validation | {STRANGERS: strangers}, sources)


def letter_corpus(sampling: Sampling = Sampling()) -> Corpus:
    """Letters of EMNIST ByClass, EMNIST letters of unknown case, and the letters of UNIPEN; rare ones more often."""
    return _with_letters(LETTERS, sampling, digits=[], validation={}, sources=())


def combined_corpus(sampling: Sampling = Sampling()) -> Corpus:
    """The letters of `letter_corpus`, and as many digits: MNIST and UNIPEN's.

    No EMNIST digit, for the same reason as in `digit_corpus`.
    """
    mnist, mnist_held_out = split_at_end(datasets.load_mnist("train"), _HELD_OUT_MNIST)
    unipen, unipen_held_out = split_by_writer(
        datasets.load_unipen("train").of(DIGITS), _HELD_OUT_LETTER_WRITERS
    )
    return _with_letters(
        COMBINED,
        sampling,
        digits=[
            _sampled(mnist, COMBINED, sampling, repeats=1.5),
            _sampled(unipen, COMBINED, sampling, repeats=4.0),
        ],
        validation={
            "mnist": examples(mnist_held_out, COMBINED),
            **_with_and_without_strokes("unipen digits", unipen_held_out, COMBINED),
        },
        sources=("mnist-train",),
    )


def _with_letters(
    alphabet: Alphabet,
    sampling: Sampling,
    digits: list[Examples],
    validation: dict[str, Examples],
    sources: tuple[str, ...],
) -> Corpus:
    """The letters, balanced, beside what is given of digits; strangers to both."""
    emnist, emnist_held_out = split_by_image(datasets.load_emnist("train").of(LETTERS), _HELD_OUT_EMNIST)
    unipen, unipen_held_out = split_by_writer(
        datasets.load_unipen("train").of(LETTERS), _HELD_OUT_LETTER_WRITERS
    )
    letters = Examples.joined([_sampled(part, alphabet, sampling) for part in (emnist, unipen)])
    once = replace(sampling, renderings=1)
    caseless = _sampled(datasets.load_caseless(), alphabet, once, caseless=True, repeats=0.7)
    validation = {
        **validation,
        "emnist": examples(emnist_held_out, alphabet),
        **_with_and_without_strokes("unipen", unipen_held_out, alphabet),
    }
    strangers = _strangers(list(validation.values()), unipen_held_out, alphabet, 600, seed=2)
    strange = _sampled_strangers([letters, *digits], unipen, alphabet, 5_000, sampling)
    train = Examples.joined([balanced(letters), *digits, caseless, strange])
    return Corpus(
        train,
        validation | {STRANGERS: strangers},
        (*sources, "emnist-byclass-train", "emnist-caseless", "unipen-train"),
        fit_heights(unipen),
    )


CORPORA: Mapping[str, Callable[..., Corpus]] = MappingProxyType(
    {"digit": digit_corpus, "character": letter_corpus, "combined": combined_corpus}
)


def held_out_images(alphabet: Alphabet) -> Labelled:
    """Images of an alphabet that no recipe trains on: the end of MNIST's training file, a part of EMNIST's."""
    parts = []
    if set(DIGITS) & set(alphabet):
        parts.append(split_at_end(datasets.load_mnist("train"), _HELD_OUT_MNIST)[1])
    if set(LETTERS) & set(alphabet):
        parts.append(split_by_image(datasets.load_emnist("train").of(LETTERS), _HELD_OUT_EMNIST)[1])
    images, labels = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("images", "labels")
    )
    return Labelled("held-out images", images, labels)


def _sampled(
    data: Labelled,
    alphabet: Alphabet,
    sampling: Sampling,
    *,
    caseless: bool = False,
    repeats: float = 1.0,
) -> Examples:
    """Training examples of the share of a dataset that is asked for."""
    if sampling.share < 1:
        order = np.random.default_rng(1).permutation(len(data))
        data = data.where(np.sort(order[: round(sampling.share * len(data))]))
    return examples(
        data, alphabet, caseless=caseless, renderings=sampling.renderings, repeats=repeats, seed=1
    )


def _with_and_without_strokes(name: str, data: Labelled, alphabet: Alphabet) -> dict[str, Examples]:
    """Drawings for validation: as a canvas sends them, and as pictures of them."""
    drawn = examples(data, alphabet, seed=2)
    return {name: drawn, f"{name}, pictures": replace(drawn, traces=None)}


def _sampled_strangers(
    characters: list[Examples], drawings: Labelled, alphabet: Alphabet, count: int, sampling: Sampling
) -> Examples:
    return _strangers(
        characters, drawings, alphabet, round(count * sampling.share), sampling.renderings, seed=1
    )


def _strangers(
    characters: list[Examples],
    drawings: Labelled,
    alphabet: Alphabet,
    count: int,
    renderings: int = 1,
    *,
    seed: int,
) -> Examples:
    """`count` examples of each kind of ink that is no character; pairs are made of `characters` and `drawings`."""
    assert drawings.strokes is not None
    glyphs = np.concatenate([part.glyphs[:, 0] for part in characters])
    kinds = negative_glyphs(glyphs, drawings.strokes, count * renderings, seed)
    return Examples.joined([negatives(shown, alphabet, renderings) for shown in kinds.values()])
