"""The corpora of the recipes, made of a few made-up samples instead of the pinned datasets."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pytest

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet, alphabet_named
from app.recognition.networks import NETWORKS
from app.recognition.strokes import Strokes
from app.training import datasets, recipes
from app.training.corpus import Examples
from app.training.datasets import PINS, Labelled
from app.training.glyphs import Glyphs, Shown
from app.training.negatives import negative_glyphs
from app.training.recipes import CORPORA, RECIPES, STRANGERS, Corpus, Recipe

Makers = Mapping[str, Callable[[], Corpus]]


def made_up(name: str, labels: list[str], count: int, with_strokes: bool = False) -> Labelled:
    """`count` samples of each label, by one of forty writers each."""
    rng = np.random.default_rng(len(name))
    all_labels = np.repeat(labels, count)
    images = np.zeros((len(all_labels), 28, 28), np.uint8)
    images[:, 6:22, 8:20] = rng.integers(0, 256, (len(all_labels), 16, 12))
    writers = np.array([f"writer {i % 40}" for i in range(len(all_labels))])
    strokes: list[Strokes] = [(rng.uniform(0, 9, (4, 2)).astype(np.float32),) for _ in all_labels]
    return Labelled(name, images, all_labels, writers, strokes if with_strokes else None)


def few_negatives(characters: Glyphs, drawings: Sequence[Strokes], count: int, seed: int) -> dict[str, Shown]:
    return negative_glyphs(characters, drawings, count // 250, seed)


def halves(data: Labelled, _num_held_out: int) -> tuple[Labelled, Labelled]:
    """What `split_at_end` does, for datasets of fewer samples than the real one holds out."""
    return data.where(np.arange(len(data)) % 2 == 0), data.where(np.arange(len(data)) % 2 == 1)


@pytest.fixture(scope="module")
def makers() -> Iterator[Makers]:
    """What makes the corpora, with datasets of a few samples of each character."""
    sources: dict[str, Callable[..., Labelled]] = {
        "load_mnist": lambda _part: made_up("mnist-train", list(DIGITS), 3),
        "load_emnist": lambda _part: made_up("emnist-byclass-train", list(COMBINED), 3),
        "load_unipen": lambda _part: made_up("unipen-train", list(COMBINED), 3, with_strokes=True),
        "load_caseless": lambda: made_up("emnist-caseless", list(LETTERS)[:26], 1),
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, load in sources.items():
            patch.setattr(datasets, name, load)
        patch.setattr(recipes, "split_at_end", halves)
        patch.setattr(recipes, "negative_glyphs", few_negatives)
        yield CORPORA


@pytest.fixture(scope="module")
def corpora(makers: Makers) -> dict[str, Corpus]:
    return {name: make() for name, make in makers.items()}


def strangers(data: Examples) -> int:
    return int(data.allowed[:, -1].sum())


every_recipe = pytest.mark.parametrize("name", RECIPES)


@every_recipe
def test_a_recipe_names_what_there_is(name: str) -> None:
    recipe: Recipe = RECIPES[name]
    assert recipe.alphabet == name
    assert name in CORPORA
    assert recipe.network in NETWORKS
    assert 0 <= recipe.wide_turns <= 1


@every_recipe
def test_a_corpus_fits_its_network(corpora: dict[str, Corpus], name: str) -> None:
    corpus, alphabet = corpora[name], alphabet_named(name)
    for data in (corpus.train, *corpus.validation.values()):
        assert data.allowed.shape == (len(data), alphabet.num_outputs)
        assert data.allowed.any(axis=1).all()
        assert len(data.glyphs) == len(data.repeats) == len(data)
    assert (corpus.train.allowed.sum(axis=0) > 0).all(), "an output is never trained"
    assert set(corpus.datasets) <= set(PINS)


@every_recipe
def test_only_one_validation_set_is_of_strangers_and_it_is_not_the_first(
    corpora: dict[str, Corpus], name: str
) -> None:
    validation = corpora[name].validation
    assert strangers(validation[STRANGERS]) == len(validation[STRANGERS])
    assert [strangers(data) for key, data in validation.items() if key != STRANGERS] == [0] * (
        len(validation) - 1
    )
    assert next(iter(validation)) != STRANGERS, "the golden glyph would be no character"


@every_recipe
def test_no_glyph_is_both_trained_on_and_validated(corpora: dict[str, Corpus], name: str) -> None:
    corpus = corpora[name]
    trained = {glyph.tobytes() for glyph in corpus.train.glyphs.reshape(-1, 28, 28)}
    for key, data in corpus.validation.items():
        assert not trained & {glyph.tobytes() for glyph in data.glyphs.reshape(-1, 28, 28)}, key


def test_digits_are_never_emnists_and_strangers_never_look_like_digits(
    makers: Makers, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, set[str]] = defaultdict(set)

    def only_look(data: Labelled, alphabet: Alphabet, **_how: object) -> Examples:
        seen[data.name] |= set(data.labels.tolist())
        allowed = np.eye(alphabet.num_outputs, dtype=bool)[np.zeros(len(data), int)]
        return Examples(
            np.full((len(data), 1, 28, 28), 255, np.uint8), allowed, np.ones(len(data), np.float32)
        )

    monkeypatch.setattr(recipes, "examples", only_look)
    makers["digit"]()
    assert seen["mnist-train"] == set(DIGITS)
    assert not seen["emnist-byclass-train"] & set(DIGITS)
    assert seen["unipen-train"] == set(DIGITS) | seen["emnist-byclass-train"]
    assert not seen["unipen-train"] & set("OoDIlSsZzBbGgq")
