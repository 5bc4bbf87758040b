"""A sample as a row of the spreadsheet, and back."""

import base64
import binascii
import io

import numpy as np
from PIL import Image

from app.cells import guarded
from app.recognition.normalize import GLYPH_PX, Ink
from app.recognition.pictures import pixels_from_bytes, png_base64
from app.samples.tables import Sample

HEADER = (
    "key",
    "picture (28×28 PNG, base64)",
    "predicted",
    "confidence",
    "label",
    "alphabet",
    "release",
    "time (UTC)",
)
KEY, PICTURE, LABEL = 0, 1, 4
MAX_CELL = 50_000
"""Characters that Google takes in one cell."""

Cell = str | float


class UnfitCell(Exception):
    """This can be no row of the spreadsheet, or none of ours; the message says why."""


def row_of(sample: Sample) -> list[Cell]:
    """The cells of `sample`, in the order of HEADER. Raises UnfitCell."""
    row: list[Cell] = [
        guarded(sample.id),
        picture_cell(sample.glyph),
        guarded(sample.predicted),
        round(sample.confidence, 4),
        guarded(sample.label),
        guarded(sample.alphabet),
        guarded(sample.release),
        sample.created_at.isoformat(timespec="seconds"),
    ]
    for name, cell in zip(HEADER, row, strict=True):
        if isinstance(cell, str) and len(cell) > MAX_CELL:
            raise UnfitCell(f"The cell “{name}” has {len(cell):,} characters; Google takes {MAX_CELL:,}.")
    return row


def ink_of(cell: str) -> Ink:
    """The ink (28, 28) of a cell with a picture, also of a `data:` URL. Raises UnfitCell."""
    try:
        file = io.BytesIO(base64.b64decode(cell.strip().rpartition(",")[2], validate=True))
        with Image.open(file, formats=["PNG"]) as image:
            if image.size != (GLYPH_PX, GLYPH_PX):
                raise UnfitCell(f"The picture is {image.width}×{image.height}, not {GLYPH_PX}×{GLYPH_PX}.")
            on_white = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image.convert("RGBA"))
    except (binascii.Error, ValueError, OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnfitCell("The picture is no PNG in base64.") from error
    return 255 - np.asarray(on_white.convert("L"))


def picture_cell(glyph: bytes) -> str:
    """784 bytes of a glyph as a PNG, dark on white, in base64. Raises UnfitCell."""
    if len(glyph) != GLYPH_PX**2:
        raise UnfitCell(f"The picture has {len(glyph):,} bytes instead of {GLYPH_PX**2}.")
    return png_base64(pixels_from_bytes(glyph))
