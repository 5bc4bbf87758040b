"""Fits what tells whole characters from halves and pairs: `python -m app.training.segments` writes `goodness.npz`.

On lines composed of training writers' characters, cut as serving cuts them. A segment is good when it lies where a
character was written.
"""

import argparse
import logging

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.context import glyphs_of
from app.pages.goodness import FITTED, Layers, features, forward
from app.pages.paper import ink_of_page
from app.pages.reader import find_pieces
from app.pages.segment import Segment
from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS
from app.recognition.releases import BUNDLED
from app.recognition.service import RecognitionRoom
from app.training import datasets
from app.training.corpus import split_by_writer
from app.training.lines import ComposedLine, Spacing, Writer, compose, writers_of
from app.training.recipes import HELD_OUT_WRITERS

log = logging.getLogger(__name__)

_SPACINGS = (Spacing(0.08, 0.4), Spacing(0.0, 0.2), Spacing(-0.06, 0.06), Spacing(-0.1, 0.0))
_HIDDEN, _STEPS, _BATCH = 32, 6_000, 512
_EDGE_SHARE = 0.13
"""Of the line's height: how far the sides of a good segment may lie from the character's."""


def training_writers() -> dict[str, Writer]:
    """Writers of UNIPEN whom no validation knows."""
    train, _ = split_by_writer(datasets.load_unipen("train"), max(HELD_OUT_WRITERS.values()))
    return writers_of(train, fewest=100)


def validation_writers() -> dict[str, Writer]:
    """Writers whom no network has learnt from: for choosing."""
    _, held_out = split_by_writer(datasets.load_unipen("train"), min(HELD_OUT_WRITERS.values()))
    return writers_of(held_out, fewest=40)


def random_text(writer: Writer, alphabet: str, length: int, rng: np.random.Generator) -> str | None:
    """Characters of an alphabet that this hand has written; None when it has too few."""
    known = [c for c in writer.characters if c in ALPHABETS[alphabet]]
    if len(known) < 8:
        return None
    return "".join(rng.choice(known, length))


def examples(
    room: RecognitionRoom, alphabet: str, count: int, rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Features (N, F) of the segments of `count` composed lines, and whether each is a character (N,)."""
    writers = list(training_writers().values())
    values: list[NDArray[np.float32]] = []
    good: list[NDArray[np.bool_]] = []
    while len(values) < count:
        writer = writers[int(rng.integers(len(writers)))]
        kinds = [alphabet] if alphabet != COMBINED.name else [COMBINED.name, DIGITS.name, LETTERS.name]
        text = random_text(writer, str(rng.choice(kinds)), int(rng.integers(2, 11)), rng)
        if text is None:
            continue
        line = compose(writer, text, rng, _SPACINGS[int(rng.integers(len(_SPACINGS)))])
        for pieces, segments in find_pieces(ink_of_page(Image.fromarray(255 - line.ink))):
            rows = room.recognizer(alphabet).probabilities(glyphs_of(segments))
            values.append(features(segments, pieces.line, rows))
            good.append(np.array([_is_written(s, line, pieces.line.height) for s in segments]))
    return np.concatenate(values), np.concatenate(good)


def _is_written(segment: Segment, line: ComposedLine, height: float) -> bool:
    box = segment.box
    sides = np.array([box.x, box.y, box.right, box.bottom])
    off = np.abs(np.array(line.boxes) - sides) / height
    return bool((off <= [_EDGE_SHARE, 2 * _EDGE_SHARE, _EDGE_SHARE, 2 * _EDGE_SHARE]).all(axis=1).any())


def fit(values: NDArray[np.float32], good: NDArray[np.bool_], rng: np.random.Generator) -> Layers:
    """Least log-loss by Adam (Kingma, Ba, ICLR 2015)."""
    layers = {
        "mean": values.mean(axis=0),
        "spread": values.std(axis=0) + 1e-3,
        "w1": (rng.normal(size=(values.shape[1], _HIDDEN)) * 0.3).astype(np.float32),
        "b1": np.zeros(_HIDDEN, np.float32),
        "w2": (rng.normal(size=_HIDDEN) * 0.3).astype(np.float32),
        "b2": np.zeros((), np.float32),
    }
    learnt = ("w1", "b1", "w2", "b2")
    first, second = ({name: np.zeros_like(layers[name]) for name in learnt} for _ in range(2))
    for step in range(1, _STEPS + 1):
        chosen = rng.integers(len(values), size=_BATCH)
        slopes = _slopes(layers, values[chosen], good[chosen])
        rate = 0.01 * (1 - step / _STEPS) + 1e-4
        for name in learnt:
            first[name] = 0.9 * first[name] + 0.1 * slopes[name]
            second[name] = 0.999 * second[name] + 0.001 * slopes[name] ** 2
            unbiased = first[name] / (1 - 0.9**step), second[name] / (1 - 0.999**step)
            layers[name] = (layers[name] - rate * unbiased[0] / (np.sqrt(unbiased[1]) + 1e-8)).astype(
                np.float32
            )
    return layers


def _slopes(
    layers: Layers, values: NDArray[np.float32], good: NDArray[np.bool_]
) -> dict[str, NDArray[np.float32]]:
    """Of the mean log-loss of a batch."""
    scaled = (values - layers["mean"]) / layers["spread"]
    hidden = np.maximum(scaled @ layers["w1"] + layers["b1"], 0)
    # the logistic function, for any odds
    said = 0.5 + 0.5 * np.tanh((hidden @ layers["w2"] + layers["b2"]) / 2)
    miss = (said - good) / len(good)
    back = np.outer(miss, layers["w2"]) * (hidden > 0)
    return {"w1": scaled.T @ back, "b1": back.sum(axis=0), "w2": hidden.T @ miss, "b2": miss.sum()}


def main() -> None:
    """Fit one for each glyph network and write them."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    parser = argparse.ArgumentParser(prog="python -m app.training.segments", description=__doc__)
    parser.add_argument("--lines", type=int, default=1_500)
    args = parser.parse_args()
    room = RecognitionRoom(BUNDLED)
    room.load()
    fitted: dict[str, NDArray[np.float32]] = {}
    for seed, alphabet in enumerate(ALPHABETS):
        rng = np.random.default_rng(seed)
        values, good = examples(room, alphabet, args.lines, rng)
        held_out = len(values) * 9 // 10
        layers = fit(values[:held_out], good[:held_out], rng)
        said = forward(layers, values[held_out:]) > 0
        log.info(
            "%s: %d segments, %.1f %% told right",
            alphabet,
            len(values),
            100 * (said == good[held_out:]).mean(),
        )
        fitted |= {f"{alphabet}/{name}": array for name, array in layers.items()}
    np.savez(FITTED, allow_pickle=False, **fitted)


if __name__ == "__main__":
    main()
