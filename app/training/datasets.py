"""Pinned inputs: each dataset has a name, a source, a licence, a count and a content digest; others are refused."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import COMBINED
from app.recognition.strokes import Strokes


@dataclass(frozen=True)
class Pin:
    """What a dataset must be."""

    name: str
    source: str
    licence: str
    count: int
    digest: str


@dataclass(frozen=True)
class Labelled:
    """Labelled handwriting.

    Attributes:
        name: the pin's name.
        images: uint8 (N, H, W), 255 = ink, or None where `strokes` are the better source.
        labels: str (N,), one character each; for caseless letters the capital.
        writers: str (N,), or None when the dataset does not say who wrote what.
        strokes: one tuple of strokes a sample, or None.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.str_]
    writers: NDArray[np.str_] | None = None
    strokes: list[Strokes] | None = None

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: NDArray[Any]) -> "Labelled":
        """The samples at a boolean or integer index."""
        positions = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return Labelled(
            self.name,
            self.images[positions],
            self.labels[positions],
            None if self.writers is None else self.writers[positions],
            None if self.strokes is None else [self.strokes[i] for i in positions],
        )

    def of(self, characters: Iterable[str]) -> "Labelled":
        """The samples whose label is one of `characters`."""
        return self.where(np.isin(self.labels, sorted(characters)))


class DatasetRefused(Exception):
    """The data is missing, or is not the data that was pinned."""


MNIST = "https://yann.lecun.com/exdb/mnist (keras.datasets.mnist)"
EMNIST = "NIST SD 19 by Cohen et al., arXiv:1702.05373 (the `emnist` package)"
UNIPEN = "UNIPEN Train-R01/V07, Zenodo 10.5281/zenodo.1195803"

PINS: dict[str, Pin] = {
    pin.name: pin
    for pin in (
        Pin(
            "mnist-train",
            MNIST,
            "CC BY-SA 3.0",
            60_000,
            "8aeee992fb40a8952a456a06772bb61e85ce54a10ebac4b18630abb501688543",
        ),
        Pin(
            "mnist-test",
            MNIST,
            "CC BY-SA 3.0",
            10_000,
            "a51cb594b26c743c70e04aa5353de5ac372408b444392c65303503938307c102",
        ),
        Pin(
            "emnist-byclass-train",
            EMNIST,
            "public domain",
            200_260,
            "80b9a1089dc1eaab8e2e7c6a25fabc15e70e8a45d09dadbccea6df4ed4d0bf27",
        ),
        Pin(
            "emnist-byclass-test",
            EMNIST,
            "public domain",
            23_032,
            "777dc3cd9af20ecef52e64e4d5f4f10ec57165a89e35bf01dcbf6508f8e95003",
        ),
        Pin(
            "emnist-caseless",
            EMNIST,
            "public domain",
            41_252,
            "6934ad4463da3c415496df458a66935a76c8b8e8fd7ea56f8175afc787230f20",
        ),
        Pin(
            "unipen-train",
            UNIPEN,
            "CC BY 4.0",
            58_263,
            "35acdf53ce8b9359d5edc44bf4f6c80b6f3fdd348ffdbc466462dd03cc78fe9a",
        ),
        Pin(
            "unipen-eval",
            UNIPEN,
            "CC BY 4.0",
            11_683,
            "4db40bfc34d4676031b8c2dd9ff920ffca214810e497ac2deb11db87bf9e4580",
        ),
    )
}


def content_digest(*arrays: NDArray[Any] | None) -> str:
    """SHA-256 over the shapes, types and bytes of the arrays: the same data gives it whatever file it came in."""
    digest = hashlib.sha256()
    for array in arrays:
        if array is not None:
            digest.update(f"{array.shape}{array.dtype.str}".encode())
            digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def data_dir() -> Path:
    """The folder that `DATA_DIR` names. Raises DatasetRefused when it is not set or not there."""
    folder = Path(os.environ.get("DATA_DIR", ""))
    if not os.environ.get("DATA_DIR") or not folder.is_dir():
        raise DatasetRefused(
            "Set DATA_DIR to the folder that holds train/ and eval/ (doc/data.md says what is in them)."
        )
    return folder


def load_mnist(part: str) -> Labelled:
    """MNIST, `part` "train" or "test": from DATA_DIR/train/mnist.npz where it is, else by `keras.datasets.mnist`."""
    local = Path(os.environ.get("DATA_DIR", "")) / "train" / "mnist.npz"
    if os.environ.get("DATA_DIR") and local.is_file():
        with np.load(local, allow_pickle=False) as arrays:
            images, digits = arrays[f"x_{part}"], arrays[f"y_{part}"]
    else:
        images, digits = _downloaded_mnist(part)
    return _pinned(Labelled(f"mnist-{part}", images, digits.astype(str)))


def _downloaded_mnist(part: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    from keras.datasets import mnist

    try:
        train, test = mnist.load_data()
    except Exception as error:  # Keras raises a bare Exception when a download fails
        raise DatasetRefused(
            "MNIST cannot be downloaded here. Set DATA_DIR to a folder with train/mnist.npz."
        ) from error
    images, digits = train if part == "train" else test
    return images, digits


def load_emnist(part: str) -> Labelled:
    """EMNIST ByClass, `part` "train" or "test", by the `emnist` package, which finds it in ~/.cache/emnist."""
    import emnist

    load = emnist.extract_training_samples if part == "train" else emnist.extract_test_samples
    images, classes = load("byclass")
    labels = np.array(COMBINED.characters)[classes]
    return _pinned(Labelled(f"emnist-byclass-{part}", np.array(images), labels))


def load_caseless() -> Labelled:
    """EMNIST letters whose case is unknown: each is labelled by its capital, which stands for both."""
    with _arrays_in(data_dir() / "train" / "emnist_caseless.npz") as arrays:
        return _pinned(Labelled("emnist-caseless", arrays["images"], arrays["letters"]))


def load_unipen(part: str) -> Labelled:
    """UNIPEN isolated characters with their strokes, `part` "train" or "eval"."""
    return _pinned(load_archive(data_dir() / part / f"unipen_{part}.npz", f"unipen-{part}"))


def load_archive(path: Path, name: str) -> Labelled:
    """An archive of samples, our own or another's: `images`, `labels`, `writers` and, optionally, strokes."""
    with _arrays_in(path) as arrays:
        strokes = None
        if "points" in arrays:
            strokes = _strokes(arrays["points"], arrays["points_per_stroke"], arrays["strokes_per_sample"])
        return Labelled(name, arrays["images"], arrays["labels"], arrays["writers"], strokes)


def _arrays_in(path: Path) -> Any:
    """An open archive of arrays, a context manager. Raises DatasetRefused where there is none."""
    if not path.is_file():
        raise DatasetRefused(f"There is no archive at {path}.")
    return np.load(path, allow_pickle=False)


def _strokes(
    points: NDArray[Any], points_per_stroke: NDArray[Any], strokes_per_sample: NDArray[Any]
) -> list[Strokes]:
    lines = np.split(points.astype(np.float32), np.cumsum(points_per_stroke)[:-1])
    ends = np.cumsum(strokes_per_sample)
    return [tuple(lines[start:end]) for start, end in zip(ends - strokes_per_sample, ends, strict=True)]


def _pinned(data: Labelled) -> Labelled:
    pin, digest = PINS[data.name], content_digest(data.images, data.labels, data.writers)
    if (len(data), digest) != (pin.count, pin.digest):
        raise DatasetRefused(
            f"{pin.name} is not the pinned data: {pin.count:,} samples with digest {pin.digest} were expected, "
            f"{len(data):,} with {digest} found. To use other data on purpose, pin it in app/training/datasets.py."
        )
    return data
