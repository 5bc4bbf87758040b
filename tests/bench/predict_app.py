"""The same app with the seeds' way of answering: `model.predict` on the very same network. The benchmark's baseline."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import create_app
from app.recognition.alphabets import DIGITS
from app.recognition.engine import KerasEngine
from app.recognition.recognizer import Calibration, Recognizer
from app.recognition.releases import WEIGHTS, ReleaseStore


class PredictEngine(KerasEngine):
    """Calls `model.predict`, as the five systems that this one replaces do."""

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(self._model.predict(glyphs, verbose=0))


class PredictRoom:
    """A recognition room that reads digits, with the shipped release."""

    def __init__(self) -> None:
        store = ReleaseStore(Path("nowhere"))
        release = store.load(DIGITS.name, str(store.current_version(DIGITS.name)))
        engine = PredictEngine(release.card["network"], DIGITS.num_outputs, release.folder / WEIGHTS)
        calibration = Calibration(1.0, 0.0, 1.0)
        self._recognizer = Recognizer(DIGITS, release.name, engine, calibration)

    def recognizer(self, _alphabet: str) -> Recognizer:
        return self._recognizer

    def status(self) -> dict[str, str | None]:
        return {DIGITS.name: self._recognizer.release}


def make_app() -> Any:
    """For gunicorn without preload, since TensorFlow does not survive a fork: `tests.bench.predict_app:make_app()`."""
    return create_app({"RECOGNITION": PredictRoom(), "RECOGNIZE_RATE_LIMIT": ""})
