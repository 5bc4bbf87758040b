from pathlib import Path

import keras
import numpy as np
import pytest

from app.recognition.networks import NETWORKS
from app.training import learner
from app.training.learner import fast_precision, learner_of

pytestmark = pytest.mark.timeout(120)  # the first test waits for TensorFlow


@pytest.fixture(params=["float32", "mixed_bfloat16"])
def precision(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(learner, "fast_precision", lambda: request.param)
    return str(request.param)


def inputs(network: keras.Model, count: int = 32) -> np.ndarray:
    return np.random.default_rng(0).random((count, *network.input_shape[1:]), np.float32)


@pytest.mark.parametrize("name", ["pen residual", "resnet", "seed_cnn"])
def test_the_copy_answers_as_its_network(name: str, precision: str) -> None:
    network = NETWORKS[name](11)
    shown = inputs(network)
    answer, copied = (np.asarray(model(shown, training=False)) for model in (network, learner_of(network)))
    np.testing.assert_allclose(copied, answer, rtol=0, atol=1e-5 if precision == "float32" else 0.02)


def test_what_the_copy_learns_is_the_networks(precision: str) -> None:
    network = NETWORKS["residual"](3)
    shown = inputs(network, 48)
    truth = np.eye(3, dtype=np.float32)[np.arange(48) % 3]
    shown[truth[:, 0] == 1, :14] = 0
    shown[truth[:, 1] == 1, :, :14] = 0
    copy = learner_of(network)
    copy.compile(keras.optimizers.AdamW(1e-3), loss="categorical_crossentropy")
    losses = copy.fit(shown, truth, epochs=8, batch_size=16, verbose=0).history["loss"]
    assert losses[-1] < losses[0] / 3
    network.set_weights(copy.get_weights())
    answer, copied = (np.asarray(model(shown, training=False)) for model in (network, copy))
    np.testing.assert_allclose(copied, answer, rtol=0, atol=1e-5 if precision == "float32" else 0.03)


@pytest.mark.usefixtures("precision")
def test_normalisation_averages_as_keras_does() -> None:
    shown = np.random.default_rng(1).normal(3, 2, (512, 8)).astype(np.float32)
    network = keras.Sequential([keras.Input((8,)), keras.layers.BatchNormalization()])
    copy = learner_of(network)
    answer, copied = (np.asarray(model(shown, training=True)) for model in (network, copy))
    np.testing.assert_allclose(copied, answer, rtol=0, atol=1e-4)
    for mine, theirs in zip(copy.get_weights(), network.get_weights(), strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=0.005)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ("flags : avx2 avx512f", "float32"),
        ("flags : avx512f avx512_bf16", "mixed_bfloat16"),
        (None, "float32"),
    ],
)
def test_precision_is_what_the_processor_is_fast_at(
    facts: str | None, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "cpuinfo"
    if facts:
        path.write_text(facts)
    monkeypatch.setattr(learner, "_CPU_FACTS", path)
    assert fast_precision() == expected
