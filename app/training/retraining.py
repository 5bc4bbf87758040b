"""One retraining: fine-tune the current release, compare it with what comes of that, release what is better."""

import logging
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.recognition.alphabets import alphabet_named
from app.recognition.releases import WEIGHTS, Release, ReleaseStore
from app.recognition.service import load_recognizer
from app.samples.archive import Archive, write_archive
from app.training.blending import blend
from app.training.comparing import FIGURES, PAGE, SideBySide, compare, write_page
from app.training.datasets import content_digest
from app.training.export import building_folder, draft, publish
from app.training.fit import build, fit
from app.training.judge import judge
from app.training.mixing import CannotRetrain, Split, mixed, split
from app.training.recipes import RECIPES, Corpus, Cycle, Recipe

log = logging.getLogger(__name__)

FINE_TUNING = (Cycle(2, learning_rate=1.5e-4),)
EMA_MOMENTUM = 0.99
"""Of a short run; the recipes' own would leave half of the weights as they were."""


@dataclass(frozen=True)
class Outcome:
    """What came of it, and where it lies; `release` is None when the candidate was refused, or not to be released."""

    run: Path
    comparison: SideBySide
    page: str
    release: Release | None


def retrain(
    archive: Archive,
    releases_dir: Path,
    run: Path,
    *,
    is_released: bool = True,
    is_activated: bool = True,
    cycles: tuple[Cycle, ...] = FINE_TUNING,
) -> Outcome:
    """Learn from an archive, compare, decide; the comparison and everything it stands on are kept in `run`.

    A better network becomes a release in `releases_dir`, and the current one. Raises CannotRetrain, BadRelease,
    DatasetRefused.
    """
    store = ReleaseStore(releases_dir)
    current, samples = _current(store, archive.alphabet), split(archive)
    log.info("%d samples to learn from, %d held out", len(samples.train), len(samples.held_out))
    write_archive(run / "samples.npz", archive)
    corpus = mixed(samples.train, current.card["heights"])
    recipe = _recipe(current, cycles)
    network, share = _fine_tuned(current, recipe, corpus, run)
    (run / "candidate").mkdir(exist_ok=True)
    candidate = draft(network, recipe, corpus, store.next_version(archive.alphabet), run / "candidate")
    result = compare(current, candidate, samples)
    page = write_page(result, samples, run / "comparison")
    if not (result.is_better and is_released):
        return Outcome(run, result, page, None)
    about = {**_about(archive, samples, result), "share_of_new_weights": share}
    release = _release(candidate, about, releases_dir, run)
    if is_activated:
        store.activate(release.alphabet, release.version)
    return Outcome(run, result, page, release)


def _current(store: ReleaseStore, alphabet: str) -> Release:
    version = store.current_version(alphabet)
    if version is None:
        raise CannotRetrain(f"No release of {alphabet} is in use. Train one first (doc/training.md).")
    return store.load(alphabet, version)


def _recipe(current: Release, cycles: tuple[Cycle, ...]) -> Recipe:
    """The alphabet's recipe, with the network of the current release and a short, gentle cycle."""
    return replace(
        RECIPES[current.alphabet],
        network=current.card["network"],
        cycles=cycles,
        starts_from=current.name,
        ema_momentum=EMA_MOMENTUM,
    )


def _fine_tuned(current: Release, recipe: Recipe, corpus: Corpus, run: Path) -> tuple[keras.Model, float]:
    """The network that starts from the current release, and the share of what it learned that it keeps."""
    known = build(recipe)
    known.load_weights(current.folder / WEIGHTS)
    tuned = fit(recipe, corpus, run, (known, alphabet_named(current.alphabet)))
    return tuned, blend(known, tuned, corpus)


def _about(archive: Archive, samples: Split, result: SideBySide) -> dict[str, Any]:
    """What the card says of a retrained release."""
    sources, counts = np.unique(archive.sources, return_counts=True)
    return {
        "from": result.current,
        "samples": len(archive),
        "corrections": int((archive.labels != archive.predicted).sum()),
        "people": len(np.unique(archive.writers)),
        "sources": dict(zip(sources.tolist(), counts.tolist(), strict=True)),
        "learned_from": len(samples.train),
        "held_out": len(samples.held_out),
        "digest": content_digest(archive.images, archive.labels, archive.writers, archive.times),
        "comparison": result.figures(),
    }


def _release(candidate: Release, about: dict[str, Any], releases_dir: Path, run: Path) -> Release:
    """Judge the candidate on everything, and publish it with its comparison."""
    building = building_folder(releases_dir, candidate.alphabet, candidate.version)
    shutil.copytree(candidate.folder, building, dirs_exist_ok=True)
    (building / "comparison").mkdir()
    for name in (PAGE, FIGURES):
        shutil.copy(run / "comparison" / name, building / "comparison")
    evaluation = judge(load_recognizer(replace(candidate, folder=building)), building / "report")
    card = {**candidate.card, "evaluation": evaluation.figures(), "retrained": about}
    return publish(replace(candidate, folder=building, card=card))
