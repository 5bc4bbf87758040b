"""Architectures. Each is a function from a number of outputs to an uncompiled `keras.Model` on glyphs (28, 28, 1).

The ones for pens read traces as well (28, 28, 1 + 3): `traces.py`. A trace of zeros means that none is known.

They live beside serving because `INFERENCE_ENGINE=keras` rebuilds a network from code and loads weights only: no
release file can carry code in. Keras is imported when a network is built, never with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.recognition.traces import TRACE_CHANNELS

if TYPE_CHECKING:
    import keras

Network = Callable[[int], "keras.Model"]


def seed_cnn(num_outputs: int) -> keras.Model:
    """The CNN of taka-rl/handwriting-digit-character-recognition, layer by layer: the baseline of every report."""
    import keras
    from keras import layers

    return keras.Sequential(
        [
            keras.Input((28, 28, 1), name="glyph"),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(32, 5, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.4),
            layers.Conv2D(64, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(64, 3, activation="relu"),
            layers.BatchNormalization(),
            layers.Conv2D(64, 5, strides=2, padding="same", activation="relu"),
            layers.BatchNormalization(),
            layers.Dropout(0.4),
            layers.Flatten(),
            layers.Dropout(0.4),
            layers.Dense(num_outputs, activation="softmax", name="probabilities"),
        ],
        name="seed_cnn",
    )


def residual(num_outputs: int, channels: int = 1) -> keras.Model:
    """Residual blocks, two 32 wide at 14×14 and three 64 wide at 7×7, each stage entered with a stride of 2.

    0.36 million parameters. Nothing but the first convolution reads the full 28×28, where a step costs most.
    Residual blocks after He et al., "Deep Residual Learning" (CVPR 2016).
    """
    import keras
    from keras import layers

    glyph = keras.Input((28, 28, channels), name="glyph")
    x = _two_stages(glyph)
    x = layers.Dropout(0.3)(layers.Flatten()(layers.MaxPooling2D()(x)))
    x = layers.Dense(128, use_bias=False)(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Dropout(0.3)(x)
    probabilities = layers.Dense(num_outputs, activation="softmax", name="probabilities")(x)
    return keras.Model(glyph, probabilities, name="residual")


def resnet(num_outputs: int, channels: int = 1) -> keras.Model:
    """Residual blocks in three stages, each entered with a stride of 2: 32 wide at 14×14, 64 at 7×7, 96 at 4×4.

    0.51 million parameters. Nothing but the first convolution reads the full 28×28, where a step costs most.
    Residual blocks after He et al., "Deep Residual Learning" (CVPR 2016).
    """
    import keras
    from keras import layers

    glyph = keras.Input((28, 28, channels), name="glyph")
    x = _two_stages(glyph)
    x = _residual_block(_convolve(x, 96, stride=2), 96)
    x = layers.Dropout(0.3)(layers.GlobalAveragePooling2D()(x))
    probabilities = layers.Dense(num_outputs, activation="softmax", name="probabilities")(x)
    return keras.Model(glyph, probabilities, name="resnet")


def _two_stages(glyph: Any) -> Any:
    """Two residual blocks 32 wide at 14×14, three 64 wide at 7×7: (B, 28, 28, 1) → (B, 7, 7, 64)."""
    x = _convolve(glyph, 32, size=5, stride=2)
    for _ in range(2):
        x = _residual_block(x, 32)
    x = _convolve(x, 64, stride=2)
    for _ in range(3):
        x = _residual_block(x, 64)
    return x


def _convolve(x: Any, width: int, size: int = 3, stride: int = 1) -> Any:
    from keras import layers

    x = layers.Conv2D(width, size, strides=stride, padding="same", use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


def _residual_block(x: Any, width: int) -> Any:
    from keras import layers

    y = _convolve(x, width)
    y = layers.BatchNormalization()(layers.Conv2D(width, 3, padding="same", use_bias=False)(y))
    return layers.ReLU()(layers.Add()([x, y]))


_PEN = 1 + TRACE_CHANNELS

NETWORKS: Mapping[str, Network] = MappingProxyType(
    {
        "seed_cnn": seed_cnn,
        "residual": residual,
        "resnet": resnet,
        "pen residual": partial(residual, channels=_PEN),
        "pen resnet": partial(resnet, channels=_PEN),
    }
)
