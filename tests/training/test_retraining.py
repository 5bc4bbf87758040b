"""A retraining, small and whole: a network that never saw leaning digits learns them, or is not released."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.recognition.alphabets import DIGITS
from app.recognition.recognizer import Recognizer
from app.recognition.releases import Release, ReleaseStore
from app.recognition.service import load_recognizer
from app.samples.archive import Archive, BadArchive, read_archive, write_archive
from app.training import comparing, evaluate, mixing, retraining, robustness
from app.training.corpus import Examples
from app.training.evaluation_sets import EvaluationSet
from app.training.export import export
from app.training.fit import build, fit
from app.training.glyphs import Shown, glyphs_from_strokes
from app.training.negatives import negative_glyphs
from app.training.recipes import RECIPES, STRANGERS, Corpus, Cycle, Recipe
from app.training.retraining import Outcome, retrain
from tests.training.test_pipeline import DRAWN, RECIPE, SHAPES, made_up, strangers

pytestmark = pytest.mark.timeout(900)  # the first test waits for TensorFlow and two training runs

CYCLES = (Cycle(3, learning_rate=1e-3),)
PEOPLE = 12


def leaning(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Digits turned by 40°, as nobody in the corpus writes: glyphs (N, 28, 28) and what they are."""
    rng = np.random.default_rng(seed)
    truth = np.arange(count) % 10
    corners = [np.array([[int(c) for c in pair] for pair in SHAPES[str(digit)].split()]) for digit in truth]
    turn = np.array([[0.77, 0.64], [-0.64, 0.77]])
    strokes = [(((c + rng.normal(0, 0.1, c.shape)) @ turn).astype(np.float32),) for c in corners]
    return glyphs_from_strokes(strokes), truth.astype("<U1")


def feedback(reader: Recognizer, count: int = 400, seed: int = 5) -> Archive:
    """What people who lean said to that recognizer."""
    images, labels = leaning(count, seed)
    read = np.array(DIGITS.characters)[evaluate.predict(reader, Shown(images))[:, :-1].argmax(axis=1)]
    return Archive(
        "digit",
        images,
        labels,
        np.array([f"person {i * PEOPLE // count}" for i in range(count)]),
        read,
        np.full(count, reader.release),
        np.random.default_rng(seed).permutation(count) + 1_800_000_000,
        np.full(count, "draw"),
        (None,) * count,
    )


@pytest.fixture(scope="module")
def base() -> Corpus:
    train, validation = made_up(480, 0), made_up(200, 1)
    return Corpus(
        Examples.joined([train, strangers(train, 45, 0)]),
        {"made up": validation, STRANGERS: strangers(validation, 20, 1)},
        ("mnist-train",),
    )


@pytest.fixture(scope="module", autouse=True)
def _small_world(base: Corpus) -> Iterator[None]:
    """Made-up digits instead of the pinned datasets, to learn from and to judge by."""
    judged_on = made_up(300, 2)
    digits = EvaluationSet("made up", judged_on.shown(), judged_on.allowed.argmax(axis=1))
    unseen = negative_glyphs(digits.shown.glyphs, DRAWN, 20, seed=2, held_out=True)
    with pytest.MonkeyPatch.context() as patch:
        for module in (evaluate, comparing):
            patch.setattr(module, "evaluation_sets", lambda _alphabet: [digits])
            patch.setattr(module, "stranger_sets", lambda _alphabet: unseen)
        patch.setattr(evaluate, "glyphs_by_pen", lambda _alphabet, _count: {"some pen": digits})
        patch.setattr(evaluate, "CHANGES", {"inverted": robustness.CHANGES["inverted"]})
        patch.setattr(mixing, "CORPORA", {"digit": lambda _sampling: base})
        patch.setattr(retraining, "RECIPES", {"digit": replace(RECIPES["digit"], batch_size=32)})
        yield


@pytest.fixture(scope="module")
def first(base: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release in use, in a store of its own."""
    folder = tmp_path_factory.mktemp("first")
    return export(fit(RECIPE, base, folder / "run"), RECIPE, base, folder / "releases", "1")


@pytest.fixture(scope="module")
def archive(first: Release) -> Archive:
    return feedback(load_recognizer(first))


@pytest.fixture(scope="module")
def outcome(first: Release, archive: Archive, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The good case: better, released, in use."""
    return retrain(archive, first.folder.parents[1], tmp_path_factory.mktemp("run"), cycles=CYCLES)


def test_what_people_correct_is_learned(outcome: Outcome) -> None:
    change = outcome.comparison.held_out.accuracy
    assert change.points > 5
    assert change.p < 0.01
    assert outcome.comparison.is_better, outcome.page


def test_better_release_is_in_use_and_can_be_rolled_back(outcome: Outcome, first: Release) -> None:
    store = ReleaseStore(first.folder.parents[1])
    assert outcome.release is not None
    assert store.current_version("digit") == outcome.release.version
    assert store.earlier_versions("digit") == ["1"]
    assert store.load("digit", outcome.release.version).card["retrained"]["from"] == "digit/1"


def test_card_says_what_was_learned_from(outcome: Outcome, archive: Archive) -> None:
    assert outcome.release is not None
    about = outcome.release.card["retrained"]
    assert (about["samples"], about["people"], about["sources"]) == (400, PEOPLE, {"draw": 400})
    samples = mixing.split(archive)
    assert (about["learned_from"], about["held_out"]) == (len(samples.train), len(samples.held_out))
    assert about["corrections"] == (archive.labels != archive.predicted).sum()
    page = (outcome.release.folder / "CARD.md").read_text()
    assert "Retrained from `digit/1`" in page
    assert (outcome.release.folder / "comparison/comparison.md").read_text() == outcome.page


def test_nobodys_handwriting_is_in_a_release(outcome: Outcome) -> None:
    assert outcome.release is not None
    assert {path.name for path in (outcome.release.folder / "comparison").iterdir()} == {
        "comparison.md",
        "comparison.json",
    }


def test_retrained_release_answers_as_its_card_says(outcome: Outcome, archive: Archive) -> None:
    assert outcome.release is not None
    rows = evaluate.predict(load_recognizer(outcome.release), Shown(archive.images))
    right = np.array(DIGITS.characters)[rows[:, :-1].argmax(axis=1)] == archive.labels
    assert right.mean() > (archive.predicted == archive.labels).mean()


def refused(archive: Archive, first: Release, run: Path) -> Outcome:
    store = ReleaseStore(first.folder.parents[1])
    before = store.versions("digit"), store.current_version("digit")
    result = retrain(archive, first.folder.parents[1], run, cycles=CYCLES)
    assert (store.versions("digit"), store.current_version("digit")) == before
    assert result.release is None
    assert not result.comparison.is_better
    assert "stays" in (run / "comparison/comparison.md").read_text()
    return result


@pytest.fixture
def alone(first: Release, tmp_path: Path) -> Release:
    """The first release in a store where it is the one in use."""
    store = ReleaseStore(tmp_path / "releases")
    release = store.install(first.folder)
    store.activate("digit", "1")
    return release


def test_wrong_labels_are_refused(alone: Release, archive: Archive, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    wrong = rng.random(len(archive)) < 0.4
    others = (archive.labels.astype(int) + rng.integers(1, 10, len(archive))) % 10
    labels = np.where(wrong, others.astype("<U1"), archive.predicted)
    result = refused(replace(archive, labels=labels), alone, tmp_path / "run")
    assert not result.comparison.findings[0].holds, result.page


def test_candidate_that_knows_one_digit_is_refused(
    alone: Release, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def say_seven(recipe: Recipe, _corpus: object, _run: object, first: tuple[Any, object]) -> Any:
        network = build(recipe)
        network.set_weights(first[0].get_weights())
        kernel, bias = network.layers[-1].get_weights()
        network.layers[-1].set_weights([kernel, bias + 50 * (np.arange(len(bias)) == DIGITS.index("7"))])
        return network

    monkeypatch.setattr(retraining, "fit", say_seven)  # what comes of training on sevens for long enough
    monkeypatch.setattr(retraining, "blend", lambda _known, _tuned, _corpus: 1.0)  # nothing softens it
    result = refused(archive, alone, tmp_path / "run")
    assert not any(result.comparison.findings[i].holds for i in (0, 2, 3)), result.page


def test_dry_run_releases_nothing(alone: Release, archive: Archive, outcome: Outcome, tmp_path: Path) -> None:
    run = shutil.copytree(outcome.run, tmp_path / "run")  # a finished run: nothing is trained again
    result = retrain(archive, alone.folder.parents[1], run, is_released=False, cycles=CYCLES)
    assert result.comparison.is_better
    assert result.release is None
    assert ReleaseStore(alone.folder.parents[1]).current_version("digit") == "1"


def test_damaged_archive_is_refused_before_anything_is_learned(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "samples.npz"
    write_archive(path, archive)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(BadArchive):
        read_archive(path)


def test_run_keeps_what_it_learned_from(outcome: Outcome, archive: Archive) -> None:
    assert len(read_archive(outcome.run / "samples.npz")) == len(archive)
    assert {"comparison.md", "gained.png", "lost.png"} <= {
        path.name for path in (outcome.run / "comparison").iterdir()
    }
