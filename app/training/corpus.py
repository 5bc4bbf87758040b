"""Labelled handwriting → glyphs ready to train on, and the split of training data into train and validation.

Validation is cut out of the training data: by writer where writers are known, from the end of MNIST's training file
(its writers come in blocks), by a hash of the image in EMNIST (no writer is known). Test and evaluation data are
never split here.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet
from app.recognition.normalize import GLYPH_PX
from app.recognition.strokes import RASTER_SCALE
from app.recognition.traces import TRACE_CHANNELS
from app.training.datasets import Labelled
from app.training.glyphs import (
    PEN_WIDTHS_PX,
    Glyphs,
    Shown,
    glyphs_from_images,
    glyphs_from_uploads,
    shown_from_strokes,
)

log = logging.getLogger(__name__)

_RASTERS = (1.0, 2.0, 4.0, 4.0)
_UPLOAD_SCALES = (0.3, 1.6)
_BLURRED_SHARE, _MOST_BLUR_PX = 0.3, 1.3  # the blur for a picture of natural size
_RARITY_POWER, _MOST_REPEATED = 0.5, 4.0


@dataclass(frozen=True)
class Examples:
    """Glyphs and what each may be.

    Attributes:
        glyphs: uint8 (N, K, 28, 28); K renderings of each sample, one is drawn at random every time it is used.
        allowed: bool (N, C + 1); more than one True where the dataset does not know the case; the last column is
            for ink that is no character.
        repeats: float32 (N,); how often a sample is used in an epoch, on average.
        traces: int8 (N, K, 28, 28, 3), 0 of what is known as a picture only; None where everything is.
    """

    glyphs: NDArray[np.uint8]
    allowed: NDArray[np.bool_]
    repeats: NDArray[np.float32]
    traces: NDArray[np.int8] | None = None

    def __len__(self) -> int:
        return len(self.glyphs)

    def shown(self, rows: Any = slice(None), rendering: Any = 0) -> Shown:
        """One rendering of each of the samples at `rows`."""
        return Shown(
            self.glyphs[rows, rendering], None if self.traces is None else self.traces[rows, rendering]
        )

    @staticmethod
    def joined(parts: Sequence["Examples"]) -> "Examples":
        """All examples in one; the number of renderings must agree or be 1."""
        most = max(part.glyphs.shape[1] for part in parts)
        glyphs = [np.broadcast_to(p.glyphs, (len(p), most, GLYPH_PX, GLYPH_PX)) for p in parts]
        return Examples(
            np.concatenate(glyphs),
            np.concatenate([part.allowed for part in parts]),
            np.concatenate([part.repeats for part in parts]),
            _joined_traces(parts, most),
        )


def _joined_traces(parts: Sequence[Examples], renderings: int) -> NDArray[np.int8] | None:
    """What is no drawing takes no memory: its zeros are never written."""
    if all(part.traces is None for part in parts):
        return None
    total = sum(map(len, parts))
    traces = np.zeros((total, renderings, GLYPH_PX, GLYPH_PX, TRACE_CHANNELS), np.int8)
    start = 0
    for part in parts:
        if part.traces is not None:
            traces[start : start + len(part)] = part.traces
        start += len(part)
    return traces


def split_by_writer(data: Labelled, share: float) -> tuple[Labelled, Labelled]:
    """(train, validation), no writer in both: a writer is held out when the hash of the name falls below `share`."""
    assert data.writers is not None
    held_out = {writer for writer in np.unique(data.writers) if hash_share(str(writer).encode()) < share}
    mask = np.isin(data.writers, sorted(held_out))
    return data.where(~mask), data.where(mask)


def split_by_image(data: Labelled, share: float) -> tuple[Labelled, Labelled]:
    """(train, validation) by a hash of each image, so that equal images fall on the same side."""
    salt = b"validation"  # others pick parts of EMNIST by its images' hashes too
    mask = np.array([hash_share(salt + image.tobytes()) < share for image in data.images])
    return data.where(~mask), data.where(mask)


def split_at_end(data: Labelled, num_held_out: int) -> tuple[Labelled, Labelled]:
    """(train, validation), the last `num_held_out` held out."""
    positions = np.arange(len(data))
    return data.where(positions[:-num_held_out]), data.where(positions[-num_held_out:])


def hash_share(content: bytes) -> float:
    """Where content falls in [0, 1), by its hash: always the same, and evenly."""
    return int.from_bytes(hashlib.sha256(content).digest()[:8]) / 2**64


def examples(
    data: Labelled,
    alphabet: Alphabet,
    *,
    caseless: bool = False,
    renderings: int = 1,
    coarse: bool = False,
    repeats: float = 1.0,
    seed: int = 0,
) -> Examples:
    """Normalise a dataset, `renderings` times.

    A label that the alphabet lacks makes ink that is no character of it. Strokes are varied and rendered with another
    pen each time, now and then on a raster as small as a tiny drawing program's; a single rendering is not varied, and
    on such a raster only when `coarse`.
    Images are taken as they are the first time, then as uploads of other sizes, some of them blurred.
    """
    allowed = np.zeros((len(data), alphabet.num_outputs), bool)
    for row, label in enumerate(data.labels):
        for character in {label, label.swapcase()} if caseless else {label}:
            allowed[row, alphabet.index(character) if character in alphabet else -1] = True
    rng = np.random.default_rng(seed)
    if data.strokes is None:
        shown = Shown(_renderings_of_images(data.images, renderings, rng))
    else:
        rasters = _RASTERS if coarse or renderings > 1 else (float(RASTER_SCALE),)
        shown = _renderings_of_strokes(data, renderings, rasters, rng)
    log.info("%s: %d samples, %d rendering(s)", data.name, *shown.glyphs.shape[:2])
    return Examples(shown.glyphs, allowed, np.full(len(data), repeats, np.float32), shown.traces)


def negatives(shown: Shown, alphabet: Alphabet, renderings: int = 1) -> Examples:
    """N glyphs that are no character; `renderings` of them become one example, so as not to tire of them."""
    count = len(shown.glyphs) // renderings
    allowed = np.zeros((count, alphabet.num_outputs), bool)
    allowed[:, -1] = True
    grouped = _grouped(shown.where(slice(count * renderings)), renderings)
    return Examples(grouped.glyphs, allowed, np.ones(count, np.float32), grouped.traces)


def _renderings_of_images(images: Glyphs, renderings: int, rng: np.random.Generator) -> Glyphs:
    """(N, K, 28, 28)."""
    uploads = []
    for _ in range(renderings - 1):
        smallest, largest = np.log(_UPLOAD_SCALES)
        scales = np.exp(rng.uniform(smallest, largest, len(images)))
        blurs = rng.uniform(0, _MOST_BLUR_PX, len(images)) * (rng.random(len(images)) < _BLURRED_SHARE)
        uploads.append(glyphs_from_uploads(images, scales, blurs * scales))
    return np.stack([glyphs_from_images(images), *uploads], axis=1)


def _renderings_of_strokes(
    data: Labelled, renderings: int, rasters: tuple[float, ...], rng: np.random.Generator
) -> Shown:
    """Glyphs (N, K, 28, 28), traces (N, K, 28, 28, 3)."""
    assert data.strokes is not None
    widths = rng.uniform(*PEN_WIDTHS_PX, (len(data), renderings)).ravel()
    scales = rng.choice(rasters, len(widths))
    seeds = rng.integers(2**32, size=len(widths)) if renderings > 1 else None
    strokes = [s for s in data.strokes for _ in range(renderings)]
    return _grouped(shown_from_strokes(strokes, widths, scales, seeds), renderings)


def _grouped(shown: Shown, renderings: int) -> Shown:
    """N K glyphs as (N, K, 28, 28), traces as (N, K, 28, 28, 3)."""
    glyphs = shown.glyphs.reshape(-1, renderings, *shown.glyphs.shape[1:])
    if shown.traces is None:
        return Shown(glyphs)
    return Shown(glyphs, shown.traces.reshape(-1, renderings, *shown.traces.shape[1:]))


def balanced(data: Examples) -> Examples:
    """Use rare characters more often: repeats × (mean count ÷ count of the character) ** ½, at most × 4.

    A sample of unknown case counts half for each of its characters.
    """
    shares = data.allowed / data.allowed.sum(axis=1, keepdims=True)
    counts = (shares * data.repeats[:, None]).sum(axis=0)
    factor = np.minimum((counts[counts > 0].mean() / np.maximum(counts, 1)) ** _RARITY_POWER, _MOST_REPEATED)
    return replace(data, repeats=(data.repeats * (shares @ factor)).astype(np.float32))
