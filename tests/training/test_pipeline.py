"""The whole pipeline, small: made-up digits → training → an interruption → a release → the same answers."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS
from app.recognition.networks import NETWORKS
from app.recognition.recognizer import Calibration
from app.recognition.releases import Release, ReleaseStore
from app.recognition.service import load_recognizer
from app.training import evaluate, robustness
from app.training.batches import TrainingBatches
from app.training.corpus import Examples, negatives
from app.training.evaluation_sets import EvaluationSet
from app.training.export import export
from app.training.fit import build, finished, fit, inherit, load_run, predict, share_allowed
from app.training.glyphs import shown_from_strokes
from app.training.negatives import negative_glyphs
from app.training.recipes import STRANGERS, Corpus, Cycle, Recipe

# One stroke a digit, on a 3 × 5 grid: enough of a likeness for a network to tell them apart.
SHAPES = {
    "0": "00 20 24 04 00", "1": "10 14", "2": "00 20 22 02 04 24", "3": "00 20 22 12 22 24 04",
    "4": "00 02 22 20 24", "5": "20 00 02 22 24 04", "6": "20 00 04 24 22 02", "7": "00 20 12 14",
    "8": "00 20 24 04 00 02 22", "9": "22 02 00 20 24",
}  # fmt: skip
DRAWN = [
    (np.array([[int(c) for c in pair] for pair in corners.split()], np.float32),)
    for corners in SHAPES.values()
]
pytestmark = pytest.mark.timeout(300)  # the first test waits for TensorFlow and a training run

RECIPE = Recipe(
    "digit", (Cycle(7), Cycle(1, 1e-3, 0.5)), network="pen residual", batch_size=8, ema_momentum=0.5
)


def made_up(count: int, seed: int) -> Examples:
    rng = np.random.default_rng(seed)
    truth = np.arange(count) % 10
    corners = [np.array([[int(c) for c in pair] for pair in SHAPES[str(digit)].split()]) for digit in truth]
    strokes = [((c + rng.normal(0, 0.1, c.shape)).astype(np.float32),) for c in corners]
    glyphs, traces = shown_from_strokes(strokes)
    assert traces is not None
    return Examples(
        glyphs[:, None],
        np.eye(DIGITS.num_outputs, dtype=bool)[truth],
        np.ones(count, np.float32),
        traces[:, None],
    )


def strangers(digits: Examples, count: int, seed: int) -> Examples:
    """`count` of each kind of ink that is no digit."""
    kinds = negative_glyphs(digits.glyphs[:, 0], DRAWN, count, seed)
    return Examples.joined([negatives(shown, DIGITS) for shown in kinds.values()])


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    train, validation = made_up(480, 0), made_up(200, 1)
    return Corpus(
        Examples.joined([train, strangers(train, 45, 0)]),
        {"made up": validation, STRANGERS: strangers(validation, 20, 1)},
        ("mnist-train",),
        heights={"7": (-0.1, 0.25)},
    )


@pytest.fixture(scope="module")
def release(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """Trained, exported, judged on made-up digits, and compared with a network that has learned nothing."""
    folder = tmp_path_factory.mktemp("pipeline")
    judged_on = made_up(100, 2)
    digits = EvaluationSet("made up", judged_on.shown(), judged_on.allowed.argmax(axis=1))
    unseen = negative_glyphs(digits.shown.glyphs, DRAWN, 20, seed=2, held_out=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "evaluation_sets", lambda _alphabet: [digits])
        patch.setattr(evaluate, "stranger_sets", lambda _alphabet: unseen)
        patch.setattr(evaluate, "glyphs_by_pen", lambda _alphabet, _count: {"some pen": digits})
        patch.setattr(evaluate, "CHANGES", {"inverted": robustness.CHANGES["inverted"]})
        network, ignorant = fit(RECIPE, corpus, folder / "run"), build(RECIPE)
        return export(network, RECIPE, corpus, folder / "store", "1", (ignorant, RECIPE), "By hand.")


def test_the_network_learns(release: Release) -> None:
    figures, ignorant = (card["evaluation"] for card in (release.card, release.card["baseline"]))
    assert release.card["validation"]["made up"]["accuracy"] > 95
    assert figures["sets"]["made up"]["accuracy"] > 90
    assert figures["robustness"].keys() == {"inverted", "some pen"}
    assert min(figures["robustness"].values()) > 90
    assert ignorant["sets"]["made up"]["accuracy"] < 30


def test_the_network_learns_what_to_refuse(release: Release) -> None:
    validation, figures = release.card["validation"], release.card["evaluation"]
    assert validation["made up"]["rejected"] < 5
    assert figures["sets"]["made up"]["rejected"] < 10
    assert validation[STRANGERS]["rejected"] > 80
    assert figures["refused"].keys() == {"scribbles", "symbols", "pairs", "drawn pairs"}
    assert np.mean(list(figures["refused"].values())) > 70


def test_a_release_is_served_with_what_was_fitted(release: Release, corpus: Corpus) -> None:
    served, card = load_recognizer(release), release.card
    assert served.calibration == Calibration(
        card["temperature"], card["reject_below"], card["stranger_above"]
    )
    assert served.heights == corpus.heights


def test_a_release_answers_as_its_run(release: Release, corpus: Corpus) -> None:
    network = fit(RECIPE, corpus, release.folder.parents[2] / "run")  # finished: loaded, not trained again
    inputs = corpus.validation["made up"].shown(slice(50)).inputs()
    trained = np.asarray(network(inputs, training=False))
    served = load_recognizer(release).probabilities(inputs)
    assert (trained.argmax(axis=1) == served.argmax(axis=1)).all()


def test_a_release_is_complete(release: Release) -> None:
    names = {path.name for path in release.folder.rglob("*.*")}
    assert {"card.json", "CARD.md", "MANIFEST.sha256", "network.tflite", "network.weights.h5"} <= names
    assert {"reliability.png", "confusion-made-up.png", "mistakes-made-up.png", "figures.json"} <= names
    assert "risk.png" in names
    assert ReleaseStore(release.folder.parents[1]).current_version("digit") == "1"


def test_a_card_page_says_what_was_found(release: Release) -> None:
    page = (release.folder / "CARD.md").read_text()
    assert ". By hand.\n" in page
    assert (
        page.count("| inverted |") == page.count("| scribbles |") == 2
    )  # its own figures and the baseline's
    assert f"as no character above {release.card['stranger_above']}" in page
    assert f"| {STRANGERS} | 80 |  | " in page  # how many of them are read right is no question


def test_a_release_is_never_edited(release: Release, corpus: Corpus) -> None:
    with pytest.raises(FileExistsError, match="never edited"):
        export(build(RECIPE), RECIPE, corpus, release.folder.parents[1], "1")


def test_a_shipped_release_names_the_code_that_made_it(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.training.export.BUNDLED", tmp_path)
    monkeypatch.setattr("app.training.export._commit", lambda: "0123456789ab-dirty")
    with pytest.raises(ValueError, match="Commit first"):
        export(build(RECIPE), RECIPE, corpus, tmp_path, "1")
    assert list(tmp_path.iterdir()) == []


class Interrupted(Exception):
    """What a power cut would do, after the first epoch."""


def test_a_run_goes_on_where_it_was_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small, recipe = (
        Corpus(made_up(64, 3), {"made up": made_up(20, 4)}, ()),
        replace(RECIPE, cycles=(Cycle(3),)),
    )
    with monkeypatch.context() as patch:
        patch.setattr(TrainingBatches, "on_epoch_end", interrupt_second_epoch)
        with pytest.raises(Interrupted):
            fit(recipe, small, tmp_path)
    fit(recipe, small, tmp_path)
    epochs = [
        json.loads(line)["epoch"] for line in (tmp_path / "cycle-1/history.jsonl").read_text().splitlines()
    ]
    assert epochs == [0, 1, 2]
    assert (tmp_path / "final.weights.h5").is_file()


def test_the_same_seed_gives_the_same_network_also_after_a_pause(tmp_path: Path) -> None:
    small = Corpus(made_up(64, 3), {"made up": made_up(20, 4)}, ())
    recipe = replace(RECIPE, cycles=(Cycle(1), Cycle(1, 1e-3)))
    at_once = fit(recipe, small, tmp_path / "run").get_weights()
    (tmp_path / "run/final.weights.h5").unlink()
    shutil.rmtree(tmp_path / "run/cycle-2")
    resumed = fit(recipe, small, tmp_path / "run").get_weights()
    for mine, theirs in zip(resumed, at_once, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-6)


def interrupt_second_epoch(batches: TrainingBatches) -> None:
    if batches.epoch >= 1:
        raise Interrupted
    batches.epoch += 1


def test_the_runs_of_a_cycle_are_averaged(tmp_path: Path) -> None:
    small = Corpus(made_up(64, 3), {"made up": made_up(20, 4)}, ())
    network = fit(replace(RECIPE, cycles=(Cycle(1, runs=2),)), small, tmp_path)
    first, second = build(RECIPE), build(RECIPE)
    first.load_weights(tmp_path / "cycle-1/cycle.weights.h5")
    second.load_weights(tmp_path / "cycle-1-2/cycle.weights.h5")
    ones, others = first.get_weights(), second.get_weights()
    assert any((one != other).any() for one, other in zip(ones, others, strict=True))
    for mine, one, other in zip(network.get_weights(), ones, others, strict=True):
        np.testing.assert_allclose(mine, (one + other) / 2, rtol=1e-6)


def test_another_recipe_does_not_go_on_with_a_run(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "recipe.json").write_text("{}")
    with pytest.raises(ValueError, match="another recipe"):
        fit(RECIPE, corpus, tmp_path)


def test_a_network_starts_with_what_another_knows(corpus: Corpus) -> None:
    letters = build(replace(RECIPE, alphabet="character"))
    both = build(replace(RECIPE, alphabet="combined", seed=1))
    inherit(both, COMBINED, letters, LETTERS)
    taught, known = (
        predict(both, corpus.validation["made up"]),
        predict(letters, corpus.validation["made up"]),
    )
    shared = taught[:, [*(COMBINED.index(letter) for letter in LETTERS), -1]]
    assert shared / shared.sum(axis=1, keepdims=True) == pytest.approx(known, abs=1e-5)


def test_what_is_done_is_found_again(corpus: Corpus, release: Release, tmp_path: Path) -> None:
    assert finished(RECIPE, tmp_path) is None
    network = finished(RECIPE, release.folder.parents[2] / "run")
    assert network is not None
    assert load_run(release.folder.parents[2] / "run")[1] == RECIPE
    with pytest.raises(ValueError, match="no run"):
        load_run(tmp_path)
    trained = fit(RECIPE, corpus, release.folder.parents[2] / "run")
    validation = corpus.validation["made up"]
    assert np.array_equal(predict(network, validation), predict(trained, validation))


def test_the_best_output_must_be_an_allowed_one(corpus: Corpus) -> None:
    validation = corpus.validation["made up"]
    probabilities = predict(build(RECIPE), validation)
    assert probabilities.shape == (len(validation), DIGITS.num_outputs)
    read = np.eye(DIGITS.num_outputs, dtype=bool)[probabilities.argmax(axis=1)]
    read[0] = ~read[0]
    judged = Examples(validation.glyphs, read, validation.repeats)
    assert share_allowed(probabilities, judged) == pytest.approx(1 - 1 / len(judged))


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_the_alphabet_sizes_every_network(network: str, alphabet: str) -> None:
    made = build(replace(RECIPE, network=network, alphabet=alphabet))
    assert made.output_shape == (None, ALPHABETS[alphabet].num_outputs)
    inputs = np.random.default_rng(0).random((2, *made.input_shape[1:]), np.float32)
    answers = np.asarray(made(inputs))
    assert answers.sum(axis=1) == pytest.approx([1, 1], abs=1e-5)
