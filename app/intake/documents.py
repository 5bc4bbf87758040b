"""Bytes → pages: what one upload holds, each page as a picture that app/recognition/image.py opens."""

import io
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from PIL import Image

from app.intake.errors import DocumentTooLarge
from app.intake.pdf import PageSize, rendered
from app.recognition.errors import UnsupportedImage
from app.recognition.image import ImageLimits

Kind = Literal["image", "pdf"]

PAGE_PIXELS = 8_000_000
"""A page is drawn at `pdf.DPI`, but no larger than this: A4 then has 3.9 million pixels, A3 twice that."""

_PDF_HEAD_BYTES = 1024
"""Where readers look for the mark of a PDF (PDF 1.7, annex H, note 13)."""

_BMP_HEAD_BYTES = 4096
"""More than the header and the palette of a BMP take."""


@dataclass(frozen=True)
class DocumentLimits:
    """Bounds of one upload; 0 pages: any number."""

    image: ImageLimits = field(default_factory=ImageLimits)
    max_pages: int = 50

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "DocumentLimits":
        return cls(ImageLimits.from_settings(settings), settings["MAX_PAGES"])

    @property
    def page(self) -> PageSize:
        """How large a page is drawn: its picture passes the limits of an uploaded one."""
        image = self.image
        bounds = (image.max_pixels, (image.max_bytes - _BMP_HEAD_BYTES) * 9 // 10 if image.max_bytes else 0)
        return PageSize(
            max_pixels=min([PAGE_PIXELS, *filter(None, bounds)]), max_side=image.max_side or PAGE_PIXELS
        )


@dataclass(frozen=True)
class PageImage:
    """One page: the bytes of a picture, which number it has (from 1), and of how many."""

    data: bytes
    number: int
    num_pages: int


def kind_of(data: bytes) -> Kind | None:
    """What the bytes say they are, whatever they are called; None: nothing we read."""
    is_image = data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM"))
    if is_image or (data.startswith(b"RIFF") and data[8:12] == b"WEBP"):
        return "image"
    return "pdf" if b"%PDF-" in data[:_PDF_HEAD_BYTES] else None


def pages_of(data: bytes, limits: DocumentLimits) -> Generator[PageImage, None, None]:
    """The pages of an image (its own bytes, one page) or of a PDF, each drawn when it is asked for.

    Nothing is checked before the first page is asked for. An iterator that is not used up should be closed
    (`contextlib.closing`), so that a PDF's renderer ends at once. An image is not decoded here.

    Raises:
        UnsupportedImage, DocumentTooLarge, TooManyPages, EncryptedDocument, UnreadableDocument, TooBusy.
    """
    if kind_of(data) == "image":
        yield PageImage(data, 1, 1)
    elif kind_of(data) == "pdf":
        yield from _pdf_pages(data, limits)
    else:
        raise UnsupportedImage("This is no image or document we read. Use PNG, JPEG, WebP, GIF, BMP or PDF.")


def _pdf_pages(data: bytes, limits: DocumentLimits) -> Iterator[PageImage]:
    max_bytes = limits.image.max_bytes
    if max_bytes and len(data) > max_bytes:
        raise DocumentTooLarge(
            "The document has %(count)s bytes; %(most)s are allowed. Send fewer pages at once.",
            count=f"{len(data):,}",
            most=f"{max_bytes:,}",
        )
    for number, page in enumerate(rendered(data, limits.page, limits.max_pages), 1):
        yield PageImage(_bmp(page.gray), number, page.num_pages)


def _bmp(gray: Image.Image) -> bytes:
    """A picture as a file, without spending time on making it small."""
    file = io.BytesIO()
    gray.save(file, "BMP")
    return file.getvalue()
