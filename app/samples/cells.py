"""A sample as a row of a spreadsheet, and back; no program may take one of its cells for a formula."""

import base64
import binascii
import io
import re
import unicodedata

import numpy as np
from PIL import Image

from app.recognition.normalize import GLYPH_PX, Ink
from app.recognition.pictures import png_bytes
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

_FORMULA_STARTS = frozenset("=+-@|%")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_QUOTES = frozenset("\"'`\N{REPLACEMENT CHARACTER}")


class UnfitCell(Exception):
    """This can be no row of the spreadsheet, or none of ours; the message says why."""


def guarded(text: str) -> str:
    """`text` as a cell that stays text in Google Sheets, and in whatever opens a copy of it, or its CSV.

    What a spreadsheet could take for a formula gets an apostrophe in front (as OWASP advises, "CSV Injection"), even
    behind blanks, quotes and invisible characters, or full-width. What is no text at all, such as NUL, becomes U+FFFD.
    """
    text = _NO_TEXT.sub("\N{REPLACEMENT CHARACTER}", text)
    return f"'{text}" if text.startswith("'") or _may_be_formula(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made the cell from."""
    return cell.removeprefix("'")


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


def picture_cell(glyph: bytes) -> str:
    """784 bytes of a glyph as a PNG, dark on white, in base64. Raises UnfitCell."""
    if len(glyph) != GLYPH_PX**2:
        raise UnfitCell(f"The picture has {len(glyph):,} bytes instead of {GLYPH_PX**2}.")
    pixels = np.frombuffer(glyph, np.uint8).reshape(GLYPH_PX, GLYPH_PX)
    return base64.b64encode(png_bytes(pixels)).decode()


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


def _may_be_formula(text: str) -> bool:
    """Whether its first character that counts starts a formula somewhere."""
    for character in unicodedata.normalize("NFKC", text):
        if character not in _QUOTES and unicodedata.category(character)[0] not in "CZ":
            return character in _FORMULA_STARTS
    return False
