"""Augmentation: pure functions of (ink, rng). The label always stays true; tests hold them to it.

`images` are float32 (N, 28, 28) in [0, 1]; so is what comes back. `inputs` are float32 (N, 28, 28, C): images, and
their traces where C is more than 1. The same rng state gives the same result.
"""

import numpy as np
from numpy.typing import NDArray

from app.recognition.strokes import Strokes

Images = NDArray[np.float32]
Inputs = NDArray[np.float32]

_SIDE = 28
_GRID_Y, _GRID_X = (axis.ravel().astype(np.float32) for axis in np.mgrid[0:_SIDE, 0:_SIDE])
_ELASTIC_NODES = 5
_ODD_SHARE = 0.15
_BEND, _BEND_NODES = 0.03, 4
"""Of a drawing: by how much of its extent it is bent at so many places along each side."""


def vary_strokes(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """As another hand might have drawn it: turned (±20°), slanted, stretched, bent, its strokes placed otherwise.

    Then the hand may tremble and the tablet skip points, or smooth them.
    """
    angle, slant, stretch = np.clip(rng.normal(0, (0.1, 0.2, 0.16)), -0.4, 0.4)  # the angle in radians
    angle = np.clip(angle, -0.35, 0.35)
    matrix = _turned(angle) @ [[np.exp(stretch), 0], [slant, 1]]
    everything = np.concatenate(strokes).astype(np.float64)
    corner, extent = everything.min(axis=0), float(np.ptp(everything, axis=0).max())
    nodes = rng.normal(0, _BEND * extent, (_BEND_NODES, _BEND_NODES, 2))
    tremble = rng.uniform(0, 0.008) * extent
    manner = rng.choice(("as it is", "skipping", "smooth"))
    varied = []
    for stroke in strokes:
        points = stroke.astype(np.float64)
        if manner == "skipping" and len(points) > 6:
            points = np.concatenate([points[:-1:2], points[-1:]])
        if manner == "smooth" and len(points) > 4:
            points[1:-1] = (points[:-2] + points[1:-1] + points[2:]) / 3
        points = points + _between(nodes, (points - corner) / max(extent, 1e-9))
        if len(strokes) > 1:
            points = _placed_otherwise(points, extent, rng)
        points = points @ matrix + rng.normal(0, tremble, points.shape)
        varied.append(points.astype(np.float32))
    return tuple(varied)


def _placed_otherwise(
    points: NDArray[np.float64], extent: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """One stroke of several, moved, turned and scaled a little beside the others."""
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    own = np.exp(rng.normal(0, 0.06)) * _turned(rng.normal(0, 0.05))
    moved: NDArray[np.float64] = (points - middle) @ own + middle + rng.normal(0, 0.025 * extent, 2)
    return moved


def _turned(angle: float) -> NDArray[np.float64]:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, sin], [-sin, cos]])


def _between(nodes: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bilinear interpolation of `nodes` (K, K, 2) at `places` (N, 2), x and y in [0, 1]: (N, 2)."""
    last = len(nodes) - 1
    scaled = (places * last).clip(0, last - 1e-9)
    column, row = scaled.astype(np.intp).T
    fx, fy = (scaled % 1).T[..., None]
    top = nodes[row, column] * (1 - fx) + nodes[row, column + 1] * fx
    bottom = nodes[row + 1, column] * (1 - fx) + nodes[row + 1, column + 1] * fx
    interpolated: NDArray[np.float64] = top * (1 - fy) + bottom * fy
    return interpolated


def vary_order(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    """Now and then, draw the strokes in any order, some of them backwards: the same ink by an odd hand."""
    if rng.random() >= _ODD_SHARE:
        return strokes
    order = rng.permutation(len(strokes))
    return tuple(strokes[i] if rng.random() < 0.5 else strokes[i][::-1] for i in order)


def augment(
    inputs: Inputs,
    rng: np.random.Generator,
    wide_turns: float = 0.0,
    strength: tuple[float, float] = (1.0, 1.0),
) -> Inputs:
    """Everything below, as training applies it; a trace goes where its glyph goes."""
    moved = warp(inputs, rng, wide_turns, strength)
    moved[..., 0] = vary_contrast(vary_stroke_width(moved[..., 0], rng), rng)
    return moved


def warp(
    inputs: Inputs,
    rng: np.random.Generator,
    wide_turns: float = 0.0,
    strength: tuple[float, float] = (1.0, 1.0),
) -> Inputs:
    """Turn (±18°), slant, stretch, shift (±2 px) and bend each image a little, in one bilinear resampling.

    Each by as much as is drawn for it between the two of `strength`, but for the shift. A share of `wide_turns` of
    them is turned by anything up to ±35°.
    """
    n = len(inputs)
    strong = rng.uniform(*strength, n)
    angle = (strong * rng.normal(0, np.radians(6), n)).clip(-np.radians(18), np.radians(18))
    wide = rng.random(n) < wide_turns
    angle[wide] = rng.uniform(-np.radians(35), np.radians(35), np.count_nonzero(wide))
    slant = (strong * rng.normal(0, 0.14, n)).clip(-0.4, 0.4)
    scale_x, scale_y = np.exp((strong * rng.normal(0, 0.09, (2, n))).clip(-0.3, 0.3))
    cos, sin = np.cos(angle), np.sin(angle)
    matrix = np.empty((n, 2, 2), np.float32)  # rows: source y, source x; columns: from y, from x
    matrix[:, 0, 0], matrix[:, 0, 1] = cos / scale_y, sin / scale_y
    matrix[:, 1, 0], matrix[:, 1, 1] = (slant - sin) / scale_x, cos / scale_x
    centre = (_SIDE - 1) / 2
    target = np.stack([_GRID_Y - centre, _GRID_X - centre])
    shift = rng.normal(0, 0.8, (n, 2, 1)).clip(-2, 2).astype(np.float32)
    source = matrix @ target + centre + shift + strong[:, None, None].astype(np.float32) * _bend(n, rng)
    moved = np.zeros_like(inputs)
    moved[..., :1] = _sample(inputs[..., :1], source[:, 0], source[:, 1])
    drawn = inputs[..., 1:].any(axis=(1, 2, 3))
    if drawn.any():
        moved[drawn, ..., 1:] = _sample(inputs[drawn, ..., 1:], source[drawn, 0], source[drawn, 1])
    return moved


def vary_stroke_width(images: Images, rng: np.random.Generator) -> Images:
    """Make strokes up to about a pixel thinner or thicker, by blending with the eroded or dilated image."""
    amount = rng.uniform(-0.6, 1.0, len(images)).astype(np.float32)
    out = images.copy()
    for chosen, extreme, side in ((amount < 0, np.minimum, -1), (amount > 0, np.maximum, 1)):
        part = images[chosen]
        padded = np.pad(part, ((0, 0), (1, 1), (1, 1)))
        vertical = extreme(padded[:, :-2, 1:-1], padded[:, 2:, 1:-1])
        horizontal = extreme(padded[:, 1:-1, :-2], padded[:, 1:-1, 2:])
        neighbours = extreme(extreme(vertical, horizontal), part)
        out[chosen] = part + side * amount[chosen, None, None] * (neighbours - part)
    return out


def vary_contrast(images: Images, rng: np.random.Generator) -> Images:
    """Change how soft the edges are (gamma) and how dark the ink is."""
    n = len(images)
    gamma = np.exp(rng.normal(0, 0.25, n)).astype(np.float32)[:, None, None]
    gain = rng.uniform(0.8, 1.15, n).astype(np.float32)[:, None, None]
    return np.asarray(np.minimum(images.clip(0, 1) ** gamma * gain, 1), np.float32)


def _bend(n: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A smooth random displacement (n, 2, 784) in pixels: Simard, Steinkraus, Platt, "Best Practices" (ICDAR 2003)."""
    nodes = rng.normal(0, 0.7, (n, 2, _ELASTIC_NODES, _ELASTIC_NODES)).astype(np.float32)
    spread = _interpolation()
    bent = spread @ nodes @ spread.T
    return np.asarray(bent.reshape(n, 2, _SIDE * _SIDE), np.float32)


def _interpolation() -> NDArray[np.float32]:
    """(28, nodes): linear interpolation from the nodes to the pixels of one axis."""
    position = np.linspace(0, _ELASTIC_NODES - 1, _SIDE)
    weights = np.maximum(0, 1 - np.abs(position[:, None] - np.arange(_ELASTIC_NODES)))
    return np.asarray(weights, np.float32)


def _sample(inputs: Inputs, y: NDArray[np.float32], x: NDArray[np.float32]) -> Inputs:
    """Bilinear sampling at (y, x), each (N, 784); outside is paper."""
    n, channels = len(inputs), inputs.shape[-1]
    padded = np.zeros((n, _SIDE + 2, _SIDE + 2, channels), np.float32)
    padded[:, 1:-1, 1:-1] = inputs
    flat = padded.reshape(-1, channels)
    width = _SIDE + 2
    y, x = (y + 1).clip(0, width - 1.001), (x + 1).clip(0, width - 1.001)
    row, column = y.astype(np.int32), x.astype(np.int32)
    fy, fx = (y - row.astype(np.float32))[..., None], (x - column.astype(np.float32))[..., None]
    corner = (np.arange(n, dtype=np.int32) * width * width)[:, None] + row * width + column
    top = flat[corner] * (1 - fx) + flat[corner + 1] * fx
    bottom = flat[corner + width] * (1 - fx) + flat[corner + width + 1] * fx
    sampled: Inputs = (top * (1 - fy) + bottom * fy).reshape(n, _SIDE, _SIDE, channels)
    return sampled
