"""A PDF's pages, drawn by a process of its own: pdfium is C++ that reads strangers' files, and one thread at a time."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from PIL import Image

from app.errors import AppError
from app.intake.errors import EncryptedDocument, TooBusy, TooManyPages, UnreadableDocument

RENDERER = Path(__file__).with_name("pdf_renderer.py")
DPI = 200
PAGE_TIMEOUT_S = 10
"""For one page, and for opening the document. A page of a scanner takes 0.1 s."""

MAX_RENDERERS = 2
"""Processes at once, for each worker of the server."""

WAIT_S = 20
"""How long a document waits for one of them."""

_HEAD_MAX_BYTES = 1000
_renderers = threading.BoundedSemaphore(MAX_RENDERERS)


@dataclass(frozen=True)
class PageSize:
    """How a page is drawn: at `DPI`, or coarser where it would not fit the bounds."""

    max_pixels: int
    max_side: int


@dataclass(frozen=True)
class RenderedPage:
    """A page as paper shows it, upright by the document's own word; `gray` in mode L."""

    gray: Image.Image
    num_pages: int


def rendered(data: bytes, size: PageSize, max_pages: int) -> Iterator[RenderedPage]:
    """Every page in order, one in memory at a time.

    Raises EncryptedDocument, TooManyPages, UnreadableDocument, TooBusy.
    """
    with _renderer(size, max_pages) as renderer:
        renderer.send(data)
        num_pages = int(renderer.head()["pages"])
        for _ in range(num_pages):
            yield RenderedPage(renderer.page(), num_pages)


class _Renderer:
    """What another process says about a document: a line of JSON each, and after it a page's pixels."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._is_late = process, False

    def send(self, data: bytes) -> None:
        """Hand over the document."""
        with self._in_time(), suppress(BrokenPipeError), self._stream(self._process.stdin) as stdin:
            stdin.write(data)

    def head(self) -> dict[str, Any]:
        """The next line. Raises what it says is wrong."""
        with self._in_time():
            line = self._stream(self._process.stdout).readline(_HEAD_MAX_BYTES)
        if not line:
            raise self._silence()
        head: dict[str, Any] = json.loads(line)
        if "error" in head:
            raise _trouble(head)
        return head

    def page(self) -> Image.Image:
        """The next page, uint8 gray."""
        head = self.head()
        width, height, stride = head["width"], head["height"], head["stride"]
        with self._in_time():
            pixels = self._stream(self._process.stdout).read(stride * height)
        if len(pixels) != stride * height:
            raise self._silence()
        return Image.frombuffer("L", (width, height), pixels, "raw", "L", stride, 1)

    @contextmanager
    def _in_time(self) -> Iterator[None]:
        """End the process if it does not get on: whoever reads from it then reads its end."""
        timer = threading.Timer(PAGE_TIMEOUT_S, self._give_up)
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _give_up(self) -> None:
        self._is_late = True
        self._process.kill()

    def _silence(self) -> UnreadableDocument:
        """Why a process ends without a word: its time or its memory was up, or pdfium crashed."""
        if self._is_late:
            return UnreadableDocument(
                "A page of this PDF takes too long to draw. Send a photo of it instead."
            )
        return UnreadableDocument("This PDF is damaged or too complicated. Send its pages as images instead.")

    @staticmethod
    def _stream(stream: IO[bytes] | None) -> IO[bytes]:
        assert stream is not None
        return stream


@contextmanager
def _renderer(size: PageSize, max_pages: int) -> Iterator[_Renderer]:
    """One of the few processes; it ends with the block. It is told no secret and writes no file."""
    if not _renderers.acquire(timeout=WAIT_S):
        raise TooBusy("Many documents are being opened just now. Try again in a minute.")
    try:
        command = [sys.executable, "-I", str(RENDERER), *map(str, (DPI, size.max_pixels, size.max_side))]
        environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
        with subprocess.Popen(  # noqa: S603 - our own file, with three numbers
            [*command, str(max_pages)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        ) as process:
            try:
                yield _Renderer(process)
            finally:
                process.kill()
    finally:
        _renderers.release()


def _trouble(head: dict[str, Any]) -> AppError:
    """What the other process found, in words."""
    match head["error"]:
        case "encrypted":
            return EncryptedDocument("This PDF is locked by a password. Save it without one and try again.")
        case "pages":
            return TooManyPages(
                "The document has %(count)s pages; %(most)s are read at once. Send a part of it.",
                count=f"{head['pages']:,}",
                most=f"{head['max_pages']:,}",
            )
        case "size":
            return UnreadableDocument(
                "Page %(page)s claims to be larger than 5 metres. Print it to a PDF of a usual size.",
                page=head["page"],
            )
        case "page":
            return UnreadableDocument(
                "Page %(page)s of this PDF is damaged. Save it again, or send images.", page=head["page"]
            )
        case _:
            return UnreadableDocument("This PDF is damaged. Save it again, or send its pages as images.")
