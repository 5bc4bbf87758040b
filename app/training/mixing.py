"""What people said, made ready to learn from: split into train and held out, and mixed with what is known already."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import Alphabet, alphabet_named
from app.recognition.heights import Heights
from app.recognition.normalize import GLYPH_PX
from app.recognition.pictures import glyph_from_pixels
from app.recognition.traces import TRACE_CHANNELS, trace_from_strokes
from app.samples.archive import Archive
from app.training.corpus import Examples, examples, hash_share
from app.training.datasets import Labelled
from app.training.glyphs import Shown
from app.training.recipes import CORPORA, Corpus, Sampling

HELD_OUT_PEOPLE = 0.2
"""Share of the people all of whose ink is held out."""
HELD_OUT_TIME = 0.2
"""Share of the samples, the latest, that is held out whoever wrote them."""
FEWEST_PEOPLE = 5
"""With fewer, the split is by time alone."""

REPLAYED = Sampling(share=0.15, renderings=3)
_LEAST_REPLAYED = 2.0
_MOST_REPEATS = 4.0


class CannotRetrain(Exception):
    """There is nothing to learn from, or nothing to start from; the message says what to do."""


@dataclass(frozen=True)
class Split:
    """Samples to learn from, samples to judge by, and which of these are by people never learned from."""

    train: Archive
    held_out: Archive
    by_strangers: NDArray[np.bool_]


def split(archive: Archive) -> Split:
    """Held out are all samples of a fifth of the people, and the latest fifth of all samples, whoever wrote them.

    Who is held out follows from the name and stays so from one retraining to the next. Every held-out sample is by
    somebody who is not learned from, or newer than all that is; no picture is on both sides. Raises CannotRetrain when
    there is too little.
    """
    people = np.unique(archive.writers)
    chosen = [each for each in people if hash_share(str(each).encode()) < HELD_OUT_PEOPLE]
    if len(people) < FEWEST_PEOPLE:
        chosen = []
    is_stranger = np.isin(archive.writers, chosen)
    latest = np.argsort(archive.times, kind="stable")[round((1 - HELD_OUT_TIME) * len(archive)) :]
    is_held_out = is_stranger.copy()
    is_held_out[latest] = True
    pictures = _pictures(archive)
    is_known = np.isin(pictures, pictures[is_held_out])
    train, held_out = archive.where(~is_known), archive.where(is_held_out)
    if not len(train) or not len(held_out):
        raise CannotRetrain(
            f"{len(train)} accepted samples to learn from and {len(held_out)} to judge by are too few. "
            "Review what people said, and accept what is right."
        )
    return Split(train, held_out, is_stranger[is_held_out])


def mixed(archive: Archive, heights: Heights) -> Corpus:
    """The samples among replayed training data, twice as much of it as of them, so that nothing is forgotten.

    Few samples are shown several times an epoch. Validation is that of the alphabet's corpus; `heights` are kept.
    """
    alphabet = alphabet_named(archive.alphabet)
    base = CORPORA[alphabet.name](REPLAYED)
    new = learnable(archive, alphabet)
    room = base.train.repeats.sum() / _LEAST_REPLAYED / max(len(new), 1)
    repeats = np.full(len(new), min(room, _MOST_REPEATS), np.float32)
    train = Examples.joined([base.train, replace(new, repeats=repeats)])
    return replace(base, train=train, heights=dict(heights))


def learnable(archive: Archive, alphabet: Alphabet) -> Examples:
    """Drawings are rendered anew, varied; what is known as a picture only is taken as the network saw it."""
    has_strokes = np.array([strokes is not None for strokes in archive.strokes], bool)
    parts = [_as_seen(archive.where(~has_strokes), alphabet), *_drawn(archive.where(has_strokes), alphabet)]
    return Examples.joined(parts)


def as_predicted(archive: Archive) -> Shown:
    """The samples as networks were shown them when people said what they are."""
    traces = np.zeros((len(archive), GLYPH_PX, GLYPH_PX, TRACE_CHANNELS), np.int8)
    glyphs = glyph_from_pixels(archive.images)
    for trace, glyph, strokes in zip(traces, glyphs, archive.strokes, strict=True):
        if strokes is not None:
            trace[:] = (trace_from_strokes(strokes, glyph) * 127).round()
    return Shown(archive.images, traces)


def _as_seen(archive: Archive, alphabet: Alphabet) -> Examples:
    allowed = np.zeros((len(archive), alphabet.num_outputs), bool)
    allowed[np.arange(len(archive)), [alphabet.index(str(label)) for label in archive.labels]] = True
    return Examples(archive.images[:, None], allowed, np.ones(len(archive), np.float32))


def _drawn(archive: Archive, alphabet: Alphabet) -> Iterable[Examples]:
    if not len(archive):
        return
    strokes = [each for each in archive.strokes if each is not None]
    drawings = Labelled("samples", archive.images, archive.labels, archive.writers, strokes)
    yield examples(drawings, alphabet, renderings=REPLAYED.renderings, seed=1)


def _pictures(archive: Archive) -> NDArray[np.bytes_]:
    return np.array([hashlib.sha256(image.tobytes()).digest() for image in archive.images], "S32")
