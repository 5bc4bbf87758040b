"""Train a network by its recipe, with a checkpoint after every epoch from which an interrupted run goes on."""

import json
import logging
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.recognition.alphabets import DIGITS, Alphabet, alphabet_named
from app.recognition.engine import fit_channels
from app.recognition.networks import NETWORKS
from app.training.batches import TrainingBatches
from app.training.corpus import Examples
from app.training.datasets import PINS
from app.training.learner import fast_precision, learner_of
from app.training.losses import AllowedSetLoss, allowed_accuracy
from app.training.metrics import Probabilities, letter_right
from app.training.recipes import STRANGERS, Corpus, Cycle, Recipe

log = logging.getLogger(__name__)

_FINAL = "final.weights.h5"


def fit(
    recipe: Recipe, corpus: Corpus, run_dir: Path, first: tuple[keras.Model, Alphabet] | None = None
) -> keras.Model:
    """Train, or go on training, in `run_dir`; returns the network with its averaged weights.

    `first` is a network and its alphabet: what it knows is where training starts.

    The folder holds `recipe.json`, `corpus.json` (what it was trained on), a folder for each run of a cycle with
    `history.jsonl` (a line an epoch), `checkpoint/` while it is unfinished and `cycle.weights.h5` afterwards, and
    `final.weights.h5` once all is done; what is finished is loaded, not repeated. `runs.py` compares such folders.
    Raises ValueError when the folder belongs to another recipe.
    """
    _claim(run_dir, recipe)
    network = build(recipe)
    if first:
        inherit(network, alphabet_named(recipe.alphabet), *first)
    _note_corpus(run_dir, corpus, network)
    for number, cycle in enumerate(recipe.cycles, start=1):
        first_weights = network.get_weights()
        results = []
        for turn in range(cycle.runs):
            folder = run_dir / (f"cycle-{number}" if turn == 0 else f"cycle-{number}-{turn + 1}")
            network.set_weights(first_weights)
            network = _after_cycle(network, recipe, cycle, corpus, folder, 1000 * (number - 1) + 100 * turn)
            results.append(network.get_weights())
        network.set_weights([np.mean(arrays, axis=0) for arrays in zip(*results, strict=True)])
    network.save_weights(run_dir / _FINAL)
    return network


def finished(recipe: Recipe, run_dir: Path) -> keras.Model | None:
    """The network of a run that is done, or None. Raises ValueError when the folder belongs to another recipe."""
    if not (run_dir / _FINAL).is_file():
        return None
    _claim(run_dir, recipe)
    network = build(recipe)
    network.load_weights(run_dir / _FINAL)
    return network


def load_run(run_dir: Path) -> tuple[keras.Model, Recipe]:
    """The network and the recipe of a run that is done. Raises ValueError when it is not, or is none."""
    path = run_dir / "recipe.json"
    if not path.is_file():
        raise ValueError(f"{run_dir} is no run: it holds no recipe.json.")
    fields = json.loads(path.read_text())
    fields["cycles"] = tuple(Cycle(**cycle) for cycle in fields["cycles"])
    fields["warp_strength"] = tuple(fields["warp_strength"])
    recipe = Recipe(**fields)
    network = finished(recipe, run_dir)
    if network is None:
        raise ValueError(f"The run in {run_dir} is not finished. Run its train command again to go on.")
    return network, recipe


def inherit(network: keras.Model, alphabet: Alphabet, first: keras.Model, known: Alphabet) -> None:
    """Give `network` the weights of `first`, whose architecture is the same; outputs go from character to character."""
    for layer, other in zip(network.layers[:-1], first.layers[:-1], strict=True):
        layer.set_weights(other.get_weights())
    outputs = network.layers[-1].get_weights()
    places = [alphabet.index(character) for character in known if character in alphabet]
    sources = [known.index(character) for character in known if character in alphabet]
    for mine, theirs in zip(outputs, first.layers[-1].get_weights(), strict=True):
        mine[..., [*places, -1]] = theirs[..., [*sources, -1]]
    network.layers[-1].set_weights(outputs)


def build(recipe: Recipe) -> keras.Model:
    """The recipe's network, its first weights drawn from the recipe's seed."""
    keras.utils.set_random_seed(recipe.seed)  # Keras initialises and drops out from its global seed
    return NETWORKS[recipe.network](alphabet_named(recipe.alphabet).num_outputs)


def _after_cycle(
    network: keras.Model, recipe: Recipe, cycle: Cycle, corpus: Corpus, folder: Path, seed_offset: int
) -> keras.Model:
    """The network with averaged weights after one learning-rate cycle, run here unless its folder is finished."""
    finished = folder / "cycle.weights.h5"
    if finished.is_file():
        network.load_weights(finished)
        return network
    folder.mkdir(exist_ok=True)
    history = folder / "history.jsonl"
    done = len(history.read_text().splitlines()) if history.is_file() else 0
    batches = TrainingBatches(
        corpus.train,
        recipe.batch_size,
        recipe.seed + seed_offset,
        done,
        cycle.augmented_share,
        recipe.wide_turns,
        network.input_shape[-1],
        cycle.as_pictures,
        recipe.warp_strength,
    )
    log.info("%d images an epoch, %d parameters", len(batches) * recipe.batch_size, network.count_params())
    # what it drops out must not depend on what ran before
    keras.utils.set_random_seed(recipe.seed + seed_offset)
    learner = learner_of(network)
    compile_for(learner, recipe, cycle.learning_rate, steps=len(batches) * cycle.epochs)
    callbacks = [
        keras.callbacks.BackupAndRestore(folder / "checkpoint", save_freq="epoch"),
        _Watch(corpus, alphabet_named(recipe.alphabet), history),
    ]
    learner.fit(batches, epochs=cycle.epochs, callbacks=callbacks, verbose=1, shuffle=False)
    learner.optimizer.finalize_variable_values(learner.trainable_variables)
    network.set_weights(learner.get_weights())
    network.save_weights(finished)
    return network


def compile_for(network: keras.Model, recipe: Recipe, learning_rate: float, steps: int) -> None:
    """One-cycle learning rate: a short warm-up, then a cosine to zero; AdamW; the weights are averaged (EMA)."""
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / 20,
        decay_steps=max(1, steps - steps // 20),
        warmup_target=learning_rate,
        warmup_steps=steps // 20,
    )
    optimizer = keras.optimizers.AdamW(
        schedule, weight_decay=recipe.weight_decay, use_ema=True, ema_momentum=recipe.ema_momentum
    )
    optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    network.compile(optimizer, loss=AllowedSetLoss(recipe.label_smoothing), metrics=[allowed_accuracy])


class _Watch(keras.callbacks.Callback):  # type: ignore[misc]  # keras ships no types
    """After each epoch: what the averaged weights get right of every validation set, one line in the history."""

    def __init__(self, corpus: Corpus, alphabet: Alphabet, history: Path) -> None:
        super().__init__()
        self.corpus, self.alphabet, self.history = corpus, alphabet, history

    def on_epoch_begin(self, _epoch: int, _logs: dict[str, float] | None = None) -> None:
        self.started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        model: Any = self.model
        current = model.get_weights()
        model.optimizer.finalize_variable_values(model.trainable_variables)
        scores = {}
        for name, data in self.corpus.validation.items():
            probabilities = predict(model, data)
            scores[name] = share_allowed(probabilities, data)
            if name != STRANGERS and self.alphabet is not DIGITS:
                right = letter_right(probabilities, data.allowed.argmax(axis=1), self.alphabet)
                scores[f"{name}, either case"] = float(right.mean())
        model.set_weights(current)
        line = {
            "epoch": epoch,
            "seconds": round(time.monotonic() - self.started, 1),
            **(logs or {}),
            **scores,
        }
        log.info("validation: %s", scores)
        with self.history.open("a") as file:
            file.write(json.dumps({key: float(value) for key, value in line.items()}) + "\n")


def predict(network: keras.Model, data: Examples) -> Probabilities:
    """Raw probabilities (N, C + 1) of the first rendering of each example."""
    inputs = fit_channels(data.shown().inputs(), network.input_shape[-1])
    return np.asarray(network.predict(inputs, batch_size=512, verbose=0))


def share_allowed(probabilities: Probabilities, data: Examples) -> float:
    """Share of examples whose best output is an allowed one."""
    return float(data.allowed[np.arange(len(data)), probabilities.argmax(axis=1)].mean())


def _note_corpus(run_dir: Path, corpus: Corpus, network: keras.Model) -> None:
    note = {
        "datasets": {name: PINS[name].digest for name in corpus.datasets},
        "training_examples": len(corpus.train),
        "validation_examples": {name: len(data) for name, data in corpus.validation.items()},
        "parameters": network.count_params(),
        "precision": fast_precision(),
    }
    (run_dir / "corpus.json").write_text(json.dumps(note, indent=2))


def _claim(run_dir: Path, recipe: Recipe) -> None:
    run_dir.mkdir(parents=True, exist_ok=True)
    path, text = run_dir / "recipe.json", json.dumps(asdict(recipe), indent=2)
    if path.is_file() and path.read_text() != text:
        raise ValueError(
            f"{run_dir} holds a run of another recipe. Name another folder with --run, or delete this one."
        )
    path.write_text(text)
