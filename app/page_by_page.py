"""An upload, read page by page: each page with its picture, upright, and what it says or why nothing was read."""

import base64
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Protocol

from PIL import Image

from app.errors import AppError
from app.intake.documents import DocumentLimits, PageImage, pages_of
from app.intake.errors import TooBusy
from app.pages.expectations import Expectation
from app.pages.handwriting import PAGE_SIDE_PX
from app.pages.readings import GlyphReading, LineReading, PageReading
from app.recognition.errors import ForPeople, NoNetwork, RecognitionError
from app.recognition.image import gray_from_image

_TURNS = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""By degrees clockwise; Pillow counts the other way round."""


class Reader(Protocol):
    """What reads a page: `pages.reader.PageReader`."""

    def read(self, image: Image.Image, expect: Expectation | None = None) -> PageReading:
        """Read one page. Raises RecognitionError."""
        ...


@dataclass(frozen=True)
class Upload:
    """A file as it came: its name, and what is in it, or why it could not be had."""

    name: str
    data: bytes
    problem: ForPeople | None = None


@dataclass(frozen=True)
class ReadPage:
    """One page of an upload.

    Attributes:
        name: of the file.
        number: from 1, of `num_pages` in the file.
        reading: what it says; None where `problem` says why nothing was read.
        picture: the page in mode L as it was read, upright; None where the file could not be opened.
    """

    name: str
    number: int
    num_pages: int
    reading: PageReading | None = None
    picture: Image.Image | None = None
    problem: ForPeople | None = None

    @property
    def glyphs(self) -> list[GlyphReading]:
        """Every character, in reading order."""
        return [glyph for line in self.reading.lines for glyph in line.glyphs] if self.reading else []


def read_upload(
    upload: Upload, reader: Reader, expect: Expectation, limits: DocumentLimits
) -> Iterator[ReadPage]:
    """Every page of an upload, one in memory at a time.

    What is wrong with a page or a file is told by a page without a reading; after a file's fault no more come.
    Raises NoNetwork, TooBusy.
    """
    number = num_pages = 1
    if upload.problem:
        yield ReadPage(upload.name, number, num_pages, problem=upload.problem)
        return
    try:
        with closing(pages_of(upload.data, limits)) as pages:
            for image in pages:
                number, num_pages = image.number, image.num_pages
                yield _read_page(upload.name, image, reader, expect, limits)
                number += 1
    except (NoNetwork, TooBusy):
        raise
    except (RecognitionError, AppError) as error:
        yield ReadPage(upload.name, number, max(number, num_pages), problem=error)


def characters_of(line: LineReading) -> list[tuple[int, str, GlyphReading | None]]:
    """Each character of a line's text: its number, itself, and its place on the page.

    A space has no place, nor has a sign that a field says without ink.
    """
    waiting, characters = list(line.glyphs), list[tuple[int, str, GlyphReading | None]]()
    for number, character in enumerate(line.text):
        is_seen = bool(waiting) and waiting[0].character == character
        characters.append((number, character, waiting.pop(0) if is_seen else None))
    return characters


def photo_url(picture: Image.Image, side: int) -> str:
    """A picture as a `data:image/jpeg` URL, its longer side at most `side` pixels."""
    small, file = picture.copy(), io.BytesIO()
    small.thumbnail((side, side))
    small.save(file, "JPEG", quality=70)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def _read_page(
    name: str, image: PageImage, reader: Reader, expect: Expectation, limits: DocumentLimits
) -> ReadPage:
    picture = gray_from_image(image.data, limits.image, PAGE_SIDE_PX)
    try:
        reading = reader.read(picture, expect)
    except NoNetwork:
        raise
    except RecognitionError as error:
        return ReadPage(name, image.number, image.num_pages, picture=picture, problem=error)
    if reading.rotation:
        picture = picture.transpose(_TURNS[reading.rotation])
    return ReadPage(name, image.number, image.num_pages, reading, picture)
