"""A picture of a page → the ink that a pen left on it: level, at a size that suits, without what was printed."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.pages.components import connected_components
from app.pages.grain import without_grain
from app.pages.orientation import skew_degrees
from app.pages.paper import absorbed_by_page, darker_half, ink_between, ink_range
from app.pages.rules import without_rules
from app.pages.sheet import sheet_of
from app.recognition.normalize import Ink

PAGE_SIDE_PX = 2000
"""Pages are read at this size at most: 500 characters need no more."""

INK_LEVEL = 80
"""From here on a pixel belongs to a stroke; fainter ones are its soft edge."""

_FAINT_LEVEL = 20
"""From here on a pixel may belong to a printed line."""

_SURE_LEVEL = 160
"""Where a line is printed, what a pen wrote over it has so much ink; less is what is left of the line."""

_PRINTED_QUANTILE, _DARKER = 0.95, 1.6
"""How dark printed lines are: as all of their pixels but for a twentieth. A pen so many times darker stands out."""

_STROKE_PX, _LEAST_SCALE = 5.0, 1.2
"""Pages with wider strokes are made smaller first, if they become so many times smaller."""

_FEWEST_FOR_SKEW = 4
"""Components without which there is no line whose slope could be seen."""


def handwriting(image: Image.Image, *, among_dirt: bool = False) -> tuple[Ink, float]:
    """Ink, uint8 (H, W), of a picture of any mode and size, and by how many degrees its lines fell to the right.

    Printed lines are found by their shape. Where the pen is darker than they are, ink is counted from their darkness
    on: so what the pen wrote over them stays whole, and what is left of them goes.

    With `among_dirt`, ink is only what is dark beside all that might be ink, on the sheet of paper if there is one.
    """
    gray = _gray(image)
    absorbed, least = absorbed_by_page(gray), 0.0
    if among_dirt:
        sheet = sheet_of(gray)
        if sheet is not None:
            absorbed = np.where(sheet, absorbed, 0).astype(np.uint8)
        least = darker_half(absorbed)
    ink = ink_between(absorbed, *ink_range(absorbed, least))
    scale = _stroke_scale(ink)
    ink = _scaled(ink, scale)
    skew = _page_skew(ink)
    ink = _unskewed(ink, skew)
    printed = (ink >= _FAINT_LEVEL) & (without_rules(ink, _FAINT_LEVEL) < _FAINT_LEVEL)
    if not printed.any():
        return without_rules(ink, INK_LEVEL), skew
    darkness = float(np.quantile(_unskewed(_scaled(absorbed, scale), skew)[printed], _PRINTED_QUANTILE))
    low, high = ink_range(absorbed, max(darkness, least))
    if high >= _DARKER * darkness:
        ink = _unskewed(_scaled(ink_between(absorbed, low, high), scale), skew)
    written = without_rules(ink, INK_LEVEL)
    return np.where(printed & (written < _SURE_LEVEL), 0, written).astype(np.uint8), skew


def has_sheet(image: Image.Image) -> bool:
    """Whether one sheet of paper stands out from what it lies on."""
    return sheet_of(_gray(image)) is not None


def stroke_width(mask: NDArray[np.bool_]) -> float:
    """Usual width of the strokes of a mask, in pixels: twice the area over the length of the outline."""
    padded = np.pad(mask, 1)
    inner = mask & padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    area, core = int(np.count_nonzero(mask)), int(np.count_nonzero(inner))
    return float(max(2 * area / max(area - core, 1), 1.0))


def _gray(image: Image.Image) -> Image.Image:
    """In mode L, no larger than pages are read, without grain."""
    return without_grain(_smaller(image.convert("L"), max(image.size) / PAGE_SIDE_PX))


def _stroke_scale(ink: Ink) -> float:
    """How many times wider the strokes are than need be; 1 where making them narrower is not worth the while."""
    scale = stroke_width(ink >= INK_LEVEL) / _STROKE_PX
    return scale if scale > _LEAST_SCALE else 1.0


def _scaled(pixels: NDArray[np.uint8], scale: float) -> NDArray[np.uint8]:
    return np.asarray(_smaller(Image.fromarray(pixels), scale))


def _smaller(picture: Image.Image, factor: float) -> Image.Image:
    """So many times smaller; as it is where that is once or less."""
    if factor <= 1:
        return picture
    size = (max(1, round(picture.width / factor)), max(1, round(picture.height / factor)))
    return picture.resize(size, Image.Resampling.BOX)


def _page_skew(ink: Ink) -> float:
    """The slope of the page's lines, whichever way up they are; 0 for a character or two."""
    mask = ink >= INK_LEVEL
    if len(connected_components(mask)) < _FEWEST_FOR_SKEW:
        return 0.0
    return skew_degrees(mask)


def _unskewed(pixels: NDArray[np.uint8], degrees: float) -> NDArray[np.uint8]:
    if not degrees:
        return pixels
    return np.asarray(Image.fromarray(pixels).rotate(degrees, Image.Resampling.BILINEAR))
