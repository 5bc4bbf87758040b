"""Runs a network: glyphs → probabilities. LiteRT by default; Keras itself for who wants it."""

from collections import deque
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
        """`glyphs` float32 (N, 28, 28, 1) in [0, 1] → float32 (N, C + 1), each row summing to 1."""
        ...


class LiteRTEngine:
    """The `.tflite` that Keras exported. An interpreter serves one call at a time: idle ones wait to be used again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle = deque([_Interpreter(path)])

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See Engine."""
        try:
            interpreter = self._idle.pop()
        except IndexError:  # all are busy in other threads
            interpreter = _Interpreter(self._path)
        try:
            parts = [interpreter.run(glyphs[i : i + MAX_BATCH]) for i in range(0, len(glyphs), MAX_BATCH)]
        finally:
            self._idle.append(interpreter)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class _Interpreter:
    """One LiteRT interpreter, resized when the number of glyphs changes."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter: Any = Interpreter(model_path=str(path), num_threads=1)
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        self._batch = 0

    def run(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, 28, 28, 1) → (N, C + 1)."""
        if self._batch != len(glyphs):
            self._interpreter.resize_tensor_input(self._input, glyphs.shape)
            self._interpreter.allocate_tensors()
            self._batch = len(glyphs)
        self._interpreter.set_tensor(self._input, glyphs)
        self._interpreter.invoke()
        result: NDArray[np.float32] = self._interpreter.get_tensor(self._output)
        return result


class KerasEngine:
    """The Keras network itself, rebuilt from code, with a release's weights. Slow to start and large."""

    def __init__(self, network: str, num_outputs: int, weights: Path) -> None:
        self._model = NETWORKS[network](num_outputs)
        self._model.load_weights(weights)

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See Engine."""
        return np.asarray(self._model(glyphs, training=False))
