"""What a network of more characters reads when it is told that there are only some of them."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.recognizer import Recognizer


def among(reader: Recognizer, alphabet: Alphabet) -> Recognizer:
    """A recognizer of `alphabet`, all of whose characters `reader` knows: it shares out what that one gives to them."""
    known = reader.alphabet
    columns = [*(known.index(character) for character in alphabet), len(known)]
    calibration = replace(reader.calibration, temperature=1.0)  # what it shares out is calibrated already
    return Recognizer(alphabet, reader.release, _Some(reader, columns), calibration)


class _Some:
    """An engine: some outputs of a recognizer."""

    def __init__(self, reader: Recognizer, columns: list[int]) -> None:
        self._reader, self._columns = reader, columns
        self.reads_traces = reader.reads_traces

    def probabilities(self, inputs: NDArray[np.float32]) -> NDArray[np.float32]:
        """See `app.recognition.engine.Engine`."""
        rows = self._reader.probabilities(inputs)[:, self._columns]
        return np.asarray(rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-9))
