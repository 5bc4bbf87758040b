"""Much handwriting at once → glyphs and traces, on all cores, by the same code that serves."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from app.recognition.lighting import ink_from_gray
from app.recognition.normalize import GLYPH_PX, normalize
from app.recognition.pictures import glyph_from_pixels, glyph_pixels
from app.recognition.strokes import PEN_WIDTH_PX, RASTER_SCALE, Strokes, ink_from_strokes
from app.recognition.traces import TRACE_CHANNELS, trace_from_strokes
from app.training.augment import vary_order, vary_strokes

Glyphs = NDArray[np.uint8]
"""(N, 28, 28); what `normalize` returns, times 255."""

Traces = NDArray[np.int8]
"""(N, 28, 28, 3); what `trace_from_strokes` returns, times 127."""


class Shown(NamedTuple):
    """What networks are shown: glyphs (N, 28, 28), and how they were drawn, if any of them was."""

    glyphs: Glyphs
    traces: Traces | None = None

    def where(self, rows: Any) -> "Shown":
        """The glyphs at `rows`, a slice, positions or a mask."""
        return Shown(self.glyphs[rows], None if self.traces is None else self.traces[rows])

    def inputs(self) -> NDArray[np.float32]:
        """float32 (N, 28, 28, 4), or (N, 28, 28, 1) where nothing was drawn."""
        glyphs = glyph_from_pixels(self.glyphs)
        if self.traces is None:
            return glyphs
        return np.concatenate([glyphs, self.traces * np.float32(1 / 127)], axis=-1)


PEN_WIDTHS_PX = (1.2, 3.8)
"""The pens that training draws with, from the thinnest to the thickest, in pixels of the glyph box."""

T = TypeVar("T")

_CHUNK = 1_000


def glyphs_from_images(images: NDArray[np.uint8]) -> Glyphs:
    """Normalise ink, uint8 (N, H, W)."""
    return on_all_cores(_normalize_images, [images[i : i + _CHUNK] for i in range(0, len(images), _CHUNK)])


def glyphs_from_uploads(
    images: NDArray[np.uint8], scales: NDArray[np.float64], blurs: NDArray[np.float64]
) -> Glyphs:
    """Read ink, uint8 (N, H, W), as if it were uploaded: dark on white paper.

    It is made `scales` (N,) times as large, then blurred by a Gaussian of `blurs` (N,) pixels.
    """
    return on_all_cores(_read_uploads, _chunked(images, scales, blurs))


def shown_from_strokes(
    strokes: Sequence[Strokes],
    pen_widths_px: NDArray[np.float64] | None = None,
    raster_scales: NDArray[np.float64] | None = None,
    seeds: NDArray[np.int64] | None = None,
) -> Shown:
    """Render and normalise drawings, varied where `seeds` are given; with their traces.

    Pens, rasters and seeds are (N,); the pen and the raster that serve where none are given.
    """
    pens = np.full(len(strokes), PEN_WIDTH_PX) if pen_widths_px is None else pen_widths_px
    scales = np.full(len(strokes), RASTER_SCALE) if raster_scales is None else raster_scales
    varied = [None] * len(strokes) if seeds is None else seeds.tolist()
    both = on_all_cores(_show_strokes, _chunked(strokes, pens, scales, varied))
    return Shown(both[..., 0], both[..., 1:].view(np.int8))


def glyphs_from_strokes(
    strokes: Sequence[Strokes],
    pen_widths_px: NDArray[np.float64] | None = None,
    raster_scales: NDArray[np.float64] | None = None,
    seeds: NDArray[np.int64] | None = None,
) -> Glyphs:
    """The glyphs alone of `shown_from_strokes`: drawings as if somebody had uploaded a picture of them."""
    return shown_from_strokes(strokes, pen_widths_px, raster_scales, seeds).glyphs


def on_paper(
    ink: NDArray[np.uint8], *, scale: float = 1.0, shift: tuple[int, int] = (0, 0), turn: float = 0
) -> Image.Image:
    """Ink (28, 28) as a picture, dark on white, three times the side: turned (°), scaled, then shifted (px)."""
    picture = Image.fromarray(ink)
    if turn:
        picture = picture.rotate(turn, Image.Resampling.BICUBIC, expand=True)
    side = round(picture.width * scale)
    picture = picture.resize((side, side), Image.Resampling.BICUBIC)
    paper = Image.new("L", (3 * ink.shape[1], 3 * ink.shape[0]))
    corner = (paper.width - side) // 2
    paper.paste(picture, (corner + shift[0], corner + shift[1]))
    return ImageOps.invert(paper)


def _chunked(*columns: Any) -> list[Any]:
    return [tuple(c[i : i + _CHUNK] for c in columns) for i in range(0, len(columns[0]), _CHUNK)]


def on_all_cores(function: Callable[[T], Glyphs], chunks: list[T]) -> Glyphs:
    """Apply `function`, which must be importable by name, to every chunk, and join what it returns."""
    if len(chunks) == 1:
        return function(chunks[0])
    return np.concatenate(list(_workers().map(function, chunks)))


@cache
def _workers() -> ProcessPoolExecutor:
    """One pool for as long as this process lives, for each new worker imports what the main module does.

    Not forked: the copy of a process in which TensorFlow runs threads can hang.
    """
    return ProcessPoolExecutor(mp_context=get_context("forkserver"))


def _normalize_images(images: NDArray[np.uint8]) -> Glyphs:
    return glyph_pixels(np.stack([normalize(image) for image in images]))


def _read_uploads(chunk: tuple[NDArray[np.uint8], NDArray[np.float64], NDArray[np.float64]]) -> Glyphs:
    pictures = (
        on_paper(ink, scale=scale).filter(ImageFilter.GaussianBlur(float(blur)))
        for ink, scale, blur in zip(*chunk, strict=True)
    )
    return glyph_pixels(np.stack([normalize(ink_from_gray(picture)) for picture in pictures]))


def _show_strokes(
    chunk: tuple[Sequence[Strokes], NDArray[np.float64], NDArray[np.float64], list[int | None]],
) -> NDArray[np.uint8]:
    """(N, 28, 28, 4): glyphs, and the bytes of their traces."""
    both = np.empty((len(chunk[0]), GLYPH_PX, GLYPH_PX, 1 + TRACE_CHANNELS), np.uint8)
    for row, strokes, pen, scale, seed in zip(both, *chunk, strict=True):
        drawn = strokes if seed is None else _varied(strokes, np.random.default_rng(seed))
        glyph = normalize(ink_from_strokes(drawn, pen, scale))
        trace = trace_from_strokes(drawn, glyph, pen)
        row[..., :1] = (glyph * 255).round()
        row[..., 1:] = (trace * 127).round().astype(np.int8).view(np.uint8)
    return both


def _varied(strokes: Strokes, rng: np.random.Generator) -> Strokes:
    return vary_order(vary_strokes(strokes, rng), rng)
