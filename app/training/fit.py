"""Train a network by its recipe, with a checkpoint after every epoch from which an interrupted run goes on."""

import json
import logging
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np

from app.recognition.alphabets import alphabet_named
from app.recognition.networks import NETWORKS
from app.training.batches import TrainingBatches
from app.training.corpus import Examples
from app.training.losses import AllowedSetLoss, allowed_accuracy
from app.training.recipes import Corpus, Recipe

log = logging.getLogger(__name__)


def fit(recipe: Recipe, corpus: Corpus, run_dir: Path) -> keras.Model:
    """Train, or go on training, in `run_dir`; returns the network with its averaged weights.

    The folder holds `recipe.json`, `history.jsonl` (one line an epoch), `checkpoint/` while the run is unfinished, and
    `final.weights.h5` once it is done; a finished run is loaded, not repeated. Raises ValueError when the folder
    belongs to another recipe.
    """
    _claim(run_dir, recipe)
    network = build(recipe)
    final = run_dir / "final.weights.h5"
    if final.is_file():
        network.load_weights(final)
        return network
    history = run_dir / "history.jsonl"
    done = len(history.read_text().splitlines()) if history.is_file() else 0
    batches = TrainingBatches(corpus.train, recipe.batch_size, recipe.seed, done, recipe.augmented)
    log.info("%d images an epoch, %d parameters", len(batches) * recipe.batch_size, network.count_params())
    compile_for(network, recipe, steps=len(batches) * recipe.epochs)
    callbacks = [
        keras.callbacks.BackupAndRestore(run_dir / "checkpoint", save_freq="epoch"),
        _Watch(corpus, history),
    ]
    network.fit(batches, epochs=recipe.epochs, callbacks=callbacks, verbose=1, shuffle=False)
    network.optimizer.finalize_variable_values(network.trainable_variables)
    finished = build(recipe)  # a plain network: the optimizer's state is four times its size
    finished.set_weights(network.get_weights())
    finished.save_weights(final)
    return finished


def build(recipe: Recipe) -> keras.Model:
    """The recipe's network, its first weights drawn from the recipe's seed."""
    keras.utils.set_random_seed(
        recipe.seed
    )  # the one place: Keras initialises and drops out from its global seed
    return NETWORKS[recipe.network](len(alphabet_named(recipe.alphabet)))


def compile_for(network: keras.Model, recipe: Recipe, steps: int) -> None:
    """One-cycle learning rate: a short warm-up, then a cosine to zero; AdamW; the weights are averaged (EMA)."""
    schedule = keras.optimizers.schedules.CosineDecay(
        recipe.learning_rate / 20,
        decay_steps=max(1, steps - steps // 20),
        warmup_target=recipe.learning_rate,
        warmup_steps=steps // 20,
    )
    optimizer = keras.optimizers.AdamW(
        schedule, weight_decay=recipe.weight_decay, use_ema=True, ema_momentum=recipe.ema_momentum
    )
    network.compile(optimizer, loss=AllowedSetLoss(recipe.label_smoothing), metrics=[allowed_accuracy])


class _Watch(keras.callbacks.Callback):  # type: ignore[misc]  # keras ships no types
    """After each epoch: accuracy of the averaged weights on every validation set, one line in the history."""

    def __init__(self, corpus: Corpus, history: Path) -> None:
        super().__init__()
        self.corpus, self.history = corpus, history

    def on_epoch_begin(self, _epoch: int, _logs: dict[str, float] | None = None) -> None:
        self.started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        model: Any = self.model
        current = model.get_weights()
        model.optimizer.finalize_variable_values(model.trainable_variables)
        scores = {name: accuracy(model, data) for name, data in self.corpus.validation.items()}
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


def accuracy(network: keras.Model, data: Examples) -> float:
    """Share of examples whose best character is an allowed one; first rendering only."""
    probabilities = network.predict(
        data.glyphs[:, 0, ..., None].astype(np.float32) / 255, batch_size=512, verbose=0
    )
    return float(data.allowed[np.arange(len(data)), probabilities.argmax(axis=1)].mean())


def _claim(run_dir: Path, recipe: Recipe) -> None:
    run_dir.mkdir(parents=True, exist_ok=True)
    path, text = run_dir / "recipe.json", json.dumps(asdict(recipe), indent=2)
    if path.is_file() and path.read_text() != text:
        raise ValueError(
            f"{run_dir} holds a run of another recipe. Name another folder with --run, or delete this one."
        )
    path.write_text(text)
