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

    reads_traces: bool
    """Whether its network reads traces; they need not be made for one that does not."""

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """`inputs` float32 (N, 28, 28, 1 or 4) → float32 (N, C + 1), each row summing to 1.

        They are glyphs, with their traces behind them if they were drawn. A network that reads traces takes a glyph
        without one for a picture; one that reads glyphs alone does not look at traces.
        """
        ...


def fit_channels(inputs: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """Inputs (N, 28, 28, any) as a network wants them: what is missing is 0, what is too much is left out."""
    given = inputs.shape[-1]
    if given < channels:
        return np.pad(inputs, ((0, 0), (0, 0), (0, 0), (0, channels - given)))
    return np.ascontiguousarray(inputs[..., :channels])


class LiteRTEngine:
    """The compiled network, a `.tflite`. An interpreter serves one call at a time: idle ones wait to be used again."""

    def __init__(self, path: Path) -> None:
        self._path = path
        first = _Interpreter(path)
        self._idle = deque([first])
        self.reads_traces = first.channels > 1

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See Engine."""
        try:
            interpreter = self._idle.pop()
        except IndexError:  # all are busy in other threads
            interpreter = _Interpreter(self._path)
        try:
            parts = [interpreter.run(inputs[i : i + MAX_BATCH]) for i in range(0, len(inputs), MAX_BATCH)]
        finally:
            self._idle.append(interpreter)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


class _Interpreter:
    """One LiteRT interpreter, resized when the shape of what it is given changes."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter: Any = Interpreter(model_path=str(path), num_threads=1)
        details = self._interpreter.get_input_details()[0]
        self._input, self.channels = details["index"], int(details["shape"][-1])
        self._output = self._interpreter.get_output_details()[0]["index"]
        self._shape: tuple[int, ...] = ()

    def run(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """(N, H, W, any) → what the network makes of it; of glyphs (N, 28, 28, any) that is (N, C + 1)."""
        fitting = fit_channels(inputs, self.channels)
        if self._shape != fitting.shape:
            self._interpreter.resize_tensor_input(self._input, fitting.shape)
            self._interpreter.allocate_tensors()
            self._shape = fitting.shape
        self._interpreter.set_tensor(self._input, fitting)
        self._interpreter.invoke()
        result: NDArray[np.float32] = self._interpreter.get_tensor(self._output)
        return result


class KerasEngine:
    """The Keras network itself, rebuilt from code, with a release's weights. Slow to start and large."""

    def __init__(self, network: str, num_outputs: int, weights: Path) -> None:
        self._model = NETWORKS[network](num_outputs)
        self._model.load_weights(weights)
        self.reads_traces = self._model.input_shape[-1] > 1

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See Engine."""
        return np.asarray(self._model(fit_channels(inputs, self._model.input_shape[-1]), training=False))
