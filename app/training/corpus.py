"""Labelled handwriting → glyphs ready to train on, and the split of training data into train and validation.

Validation is cut out of the training data: by writer where writers are known, from the end of MNIST's training file
(its writers come in blocks), by a hash of the image in EMNIST (no writer is known). Test and evaluation data never
come near this module's callers in `fit`.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.normalize import GLYPH_PX, normalize
from app.recognition.strokes import PEN_WIDTH_PX, Strokes, ink_from_strokes
from app.training.datasets import Labelled

log = logging.getLogger(__name__)

Glyphs = NDArray[np.uint8]
"""(N, 28, 28); what `normalize` returns, times 255."""

T = TypeVar("T")

_CHUNK = 2_000
_PEN_WIDTHS_PX = (1.2, 3.8)


@dataclass(frozen=True)
class Examples:
    """Glyphs and what each may be.

    Attributes:
        glyphs: uint8 (N, K, 28, 28); K renderings of each sample, one is drawn at random every time it is used.
        allowed: bool (N, C); more than one True where the dataset does not know the case.
        repeats: float32 (N,); how often a sample is used in an epoch, on average.
    """

    glyphs: NDArray[np.uint8]
    allowed: NDArray[np.bool_]
    repeats: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.glyphs)

    @staticmethod
    def joined(parts: Sequence["Examples"]) -> "Examples":
        """All examples in one; the number of renderings must agree or be 1."""
        most = max(part.glyphs.shape[1] for part in parts)
        glyphs = [np.broadcast_to(p.glyphs, (len(p), most, GLYPH_PX, GLYPH_PX)) for p in parts]
        return Examples(
            np.concatenate(glyphs),
            np.concatenate([part.allowed for part in parts]),
            np.concatenate([part.repeats for part in parts]),
        )


def split_by_writer(data: Labelled, share: float) -> tuple[Labelled, Labelled]:
    """(train, validation), no writer in both: a writer is held out when the hash of the name falls below `share`."""
    assert data.writers is not None
    held_out = {writer for writer in np.unique(data.writers) if _hash_share(str(writer).encode()) < share}
    mask = np.isin(data.writers, sorted(held_out))
    return data.where(~mask), data.where(mask)


def split_by_image(data: Labelled, share: float) -> tuple[Labelled, Labelled]:
    """(train, validation) by a hash of each image, so that equal images fall on the same side."""
    salt = b"validation"  # others pick parts of EMNIST by its images' hashes too
    mask = np.array([_hash_share(salt + image.tobytes()) < share for image in data.images])
    return data.where(~mask), data.where(mask)


def split_at_end(data: Labelled, num_held_out: int) -> tuple[Labelled, Labelled]:
    """(train, validation), the last `num_held_out` held out."""
    positions = np.arange(len(data))
    return data.where(positions[:-num_held_out]), data.where(positions[-num_held_out:])


def _hash_share(content: bytes) -> float:
    return int.from_bytes(hashlib.sha256(content).digest()[:8]) / 2**64


def examples(
    data: Labelled,
    alphabet: Alphabet,
    *,
    caseless: bool = False,
    renderings: int = 1,
    repeats: float = 1.0,
    seed: int = 0,
) -> Examples:
    """Normalise a dataset; strokes, where it has them, are rendered `renderings` times, each with another pen."""
    allowed = np.zeros((len(data), len(alphabet)), bool)
    for row, label in enumerate(data.labels):
        for character in {label, label.swapcase()} if caseless else {label}:
            allowed[row, alphabet.index(character)] = True
    if data.strokes is None:
        glyphs = glyphs_from_images(data.images)[:, None]
    else:
        rng = np.random.default_rng(seed)
        widths = rng.uniform(*_PEN_WIDTHS_PX, (len(data), renderings))
        flat = glyphs_from_strokes([s for s in data.strokes for _ in range(renderings)], widths.ravel())
        glyphs = flat.reshape(len(data), renderings, GLYPH_PX, GLYPH_PX)
    log.info("%s: %d samples, %d rendering(s)", data.name, *glyphs.shape[:2])
    return Examples(glyphs, allowed, np.full(len(data), repeats, np.float32))


def balanced(data: Examples, power: float = 0.5, most: float = 4.0) -> Examples:
    """Use rare characters more often: repeats × (mean count ÷ count of the character) ** power, at most × `most`.

    A sample of unknown case counts half for each of its characters.
    """
    shares = data.allowed / data.allowed.sum(axis=1, keepdims=True)
    counts = (shares * data.repeats[:, None]).sum(axis=0)
    factor = np.minimum((counts[counts > 0].mean() / np.maximum(counts, 1)) ** power, most)
    return Examples(data.glyphs, data.allowed, (data.repeats * (shares @ factor)).astype(np.float32))


def glyphs_from_images(images: NDArray[np.uint8]) -> Glyphs:
    """Normalise images uint8 (N, H, W), on all cores."""
    return _in_chunks(_normalize_images, [images[i : i + _CHUNK] for i in range(0, len(images), _CHUNK)])


def glyphs_from_strokes(
    strokes: Sequence[Strokes], pen_widths_px: NDArray[np.float64] | None = None
) -> Glyphs:
    """Render and normalise drawings, on all cores; the served pen where no width is given."""
    widths = np.full(len(strokes), PEN_WIDTH_PX) if pen_widths_px is None else pen_widths_px
    chunks = [(strokes[i : i + _CHUNK], widths[i : i + _CHUNK]) for i in range(0, len(strokes), _CHUNK)]
    return _in_chunks(_normalize_strokes, chunks)


def _in_chunks(function: Callable[[T], Glyphs], chunks: list[T]) -> Glyphs:
    with ProcessPoolExecutor() as pool:
        return np.concatenate(list(pool.map(function, chunks)))


def _normalize_images(images: NDArray[np.uint8]) -> Glyphs:
    return _as_uint8([normalize(image) for image in images])


def _normalize_strokes(chunk: tuple[Sequence[Strokes], NDArray[np.float64]]) -> Glyphs:
    return _as_uint8([normalize(ink_from_strokes(s, float(width))) for s, width in zip(*chunk, strict=True)])


def _as_uint8(glyphs: Sequence[NDArray[np.float32]]) -> Glyphs:
    return (np.stack(glyphs)[..., 0] * 255).round().astype(np.uint8)
