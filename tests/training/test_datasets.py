"""Pinned inputs are what they are pinned to be, or are refused."""

from pathlib import Path

import numpy as np
import pytest

from app.training.datasets import PINS, DatasetRefused, content_digest, data_dir, load_archive, load_mnist


def test_every_pin_is_complete() -> None:
    for pin in PINS.values():
        assert pin.licence
        assert pin.source
        assert pin.count > 0
        assert len(pin.digest) == 64


def test_another_mnist_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "train").mkdir()
    images, digits = np.zeros((3, 28, 28), np.uint8), np.arange(3, dtype=np.uint8)
    np.savez(tmp_path / "train/mnist.npz", x_train=images, y_train=digits)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    with pytest.raises(DatasetRefused, match="60,000 samples"):
        load_mnist("train")


def test_without_data_dir_there_is_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    with pytest.raises(DatasetRefused, match="DATA_DIR"):
        data_dir()


def test_the_digest_sees_one_bit() -> None:
    array = np.zeros((4, 4), np.uint8)
    before = content_digest(array)
    array[2, 2] = 1
    assert content_digest(array) != before


def test_an_archive_gives_its_strokes_back(tmp_path: Path) -> None:
    points = np.arange(14, dtype=np.float32).reshape(7, 2)
    np.savez(
        tmp_path / "archive.npz",
        images=np.zeros((2, 28, 28), np.uint8),
        labels=np.array(["a", "7"]),
        writers=np.array(["w1", "w2"]),
        points=points,
        points_per_stroke=np.array([2, 2, 3], np.int32),
        strokes_per_sample=np.array([2, 1], np.int16),
    )
    data = load_archive(tmp_path / "archive.npz", "ours")
    assert data.strokes is not None
    assert [[stroke.tolist() for stroke in sample] for sample in data.strokes] == [
        [points[:2].tolist(), points[2:4].tolist()],
        [points[4:].tolist()],
    ]
