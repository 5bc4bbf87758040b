"""A finished run → a release: weights, compiled form, card, report and manifest in one folder."""

import base64
import json
import shutil
import subprocess
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import keras
import numpy as np

from app.recognition.alphabets import Alphabet, alphabet_named
from app.recognition.engine import LiteRTEngine
from app.recognition.pictures import glyph_from_pixels
from app.recognition.recognizer import Calibration, Recognizer
from app.recognition.releases import BUNDLED, CARD, COMPILED, WEIGHTS, Release, ReleaseStore, write_manifest
from app.recognition.service import load_recognizer
from app.training.calibrate import fit_calibration
from app.training.cards import write_card_page
from app.training.compiling import compile_network
from app.training.corpus import Examples
from app.training.datasets import PINS
from app.training.evaluate import predict
from app.training.judge import judge
from app.training.metrics import Probabilities, share_refused
from app.training.recipes import STRANGERS, Corpus, Recipe


def export(
    network: keras.Model,
    recipe: Recipe,
    corpus: Corpus,
    store: Path,
    version: str,
    baseline: tuple[keras.Model, Recipe] | None = None,
    note: str = "",
) -> Release:
    """Make `store/<alphabet>/<version>/` and make it the current release of that store.

    The figures of `baseline`, a network trained on the same corpus, are set beside its own; `note` is what its card
    should say besides. It is built beside its place and moved there when complete. Raises FileExistsError: a release
    is never edited; ValueError for a release to be shipped while the code that makes it is not committed.
    """
    if store == BUNDLED and (_commit() or "").endswith("-dirty"):
        raise ValueError(
            "A shipped release names the commit that made it, and files have changed since. Commit first."
        )
    building = building_folder(store, recipe.alphabet, version)
    card = _judged(network, recipe, corpus, version, building) | {"note": note}
    if baseline:
        with TemporaryDirectory() as aside:
            card["baseline"] = _judged(*baseline, corpus, version, Path(aside))
    release = publish(Release(recipe.alphabet, version, building, card))
    ReleaseStore(store, bundled=store).activate(recipe.alphabet, version)
    return release


def building_folder(store: Path, alphabet: str, version: str) -> Path:
    """An empty folder beside the place of a new release. Raises FileExistsError when that is taken."""
    folder = store / alphabet / version
    if folder.exists():
        raise FileExistsError(f"{folder} exists; a release is never edited. Choose another --version.")
    building = folder.with_name(f".{version}.building")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    return building


def draft(network: keras.Model, recipe: Recipe, corpus: Corpus, version: str, folder: Path) -> Release:
    """Weights, compiled form and calibration in `folder`: a release that answers, and is neither judged nor sealed."""
    network.save_weights(folder / WEIGHTS)
    compile_network(network, folder / COMPILED)
    return Release(recipe.alphabet, version, folder, _card(network, recipe, corpus, folder))


def publish(release: Release) -> Release:
    """Write the card of a release that was built beside its place, seal it and move it there; it is not activated."""
    (release.folder / CARD).write_text(json.dumps(release.card, indent=1, ensure_ascii=False) + "\n")
    write_card_page(release)
    write_manifest(release.folder)
    place = release.folder.with_name(release.version)
    release.folder.rename(place)
    store = place.parents[1]
    return ReleaseStore(store, bundled=store).load(release.alphabet, release.version)


def _judged(
    network: keras.Model, recipe: Recipe, corpus: Corpus, version: str, folder: Path
) -> dict[str, Any]:
    """Write weights, compiled form and report into `folder`; the card, figures included."""
    release = draft(network, recipe, corpus, version, folder)
    return release.card | {"evaluation": judge(load_recognizer(release), folder / "report").figures()}


def _card(network: keras.Model, recipe: Recipe, corpus: Corpus, folder: Path) -> dict[str, Any]:
    """Everything but the evaluation; calibration and the golden glyph come from validation data."""
    alphabet = alphabet_named(recipe.alphabet)
    raw = Recognizer(alphabet, "raw", LiteRTEngine(folder / COMPILED), Calibration(1.0, 0.0, 1.0))
    answers = {name: predict(raw, data.shown()) for name, data in corpus.validation.items()}
    calibration = fit_calibration(
        [(answers[n], data.allowed) for n, data in corpus.validation.items() if n != STRANGERS], alphabet
    )
    first = next(iter(corpus.validation))
    return {
        "alphabet": recipe.alphabet,
        "characters": "".join(alphabet.characters),
        "input": {
            "shape": list(network.input_shape[1:]),
            "meaning": "ink from 0 to 1, made by app/recognition/normalize.py; then, where there is more, "
            "how it was drawn, from -1 to 1, made by app/recognition/traces.py",
        },
        "network": recipe.network,
        "parameters": network.count_params(),
        "bytes": (folder / COMPILED).stat().st_size,
        "recipe": asdict(recipe),
        "datasets": [asdict(PINS[name]) for name in corpus.datasets],
        "training_examples": len(corpus.train),
        "validation": {
            n: _validation(calibration.apply(answers[n]), data, calibration, alphabet)
            for n, data in corpus.validation.items()
        },
        **asdict(calibration),
        "heights": dict(corpus.heights),
        "golden": _golden(raw, calibration, corpus.validation[first]),
        "commit": _commit(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _validation(
    probabilities: Probabilities, data: Examples, calibration: Calibration, alphabet: Alphabet
) -> dict[str, float]:
    """How many, how many of them right (no accuracy for what is no character), how many refused, in percent."""
    right = data.allowed[np.arange(len(data)), probabilities[:, :-1].argmax(axis=1)]
    return {
        "count": len(data),
        "accuracy": round(100 * float(right.mean()), 2),
        "rejected": share_refused(probabilities, alphabet, calibration),
    }


def _golden(raw: Recognizer, calibration: Calibration, data: Examples) -> dict[str, str | float]:
    """The first validation glyph, and what a recognizer must answer to it."""
    pixels = np.ascontiguousarray(data.glyphs[0, 0])
    row = calibration.apply(raw.probabilities(glyph_from_pixels(pixels)[None]))[0]
    best = int(row[:-1].argmax())
    return {
        "glyph": base64.b64encode(pixels.tobytes()).decode(),
        "character": raw.alphabet.characters[best],
        "probability": float(row[best]),
    }


def _commit() -> str | None:
    """The commit of the code that made the release, "-dirty" when files had changed since; None outside a checkout."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
