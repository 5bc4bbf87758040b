"""Runs a network: glyphs → probabilities. LiteRT by default; Keras itself for who wants it."""

import threading
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from app.recognition.networks import NETWORKS

MAX_BATCH = 32
"""Glyphs in one call of an interpreter; more are run in turns, so that memory stays bounded."""


class Engine(Protocol):
    """What a recognizer needs of an engine."""

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """`glyphs` float32 (N, 28, 28, 1) in [0, 1] → float32 (N, C), each row summing to 1."""
        ...


class LiteRTEngine:
    """The `.tflite` that Keras exported. An interpreter serves one thread at a time, so each thread has its own."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._interpreter()

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See Engine."""
        parts = [self._run(glyphs[i : i + MAX_BATCH]) for i in range(0, len(glyphs), MAX_BATCH)]
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def _run(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        interpreter = self._interpreter()
        if self._local.batch != len(glyphs):
            interpreter.resize_tensor_input(self._local.input, glyphs.shape)
            interpreter.allocate_tensors()
            self._local.batch = len(glyphs)
        interpreter.set_tensor(self._local.input, glyphs)
        interpreter.invoke()
        result: NDArray[np.float32] = interpreter.get_tensor(self._local.output)
        return result

    def _interpreter(self) -> Any:
        if not hasattr(self._local, "interpreter"):
            from ai_edge_litert.interpreter import Interpreter

            interpreter = Interpreter(model_path=str(self._path), num_threads=1)
            self._local.input = interpreter.get_input_details()[0]["index"]
            self._local.output = interpreter.get_output_details()[0]["index"]
            self._local.batch = 0
            self._local.interpreter = interpreter
        return self._local.interpreter


class KerasEngine:
    """The Keras network itself, rebuilt from code, with a release's weights. Slow to start and large."""

    def __init__(self, network: str, num_classes: int, weights: Path) -> None:
        self._model = NETWORKS[network](num_classes)
        self._model.load_weights(weights)

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See Engine."""
        return np.asarray(self._model(glyphs, training=False))
