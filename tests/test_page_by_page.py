"""An upload read page by page: pictures upright, faults told, and the characters of a line at their places."""

import io

import numpy as np
import pytest
from PIL import Image

from app.intake.documents import DocumentLimits
from app.page_by_page import Upload, characters_of, photo_url, read_upload
from app.pages.components import Box
from app.pages.expectations import Expectation
from app.pages.fields import parse_expectation
from app.pages.readings import GlyphReading, LineReading, PageReading
from app.recognition.errors import NoNetwork
from tests.fake_pages import FakePages
from tests.fakes import FakeRoom
from tests.images import blank, seven
from tests.intake.pdfs import locked, scan

DIGITS = parse_expectation("digits")
LIMITS = DocumentLimits()


class Turned:
    """Says of every page how it was turned."""

    def __init__(self, rotation: int) -> None:
        self._rotation = rotation
        self.expected: Expectation | None = None

    def read(self, image: Image.Image, expect: Expectation | None = None) -> PageReading:
        self.expected = expect
        return PageReading(self._rotation, 0.0, image.size, ())


def arrow() -> bytes:
    """Wider than high, and black at its upper left."""
    pixels = np.full((20, 40), 255, np.uint8)
    pixels[:5, :5] = 0
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.mark.parametrize(
    ("rotation", "corner"), [(0, (0, 0)), (90, (-1, 0)), (180, (-1, -1)), (270, (0, -1))]
)
def test_picture_is_turned_clockwise_as_it_was_read(rotation: int, corner: tuple[int, int]) -> None:
    [page] = read_upload(Upload("a", arrow()), Turned(rotation), DIGITS, LIMITS)
    assert page.picture is not None
    x, y = corner
    assert np.asarray(page.picture)[y, x] == 0


def test_reader_is_told_what_to_expect() -> None:
    reader = Turned(0)
    list(read_upload(Upload("a", arrow()), reader, DIGITS, LIMITS))
    assert reader.expected is DIGITS


def test_every_page_of_a_document_is_read() -> None:
    pages = list(read_upload(Upload("scan.pdf", scan(3)), FakePages(FakeRoom()), DIGITS, LIMITS))
    assert [(page.number, page.num_pages, len(page.glyphs)) for page in pages] == [
        (1, 3, 1),
        (2, 3, 1),
        (3, 3, 1),
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (locked(), "encrypted_document"),
        (b"", "unsupported_image"),
        (seven()[:300], "unreadable_image"),
        (blank(), "no_ink"),
    ],
)
def test_a_fault_is_a_page_without_a_reading(data: bytes, code: str) -> None:
    [page] = read_upload(Upload("a", data), FakePages(FakeRoom()), DIGITS, LIMITS)
    assert page.reading is None
    assert page.problem is not None
    assert page.problem.code == code  # type: ignore[attr-defined]  # both trees of errors have one


def test_a_missing_network_is_nobodys_page() -> None:
    with pytest.raises(NoNetwork):
        list(read_upload(Upload("a", seven()), FakePages(FakeRoom(usable=False)), DIGITS, LIMITS))


def test_spaces_and_signs_without_ink_have_no_place() -> None:
    one, two = (GlyphReading(c, Box(0, 0, 1, 1), (), 1.0, False, None) for c in "12")
    line = LineReading("1 /2", 1.0, one.box, (one, two))
    assert characters_of(line) == [(0, "1", one), (1, " ", None), (2, "/", None), (3, "2", two)]


def test_photo_is_small_and_leaves_the_picture_as_it_is() -> None:
    picture = Image.new("L", (2000, 1000), 255)
    assert len(photo_url(picture, 400)) < 3_000
    assert picture.size == (2000, 1000)
