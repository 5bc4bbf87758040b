"""The archive: accepted samples as one sealed `.npz`. It is how corrections reach training.

Any program that reads `.npz` reads it. The SHA-256 of all bytes before stands at the end of the file, where a ZIP has
its comment, so that a damaged archive is refused whole: training on half of one would go unnoticed.
"""

import hashlib
import io
import os
import tempfile
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import ALPHABETS
from app.recognition.normalize import GLYPH_PX
from app.recognition.strokes import Strokes

FORMAT = 1
MAX_SAMPLES = 1_000_000
MAX_BYTES = 2_000_000_000
"""Of the arrays together; a small file may claim to unpack to far more than memory holds."""

MADE_UP = "dummy"
"""The source of ink that a program made up for a demonstration; it is not learned from unless asked to."""

_SEAL_BYTES = 64
_TEXTS = {"labels": "<U1", "writers": "<U40", "predicted": "<U1", "releases": "<U64", "sources": "<U8"}
_STROKES = {"points": "<f4", "points_per_stroke": "<i4", "strokes_per_sample": "<i4"}
_TYPES = {"images": "|u1", "times": "<i8", **_TEXTS}
_ONCE = {"format", "alphabet"}


class BadArchive(Exception):
    """A file that is no archive of ours, or not the one that was written; the message says what is wrong with it."""


@dataclass(frozen=True)
class Archive:
    """Accepted samples of one alphabet; row i of every array belongs to the same sample.

    Attributes:
        alphabet: its name; every label is one of its characters.
        images: the glyphs as they were predicted, uint8 (N, 28, 28), 255 = ink.
        labels: what they are, <U1 (N,).
        writers: who wrote them, <U40 (N,): an opaque name, the same for the same person.
        predicted: what the network said, <U1 (N,).
        releases: the release that said so, <U64 (N,).
        times: when, int64 (N,), seconds since 1970 UTC.
        sources: "draw", "upload", "sheet" or `MADE_UP`, <U8 (N,).
        strokes: for each sample its strokes, or None when only the image is known.
    """

    alphabet: str
    images: NDArray[np.uint8]
    labels: NDArray[np.str_]
    writers: NDArray[np.str_]
    predicted: NDArray[np.str_]
    releases: NDArray[np.str_]
    times: NDArray[np.int64]
    sources: NDArray[np.str_]
    strokes: tuple[Strokes | None, ...]

    def __len__(self) -> int:
        return len(self.labels)

    def where(self, chosen: NDArray[Any]) -> "Archive":
        """The samples at a boolean or integer index."""
        positions = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        columns = {name: getattr(self, name)[positions] for name in _TYPES}
        return Archive(self.alphabet, **columns, strokes=tuple(self.strokes[i] for i in positions))


def write_archive(path: Path, archive: Archive) -> None:
    """Write a sealed archive, atomically: another reader finds the old file or the new one. Raises BadArchive."""
    columns = {name: _column(archive, name) for name in _TYPES}
    arrays = {"format": np.array(FORMAT), "alphabet": np.array(archive.alphabet), **columns}
    arrays |= _packed(archive.strokes)
    _check(arrays)
    if len(archive.strokes) != len(archive):
        raise BadArchive(f"{len(archive.strokes)} drawings cannot belong to {len(archive)} samples.")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    body = buffer.getvalue()[:-2] + _SEAL_BYTES.to_bytes(2, "little")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=path.suffix)
    with os.fdopen(handle, "wb") as file:
        file.write(body + _seal(body))
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)


def read_archive(path: Path) -> Archive:
    """The archive that was written to `path`. Raises BadArchive, and reads no array of it, if a bit has changed."""
    if not path.is_file():
        raise BadArchive(f"There is no archive at {path}.")
    if path.stat().st_size > MAX_BYTES:
        raise BadArchive(f"{path} is larger than an archive may be ({MAX_BYTES:,} bytes).")
    content = path.read_bytes()
    if len(content) <= _SEAL_BYTES or _seal(content[:-_SEAL_BYTES]) != content[-_SEAL_BYTES:]:
        raise BadArchive(
            f"{path} is damaged, or no archive of samples: its seal does not fit. Export it again."
        )
    try:
        arrays = _arrays(content)
        _check(arrays)
    except (BadArchive, ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise BadArchive(f"{path} is no archive of samples: {error}") from error
    columns = {name: arrays[name] for name in _TYPES}
    return Archive(str(arrays["alphabet"]), **columns, strokes=_unpacked(arrays))


def _column(archive: Archive, name: str) -> NDArray[Any]:
    """One array in the type it is stored in. Raises BadArchive when that would cut a text short."""
    given = np.asarray(getattr(archive, name))
    column = given.astype(_TYPES[name])
    if not np.array_equal(column, given):
        raise BadArchive(f"{name} do not fit into {_TYPES[name]}.")
    return column


def _seal(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()


def _arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """The arrays in a file, once it is clear that they fit into memory and hold no objects."""
    with zipfile.ZipFile(io.BytesIO(content)) as members:
        unpacked = sum(member.file_size for member in members.infolist())
    if unpacked > MAX_BYTES:
        raise BadArchive(f"it unpacks to {unpacked:,} bytes; {MAX_BYTES:,} are allowed.")
    with np.load(io.BytesIO(content), allow_pickle=False) as parts:
        return {name: parts[name] for name in parts.files}


def _check(arrays: dict[str, NDArray[Any]]) -> None:
    """Raises BadArchive unless every array is there, of its type and length, and every label in the alphabet."""
    stroke_arrays = _STROKES if "points" in arrays else {}
    if set(arrays) != _ONCE | set(_TYPES) | set(stroke_arrays):
        raise BadArchive(f"it holds the arrays {', '.join(sorted(arrays))}.")
    for name, kind in (_TYPES | stroke_arrays).items():
        if arrays[name].dtype.str != kind:
            raise BadArchive(f"{name} are {arrays[name].dtype.str}; {kind} was expected.")
    if arrays["format"].tolist() != FORMAT:
        raise BadArchive(f"its format is {arrays['format']}; this program reads format {FORMAT}.")
    _check_shapes(arrays)
    if stroke_arrays:
        _check_strokes(arrays)
    alphabet = ALPHABETS.get(str(arrays["alphabet"]))
    if alphabet is None:
        raise BadArchive(f"there is no alphabet {str(arrays['alphabet'])[:40]!r}.")
    strangers = sorted(set(arrays["labels"].tolist()) - set(alphabet.characters))
    if strangers:
        raise BadArchive(f"{strangers[:5]} are labels that the alphabet “{alphabet.name}” lacks.")


def _check_shapes(arrays: dict[str, NDArray[Any]]) -> None:
    count = len(np.atleast_1d(arrays["labels"]))
    if count > MAX_SAMPLES:
        raise BadArchive(f"it holds {count:,} samples; {MAX_SAMPLES:,} are allowed.")
    for name in _TYPES:
        expected = (count, GLYPH_PX, GLYPH_PX) if name == "images" else (count,)
        if arrays[name].shape != expected:
            raise BadArchive(f"{name} have the shape {arrays[name].shape}; {expected} was expected.")


def _check_strokes(arrays: dict[str, NDArray[Any]]) -> None:
    points, lengths, numbers = (arrays[name] for name in _STROKES)
    fits = (
        points.ndim == 2
        and points.shape[1] == 2
        and numbers.shape == arrays["labels"].shape
        and lengths.ndim == 1
        and (lengths > 0).all()
        and (numbers >= 0).all()
        and lengths.sum() == len(points)
        and numbers.sum() == len(lengths)
    )
    if not fits or not np.isfinite(points).all():
        raise BadArchive("its strokes do not belong to its samples.")


def _packed(strokes: tuple[Strokes | None, ...]) -> dict[str, NDArray[Any]]:
    """All points, points a stroke, strokes a sample (0: none known); nothing at all when no sample has any."""
    lines = [line for sample in strokes for line in sample or ()]
    if not lines:
        return {}
    return {
        "points": np.concatenate(lines).astype("<f4"),
        "points_per_stroke": np.array([len(line) for line in lines], "<i4"),
        "strokes_per_sample": np.array([len(sample or ()) for sample in strokes], "<i4"),
    }


def _unpacked(arrays: dict[str, NDArray[Any]]) -> tuple[Strokes | None, ...]:
    if "points" not in arrays:
        return (None,) * len(arrays["labels"])
    lines = np.split(arrays["points"], np.cumsum(arrays["points_per_stroke"])[:-1])
    ends = [0, *np.cumsum(arrays["strokes_per_sample"]).tolist()]
    return tuple(tuple(lines[start:end]) or None for start, end in pairwise(ends))
