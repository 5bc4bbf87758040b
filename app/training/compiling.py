"""A network → the file that serves it."""

from pathlib import Path

import keras
import tensorflow as tf


def compile_network(network: keras.Model, path: Path) -> None:
    """Write a network as LiteRT runs it, its large weights in 8 bits, each output channel with a scale of its own.

    Inputs and outputs stay float32; what flows between is rounded to 8 bits as it comes, by its own range, so no
    sample data are needed (decision 24: five times as fast, and what it reads stays the same).
    """
    network.export(path, format="litert", verbose=False, optimizations=[tf.lite.Optimize.DEFAULT])
