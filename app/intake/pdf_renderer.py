"""A program, not a module: draws the pages of the PDF on its standard input, for app/intake/pdf.py.

`pdf_renderer.py DPI MAX_PIXELS MAX_SIDE MAX_PAGES` writes a line `{"pages": 2}`, then for each page a line
`{"width": 1654, "height": 2339, "stride": 1656}` and its gray pixels; `{"error": …}` is the last line of all.
It imports nothing of ours, so that it starts in 0.1 s. What it writes waits in the pipe until somebody reads it.
"""

import json
import math
import resource
import sys
from typing import Any, NoReturn

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from pypdfium2 import raw

MAX_CPU_S = 60
MAX_MEMORY_BYTES = 512 * 2**20
MAX_SIDE_POINTS = 14_400
"""200 inches, the largest page there is (PDF 1.7, annex C)."""


def main() -> None:
    """Draw every page, or say what is wrong."""
    dpi, max_pixels, max_side, max_pages = map(int, sys.argv[1:5])
    _limit_ourselves()
    document = _open(sys.stdin.buffer.read())
    num_pages = len(document)
    if max_pages and num_pages > max_pages:
        _stop(error="pages", pages=num_pages, max_pages=max_pages)
    _say(pages=num_pages)
    for index in range(num_pages):
        try:
            _draw(document, index, dpi / 72, max_pixels, max_side)
        except pdfium.PdfiumError:
            _stop(error="page", page=index + 1)


def _limit_ourselves() -> None:
    """What is beyond these ends this process and nothing else."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _open(data: bytes) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        is_locked = error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        _stop(error="encrypted" if is_locked else "damaged")
    document.init_forms()  # what was typed into a form's fields is drawn too
    return document


def _draw(document: pdfium.PdfDocument, index: int, scale: float, max_pixels: int, max_side: int) -> None:
    """Write one page, scaled down where it would have too many pixels."""
    page = document[index]
    width, height = page.get_size()
    if not (0 < width <= MAX_SIDE_POINTS and 0 < height <= MAX_SIDE_POINTS):
        _stop(error="size", page=index + 1)
    scale = min(scale, _largest_scale(width, height, max_pixels), (max_side - 1) / max(width, height))
    bitmap = page.render(scale=scale, grayscale=True, limit_image_cache=True)
    _say(width=bitmap.width, height=bitmap.height, stride=bitmap.stride)
    sys.stdout.buffer.write(bitmap.buffer)
    sys.stdout.buffer.flush()
    bitmap.close()
    page.close()


def _largest_scale(width: float, height: float, max_pixels: int) -> float:
    """The scale at which a page has `max_pixels`, each side rounded up: (w s + 1)(h s + 1) = max_pixels."""
    area, sides = width * height, width + height
    return (math.sqrt(sides**2 + 4 * area * (max_pixels - 1)) - sides) / (2 * area)


def _say(**facts: Any) -> None:
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n")
    sys.stdout.buffer.flush()


def _stop(**facts: Any) -> NoReturn:
    _say(**facts)
    sys.exit()


if __name__ == "__main__":
    main()
