"""The frozen sets that releases are judged on. No network is chosen by them (doc/data.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS, Alphabet
from app.recognition.image import ImageLimits, ink_from_image
from app.recognition.normalize import GLYPH_BOX_PX, normalize
from app.recognition.pictures import glyph_pixels
from app.training import datasets
from app.training.datasets import Labelled
from app.training.glyphs import (
    Shown,
    glyphs_from_images,
    glyphs_from_strokes,
    shown_from_strokes,
)
from app.training.negatives import UNLIKE_DIGITS, negative_glyphs


@dataclass(frozen=True)
class EvaluationSet:
    """Ink that came the way a user's comes, N glyphs of it, and the index of the right character (N,)."""

    name: str
    shown: Shown
    truth: NDArray[np.intp]


def evaluation_sets(alphabet: str) -> list[EvaluationSet]:
    """Every set for an alphabet, in a fixed order."""
    return [load() for load in _SETS[alphabet]]


def glyphs_by_pen(alphabet: str, count: int) -> dict[str, EvaluationSet]:
    """Pictures of `count` drawings of "UNIPEN eval" on a raster of 56 px, by the width of the pen that drew them."""
    data = datasets.load_unipen("eval").of(ALPHABETS[alphabet])
    chosen = data.where(np.random.default_rng(0).permutation(len(data))[:count])
    assert chosen.strokes is not None
    truth = _truth(chosen.labels, ALPHABETS[alphabet])
    rasters = np.full(len(chosen), 56 / GLYPH_BOX_PX)
    sets = {}
    for width in range(1, 7):
        glyphs = glyphs_from_strokes(chosen.strokes, np.full(len(chosen), width) / rasters, rasters)
        sets[f"pen of {width} px, 56 px high"] = EvaluationSet("UNIPEN eval", Shown(glyphs), truth)
    return sets


def stranger_sets(alphabet: str) -> dict[str, Shown]:
    """Ink that is no character of an alphabet, by kind: shapes that no training run draws, other people's letters."""
    unipen = datasets.load_unipen("eval")
    characters = unipen.of(ALPHABETS[alphabet])
    assert characters.strokes is not None
    glyphs = glyphs_from_strokes(characters.strokes)
    kinds = negative_glyphs(glyphs, characters.strokes, 1_000, seed=3, held_out=True)
    if alphabet == DIGITS.name:
        letters = unipen.of(UNLIKE_DIGITS)
        assert letters.strokes is not None
        kinds["letters"] = shown_from_strokes(letters.strokes)
    return kinds


def _from_images(name: str, load: Callable[[], Labelled], alphabet: Alphabet) -> EvaluationSet:
    data = load().of(alphabet)
    return EvaluationSet(name, Shown(glyphs_from_images(data.images)), _truth(data.labels, alphabet))


def _from_strokes(
    name: str, load: Callable[[], Labelled], alphabet: Alphabet, *, as_pictures: bool = False
) -> EvaluationSet:
    """Rendered as the canvas's strokes are; `as_pictures`, as if somebody had uploaded a picture of that."""
    data = load().of(alphabet)
    assert data.strokes is not None
    shown = shown_from_strokes(data.strokes)
    shown = Shown(shown.glyphs) if as_pictures else shown
    return EvaluationSet(name, shown, _truth(data.labels, alphabet))


def _unipen_pictures(alphabet: Alphabet) -> EvaluationSet:
    return _from_strokes(
        "UNIPEN eval, pictures", partial(datasets.load_unipen, "eval"), alphabet, as_pictures=True
    )


def _from_files(name: str, folder: str, alphabet: Alphabet) -> EvaluationSet:
    """Picture files whose name begins with the character and `_`, read as an upload is."""
    paths = [path for path in _files(folder) if path.name.split("_")[0] in alphabet]
    inks = (ink_from_image(path.read_bytes(), ImageLimits()) for path in paths)
    glyphs = glyph_pixels(np.stack([normalize(ink) for ink in inks]))
    return EvaluationSet(
        name, Shown(glyphs), _truth(np.array([path.name.split("_")[0] for path in paths]), alphabet)
    )


def _emnist_letters(part: str) -> Labelled:
    return datasets.load_emnist(part).of(LETTERS)


def _files(folder: str) -> list[Path]:
    found = sorted((datasets.data_dir() / "eval" / folder).glob("*.png"))
    if not found:
        raise datasets.DatasetRefused(f"There is no picture in DATA_DIR/eval/{folder}.")
    return found


def _truth(labels: NDArray[np.str_], alphabet: Alphabet) -> NDArray[np.intp]:
    return np.array([alphabet.index(str(label)) for label in labels], np.intp)


_SETS: Mapping[str, list[Callable[[], EvaluationSet]]] = MappingProxyType(
    {
        DIGITS.name: [
            partial(_from_images, "MNIST test", partial(datasets.load_mnist, "test"), DIGITS),
            partial(_from_images, "EMNIST digits test", partial(datasets.load_emnist, "test"), DIGITS),
            partial(_from_strokes, "UNIPEN eval", partial(datasets.load_unipen, "eval"), DIGITS),
            partial(_unipen_pictures, DIGITS),
            partial(_from_files, "Mouse digits", "mouse_digits", DIGITS),
            partial(_from_files, "Chars74K", "chars74k", DIGITS),
        ],
        LETTERS.name: [
            partial(_from_images, "EMNIST letters test", partial(datasets.load_emnist, "test"), LETTERS),
            partial(_from_strokes, "UNIPEN eval", partial(datasets.load_unipen, "eval"), LETTERS),
            partial(_unipen_pictures, LETTERS),
            partial(_from_files, "Chars74K", "chars74k", LETTERS),
        ],
        COMBINED.name: [
            partial(_from_images, "MNIST test", partial(datasets.load_mnist, "test"), COMBINED),
            partial(_from_images, "EMNIST letters test", partial(_emnist_letters, "test"), COMBINED),
            partial(_from_strokes, "UNIPEN eval", partial(datasets.load_unipen, "eval"), COMBINED),
            partial(_unipen_pictures, COMBINED),
            partial(_from_files, "Chars74K", "chars74k", COMBINED),
        ],
    }
)
