"""Whom the quarantine catches: honest corrections of held-out writers' mistakes, and labels that are wrong.

`DATA_DIR=… python -m tests.bench.quarantine`: the figures of doc/decisions/0017-review.md. No evaluation set is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.recognition.alphabets import ALPHABETS
from app.recognition.pictures import glyph_from_pixels
from app.recognition.recognizer import Recognizer
from app.recognition.service import RecognitionRoom
from app.samples.doubt import Candidates, is_impossible
from app.samples.opinions import SAME_INK_FROM
from app.training.corpus import split_by_writer
from app.training.datasets import Labelled, load_unipen
from app.training.glyphs import PEN_WIDTHS_PX, Glyphs, glyphs_from_strokes

HELD_OUT = {"digit": 0.1, "character": 0.06, "combined": 0.06}
"""As the recipes hold writers out: the releases have not learned from them."""
VARIANTS = {"digit": 12, "character": 4, "combined": 4}
"""Drawings made of each, with other pens and rasters, so that there are mistakes enough."""
MOST_COMPARED = 6_000


@dataclass(frozen=True)
class Drawings:
    """What an alphabet's network sees, what it says, and what is right."""

    glyphs: Glyphs
    labels: NDArray[np.str_]
    writers: NDArray[np.str_]
    candidates: Sequence[Candidates]

    @property
    def letters(self) -> NDArray[np.str_]:
        """The labels, whatever their case."""
        return np.char.lower(self.labels)


def main() -> None:
    room = RecognitionRoom(Path("nowhere"))
    room.load()
    rng = np.random.default_rng(1)
    for alphabet, share in HELD_OUT.items():
        held_out = split_by_writer(load_unipen("train").of(ALPHABETS[alphabet]), share)[1]
        drawings = drawings_of(held_out, room.recognizer(alphabet), VARIANTS[alphabet], rng)
        report_quarantine(alphabet, drawings, rng)
        report_same_ink(drawings, rng)


def drawings_of(data: Labelled, recognizer: Recognizer, variants: int, rng: np.random.Generator) -> Drawings:
    assert data.strokes is not None
    assert data.writers is not None
    number = len(data) * variants
    strokes = [each for each in data.strokes for _ in range(variants)]
    pens, rasters = rng.uniform(*PEN_WIDTHS_PX, number), rng.choice([1.0, 2.0, 4.0], number)
    glyphs = glyphs_from_strokes(strokes, pens, rasters, rng.integers(2**32, size=number))
    rows = recognizer.probabilities(glyph_from_pixels(glyphs))[:, :-1]
    best = np.argsort(-rows, axis=1, kind="stable")[:, :5]
    characters = recognizer.alphabet.characters
    candidates = [
        [(characters[i], round(float(row[i]), 4)) for i in order]
        for row, order in zip(rows, best, strict=True)
    ]
    return Drawings(glyphs, np.repeat(data.labels, variants), np.repeat(data.writers, variants), candidates)


def report_quarantine(alphabet: str, drawings: Drawings, rng: np.random.Generator) -> None:
    """Shares of honest corrections, of labels at random, and of the likeliest wrong label that are quarantined."""
    honest, random, likeliest = [], [], []
    characters = np.array(ALPHABETS[alphabet].characters)
    for label, candidates in zip(drawings.labels.tolist(), drawings.candidates, strict=True):
        if candidates[0][0].lower() != label.lower():
            honest.append(is_impossible(label, candidates))
        others = characters[np.char.lower(characters) != label.lower()]
        random.append(is_impossible(str(rng.choice(others)), candidates))
        second = next(character for character, _ in candidates if character.lower() != label.lower())
        likeliest.append(is_impossible(second, candidates))
    print(
        f"{alphabet}: {len(random)} drawings by {len(set(drawings.writers.tolist()))} writers, {len(honest)} mistakes"
    )
    for name, caught in (("honest", honest), ("random", random), ("likeliest wrong", likeliest)):
        print(f"  {name:<16} {np.mean(caught):6.1%} in quarantine")


def report_same_ink(drawings: Drawings, rng: np.random.Generator) -> None:
    """How often nearly the same ink of two writers is the same letter."""
    chosen = rng.permutation(len(drawings.labels))[:MOST_COMPARED]
    pixels = drawings.glyphs[chosen].reshape(len(chosen), -1).astype(np.float32)
    pixels /= np.linalg.norm(pixels, axis=1, keepdims=True)
    letters, writers = drawings.letters[chosen], drawings.writers[chosen]
    alike = (pixels @ pixels.T >= SAME_INK_FROM) & (writers[:, None] != writers)
    agree = (letters[:, None] == letters)[alike]
    print(f"  nearly the same ink: {len(agree) // 2} pairs, {agree.mean():.1%} the same letter")


if __name__ == "__main__":
    main()
