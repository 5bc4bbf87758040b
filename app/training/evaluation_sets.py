"""The frozen sets that releases are judged on. Read by `evaluate` alone: nothing is ever chosen by them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import DIGITS, LETTERS, Alphabet
from app.recognition.image import ImageLimits, ink_from_image
from app.recognition.normalize import normalize
from app.training import datasets
from app.training.datasets import Labelled
from app.training.glyphs import Glyphs, as_uint8, glyphs_from_images, glyphs_from_strokes


@dataclass(frozen=True)
class EvaluationSet:
    """Glyphs uint8 (N, 28, 28) that came the way a user's ink comes, and the index of the right character (N,)."""

    name: str
    glyphs: Glyphs
    truth: NDArray[np.intp]


def evaluation_sets(alphabet: str) -> list[EvaluationSet]:
    """Every set for an alphabet, in a fixed order."""
    return [load() for load in _SETS[alphabet]]


def _from_images(name: str, load: Callable[[], Labelled], alphabet: Alphabet) -> EvaluationSet:
    data = _of(load(), alphabet)
    return EvaluationSet(name, glyphs_from_images(data.images), _truth(data.labels, alphabet))


def _from_strokes(name: str, load: Callable[[], Labelled], alphabet: Alphabet) -> EvaluationSet:
    """Rendered as the canvas's strokes are."""
    data = _of(load(), alphabet)
    assert data.strokes is not None
    return EvaluationSet(name, glyphs_from_strokes(data.strokes), _truth(data.labels, alphabet))


def _from_files(name: str, folder: str, alphabet: Alphabet) -> EvaluationSet:
    """Picture files whose name begins with the character and `_`, read as an upload is."""
    paths = [path for path in _files(folder) if path.name.split("_")[0] in alphabet]
    inks = (ink_from_image(path.read_bytes(), ImageLimits()) for path in paths)
    glyphs = as_uint8([normalize(ink) for ink in inks])
    return EvaluationSet(
        name, glyphs, _truth(np.array([path.name.split("_")[0] for path in paths]), alphabet)
    )


def _files(folder: str) -> list[Path]:
    found = sorted((datasets.data_dir() / "eval" / folder).glob("*.png"))
    if not found:
        raise datasets.DatasetRefused(f"There is no picture in DATA_DIR/eval/{folder}.")
    return found


def _of(data: Labelled, alphabet: Alphabet) -> Labelled:
    return data.where(np.isin(data.labels, alphabet.characters))


def _truth(labels: NDArray[np.str_], alphabet: Alphabet) -> NDArray[np.intp]:
    return np.array([alphabet.index(str(label)) for label in labels], np.intp)


_SETS: Mapping[str, list[Callable[[], EvaluationSet]]] = MappingProxyType(
    {
        DIGITS.name: [
            partial(_from_images, "MNIST test", partial(datasets.load_mnist, "test"), DIGITS),
            partial(_from_images, "EMNIST digits test", partial(datasets.load_emnist, "test"), DIGITS),
            partial(_from_strokes, "UNIPEN eval", partial(datasets.load_unipen, "eval"), DIGITS),
            partial(_from_files, "Mouse digits", "mouse_digits", DIGITS),
            partial(_from_files, "Chars74K", "chars74k", DIGITS),
        ],
        LETTERS.name: [
            partial(_from_images, "EMNIST letters test", partial(datasets.load_emnist, "test"), LETTERS),
            partial(_from_strokes, "UNIPEN eval", partial(datasets.load_unipen, "eval"), LETTERS),
            partial(_from_files, "Chars74K", "chars74k", LETTERS),
        ],
    }
)
