"""PDFs made by code: plain ones by Pillow, strange ones by hand."""

import io
from typing import Any

from PIL import Image, ImageDraw

LOCKED = b"/Filter /Standard /V 1 /R 2 /P -4 /O <" + b"41" * 32 + b"> /U <" + b"42" * 32 + b">"


def scan(num_pages: int, size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    """Pages with a black square each, at a place that tells them apart: 10 × the page's number from the left."""
    pages = []
    for number in range(1, num_pages + 1):
        page = Image.new("L", size, "white")
        ImageDraw.Draw(page).rectangle((10 * number, 50, 10 * number + 9, 59), fill="black")
        pages.append(page)
    file = io.BytesIO()
    pages[0].save(file, "PDF", save_all=True, append_images=pages[1:], **options)
    return file.getvalue()


def by_hand(
    content: bytes = b"",
    box: bytes = b"0 0 300 200",
    num_pages: int = 1,
    page: bytes = b"",
    trailer: bytes = b"",
    extra: tuple[bytes, ...] = (),
) -> bytes:
    """A PDF of equal pages: one content stream, with more objects (from number 4 on) and keys where they are given."""
    kids = b"3 0 R " * num_pages
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, num_pages),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 4 0 R %s >>" % (box, page),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        *extra,
    )
    file, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    file += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    file += b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return bytes(file + b"startxref\n%d\n%%%%EOF" % start)


def locked() -> bytes:
    """Encrypted with a password that is not empty (so the check of the user's entry fails)."""
    return by_hand(trailer=b"/ID [<01> <01>] /Encrypt << %s >>" % LOCKED)
