"""How likely a segment is one whole character, by what the glyph network said of it and how it lies.

The glyph network alone has learnt scribbles and pairs, not halves of an 8. This one has learnt from composed lines
(`app.training.segments`), in which it is known where each character begins and ends.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from app.pages.lines import Line
from app.pages.segment import Segment

FITTED = Path(__file__).parent / "goodness.npz"

_MOST_LOG_ODDS = 7.0
"""Nothing is surer than that."""

Layers = Mapping[str, NDArray[np.float32]]
"""`mean`, `spread` (F,) of the features; `w1` (F, K), `b1` (K,), `w2` (K,), `b2` ()."""


def glyph_log_share(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """(N, C + 1) → (N,): logarithm of the best character's probability; bounded below."""
    return np.asarray(np.log(rows[:, :-1].max(axis=1).clip(0.05, 1)), np.float64)


def features(segments: list[Segment], line: Line, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(N, F): of segments of one line, with what the glyph network said of them, (N, C + 1)."""
    ranked = np.sort(rows[:, :-1], axis=1)
    heard = np.log(np.stack([ranked[:, -1], ranked[:, -2], rows[:, -1], 1 - ranked[:, -1]]).clip(1e-4, 1)).T
    placed = np.array([_placed(segment, line) for segment in segments], np.float32)
    return np.concatenate([heard, placed], axis=1, dtype=np.float32)


def _placed(segment: Segment, line: Line) -> list[float]:
    box, height = segment.box, line.height
    return [
        box.width / height,
        box.height / height,
        min(box.width / max(box.height, 1), 3.0),
        min(segment.gap_before, 1.0),
        min(segment.gap_after, 1.0),
        segment.cut_before,
        segment.cut_after,
        float(segment.cut_before > 0),
        float(segment.cut_after > 0),
        segment.inner_gap,
        float(segment.end - segment.start),
        (box.y - line.box.y) / height,
        (line.box.bottom - box.bottom) / height,
    ]


def log_odds(alphabet: str, values: NDArray[np.float32]) -> NDArray[np.float64]:
    """(N, F) → (N,): logarithm of the odds that each is one whole character, by the fit for a glyph network."""
    odds = forward(_layers(alphabet), values)
    return np.asarray(odds.clip(-_MOST_LOG_ODDS, _MOST_LOG_ODDS), np.float64)


def forward(layers: Layers, values: NDArray[np.float32]) -> NDArray[np.float32]:
    """The network: one hidden layer of rectifiers."""
    scaled = (values - layers["mean"]) / layers["spread"]
    hidden = np.maximum(scaled @ layers["w1"] + layers["b1"], 0)
    return np.asarray(hidden @ layers["w2"] + layers["b2"])


@cache
def _layers(alphabet: str) -> Layers:
    with np.load(FITTED, allow_pickle=False) as arrays:
        names = [name for name in arrays if name.startswith(f"{alphabet}/")]
        return MappingProxyType({name.split("/")[1]: arrays[name] for name in names})
