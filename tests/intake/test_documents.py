"""Documents become pages that the image decoder takes; hostile ones are refused with a sentence."""

import io
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.errors import AppError
from app.intake import pdf
from app.intake.documents import DocumentLimits, PageImage, kind_of, pages_of
from app.intake.errors import (
    DocumentTooLarge,
    EncryptedDocument,
    TooBusy,
    TooManyPages,
    UnreadableDocument,
)
from app.recognition.errors import UnsupportedImage
from app.recognition.image import FORMATS, ImageLimits, ink_from_image
from tests.intake.pdfs import by_hand, locked, scan
from tests.intake.web import link_settings

LIMITS = DocumentLimits()
ROOT = Path(__file__).parents[2]


def pages(data: bytes, limits: DocumentLimits = LIMITS) -> list[PageImage]:
    return list(pages_of(data, limits))


def assert_refused(kind: type[AppError], data: bytes, limits: DocumentLimits = LIMITS) -> None:
    with pytest.raises(kind) as caught:
        pages(data, limits)
    assert 400 <= caught.value.status < 500
    assert str(caught.value).count(". ") >= 1


def left_edge(page: PageImage) -> float:
    """Where the ink of a page begins, as a share of its width."""
    ink = ink_from_image(page.data, LIMITS.image)
    return float(np.flatnonzero(ink.max(axis=0) > 128)[0] / ink.shape[1])


@pytest.mark.parametrize("kind", FORMATS)
def test_image_is_one_page_with_its_own_bytes(kind: str) -> None:
    file = io.BytesIO()
    Image.new("L", (20, 20), "white").save(file, kind)
    assert pages(file.getvalue()) == [PageImage(file.getvalue(), 1, 1)]


def test_pdf_has_its_pages_in_order() -> None:
    found = pages(scan(3))
    assert [(page.number, page.num_pages) for page in found] == [(1, 3), (2, 3), (3, 3)]
    assert [left_edge(page) for page in found] == pytest.approx([1 / 30, 2 / 30, 3 / 30], abs=0.005)


def test_page_is_drawn_when_it_is_asked_for() -> None:
    damaged_later = by_hand(num_pages=2).replace(b"[3 0 R 3 0 R ]", b"[3 0 R 9 0 R ]")
    with closing(pages_of(damaged_later, LIMITS)) as found:
        assert next(found).number == 1
        with pytest.raises(UnreadableDocument, match="Page 2"):
            next(found)


def test_page_is_drawn_at_200_dots_an_inch() -> None:
    page = pages(by_hand(box=b"0 0 595 842"))[0]  # A4, in points
    assert Image.open(io.BytesIO(page.data)).size == (1653, 2339)


def test_turned_page_is_drawn_turned() -> None:
    page = pages(by_hand(page=b"/Rotate 90"))[0]
    width, height = Image.open(io.BytesIO(page.data)).size
    assert width < height


def test_typed_form_field_is_drawn() -> None:
    look = b"0 0 0 rg 0 0 100 100 re f"
    field = (
        (
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (7) /F 4 /Rect [100 50 200 150] "
            b"/AP << /N 6 0 R >> >>"
        ),
        b"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length %d >>\nstream\n%s\nendstream"
        % (len(look), look),
        b"<< /Fields [5 0 R] >>",
    )
    data = by_hand(page=b"/Annots [5 0 R]", extra=field).replace(b"/Catalog", b"/Catalog /AcroForm 7 0 R")
    assert left_edge(pages(data)[0]) == pytest.approx(1 / 3, abs=0.01)


@pytest.mark.parametrize(
    "box", [b"0 0 14400 14400", b"0 0 14400 1", b"0 0 1 1", b"0 0 0 0", b"9 9 1 1", b"a b"]
)
@pytest.mark.parametrize(
    "limits",
    [ImageLimits(), ImageLimits(100_000, 0, 0), ImageLimits(0, 1000, 0), ImageLimits(0, 0, 500)],
    ids=str,
)
def test_page_of_any_shape_passes_the_limits_of_an_image(box: bytes, limits: ImageLimits) -> None:
    page = pages(by_hand(b"0 0 9 9 re f", box), DocumentLimits(limits))[0]
    assert ink_from_image(page.data, limits).size > 0


@pytest.mark.parametrize("box", [b"0 0 14401 10", b"0 0 1000000 1000000"])
def test_page_larger_than_any_paper_is_refused(box: bytes) -> None:
    assert_refused(UnreadableDocument, by_hand(box=box))


def test_locked_pdf_is_refused() -> None:
    assert_refused(EncryptedDocument, locked())


def test_ten_thousand_pages_are_refused() -> None:
    with pytest.raises(TooManyPages, match=r"has 10,000 pages; 50 are read at once\."):
        pages(by_hand(num_pages=10_000))


def test_pdf_beyond_the_size_of_an_upload_is_refused() -> None:
    assert_refused(DocumentTooLarge, scan(1), DocumentLimits(ImageLimits(max_bytes=100)))


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-",
        b"%PDF-1.7\n" + bytes(range(256)) * 100,
        scan(2)[:300],
        by_hand(num_pages=0),
        by_hand().replace(b"/Kids [3 0 R ]", b"/Kids [2 0 R ]"),
        by_hand().replace(b"3 0 R", b"9 0 R"),
    ],
    ids=["mark alone", "noise", "cut off", "no pages", "a circle", "no such page"],
)
def test_malformed_pdf_is_refused(data: bytes) -> None:
    assert_refused(UnreadableDocument, data)


@pytest.mark.parametrize("data", [b"", b"<html>", b"MM\x00*", b"%!PS-Adobe", b"RIFF1234WAVE", b"<svg/>"])
def test_anything_else_is_refused(data: bytes) -> None:
    assert kind_of(data) is None
    with pytest.raises(UnsupportedImage):
        pages(data)


def test_page_that_takes_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PAGE_TIMEOUT_S", 0)
    with pytest.raises(UnreadableDocument, match="too long"):
        pages(scan(1))


def test_page_beyond_the_memory_ends_its_renderer_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hungry = tmp_path / "hungry.py"
    monkeypatch.setattr(pdf, "RENDERER", hungry)
    source = (ROOT / "app/intake/pdf_renderer.py").read_text()
    hungry.write_text(source.replace("_limit_ourselves()\n", "_limit_ourselves()\n    bytearray(10**8)\n", 1))
    assert len(pages(scan(1))) == 1
    hungry.write_text(source.replace("_limit_ourselves()\n", "_limit_ourselves()\n    bytearray(10**9)\n", 1))
    assert_refused(UnreadableDocument, scan(1))


def test_renderer_ends_with_the_iterator(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def remember(*args: object, **options: object) -> subprocess.Popen[bytes]:
        started.append(popen(*args, **options))  # type: ignore[call-overload]
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remember)
    with closing(pages_of(scan(3), LIMITS)) as found:
        next(found)
        assert started[0].poll() is None
    assert started[0].poll() is not None


def test_few_documents_are_open_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "WAIT_S", 0)
    first, second = pages_of(scan(2), LIMITS), pages_of(scan(2), LIMITS)
    with closing(first), closing(second):
        assert {next(first).number, next(second).number} == {1}
        with pytest.raises(TooBusy):
            pages(scan(1))
    assert len(pages(scan(1))) == 1


def test_renderer_learns_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spy = tmp_path / "spy.py"
    spy.write_text("import os, json; print(json.dumps({'pages': 'SECRET_KEY' in os.environ}))")
    monkeypatch.setattr(pdf, "RENDERER", spy)
    monkeypatch.setenv("SECRET_KEY", "hush")
    assert pages(scan(1)) == []


def test_limits_are_the_settings() -> None:
    limits = DocumentLimits.from_settings(link_settings(MAX_PAGES=7, MAX_BODY_BYTES=8, MAX_IMAGE_SIDE_PX=9))
    assert limits == DocumentLimits(ImageLimits(8, 50_000_000, 9), 7)


def test_server_never_loads_pdfium() -> None:
    code = "import sys, app.intake.documents, app.intake.links; sys.exit('pypdfium2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
