"""Bytes → ink: every kind of picture, and everything that only pretends to be one."""

import base64
import contextlib
import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageOps

from app.recognition.errors import ImageTooLarge, NoInk, RecognitionError, UnreadableImage, UnsupportedImage
from app.recognition.image import ImageLimits, bytes_from_data_url, ink_from_image
from app.recognition.normalize import Glyph, normalize
from tests.images import blank, saved, seven

LIMITS = ImageLimits()


def glyph_of(data: bytes) -> Glyph:
    return normalize(ink_from_image(data, LIMITS))


def png_header(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(b"\0" * 1000)
    chunks = (
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (head, body, b"IEND")
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


REFERENCE = seven()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_every_format_gives_the_same_glyph(kind: str) -> None:
    assert np.abs(glyph_of(seven(kind)) - glyph_of(REFERENCE)).mean() < 0.02


@pytest.mark.parametrize(
    ("paper", "ink"),
    [("black", "white"), ("lightyellow", "navy"), ("#888", "#333"), ("#335", "#aac"), ("white", "#bbb")],
)
def test_colours_and_polarity_do_not_matter(paper: str, ink: str) -> None:
    assert np.abs(glyph_of(seven(paper=paper, ink=ink)) - glyph_of(REFERENCE)).mean() < 0.02


@pytest.mark.parametrize("ink", [(0, 0, 0), (255, 255, 255)])
def test_ink_on_transparency_is_seen(ink: tuple[int, int, int]) -> None:
    picture = Image.new("RGBA", (280, 280), (128, 128, 128, 0))
    ImageDraw.Draw(picture).line([(60, 60), (200, 60), (120, 220)], (*ink, 255), 22, joint="curve")
    assert np.abs(glyph_of(saved(picture, "PNG")) - glyph_of(REFERENCE)).mean() < 0.02


def test_a_photo_lies_the_way_it_was_taken() -> None:
    picture = Image.open(io.BytesIO(REFERENCE)).convert("RGB")
    turned, exif = picture.rotate(90, expand=True), Image.Exif()
    exif[0x0112] = 6  # "turn by 90° clockwise to view"
    file = io.BytesIO()
    turned.save(file, "JPEG", exif=exif, quality=95)
    assert np.abs(glyph_of(file.getvalue()) - glyph_of(REFERENCE)).mean() < 0.02


def test_a_shadow_and_grain_do_not_matter() -> None:
    clean = np.asarray(Image.open(io.BytesIO(seven(size=900))).convert("L"), np.float32)
    light = np.linspace(0.45, 1.0, 900)[None, :] * np.linspace(0.8, 1.0, 900)[:, None]
    photo = (40 + clean * 0.75) * light + np.random.default_rng(0).normal(0, 3, clean.shape)
    photo[100:104, 100:104] *= 0.4  # a crumb far from the digit
    shadowed = saved(Image.fromarray(photo.clip(0, 255).astype(np.uint8)), "JPEG")
    assert np.abs(glyph_of(shadowed) - glyph_of(REFERENCE)).mean() < 0.05


@pytest.mark.parametrize("paper", ["white", "black", "#777", "red"])
def test_plain_paper_has_no_ink(paper: str) -> None:
    with pytest.raises(NoInk):
        glyph_of(saved(Image.new("RGB", (120, 90), paper), "PNG"))


def test_paper_with_grain_has_no_ink() -> None:
    grain = np.random.default_rng(1).normal(200, 4, (400, 400)).clip(0, 255).astype(np.uint8)
    with pytest.raises(NoInk):
        glyph_of(saved(Image.fromarray(grain), "PNG"))


def test_a_line_of_one_pixel_is_read() -> None:
    picture = Image.new("L", (1, 10_000), 255)
    ImageDraw.Draw(picture).line([(0, 2000), (0, 8000)], 0)
    assert glyph_of(saved(picture, "PNG")).max() == 1


def test_deep_and_indexed_pictures_are_read() -> None:
    gray = ImageOps.grayscale(Image.open(io.BytesIO(REFERENCE)))
    deep = Image.fromarray(np.asarray(gray, np.uint16) * 257)
    for picture in (deep, gray.convert("1"), gray.convert("P"), gray.convert("LA")):
        assert np.abs(glyph_of(saved(picture, "PNG")) - glyph_of(REFERENCE)).mean() < 0.02


@pytest.mark.parametrize("side", [50_000, 2**31 - 1])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(ImageTooLarge, match=r"Make it smaller|allowed|exceed"):
        ink_from_image(png_header(side, side), LIMITS)


def test_limits_are_limits() -> None:
    for limits in (ImageLimits(max_bytes=100), ImageLimits(max_pixels=100), ImageLimits(max_side=279)):
        with pytest.raises(ImageTooLarge):
            ink_from_image(REFERENCE, limits)


@pytest.mark.parametrize(
    ("mode", "kind", "is_read"),
    [
        ("RGB", "JPEG", True),
        ("L", "PNG", True),
        ("1", "PNG", True),
        ("P", "PNG", True),
        ("LA", "PNG", False),
        ("RGB", "PNG", False),
        ("RGB", "WEBP", False),
    ],
)
def test_colour_that_has_to_be_decoded_whole_may_have_fewer_pixels(
    mode: str, kind: str, is_read: bool
) -> None:
    """Of 50 million pixels, WebP took 770 MB."""
    picture = Image.open(io.BytesIO(REFERENCE)).convert(mode)
    limits = ImageLimits(max_pixels=2 * picture.width * picture.height)
    with contextlib.nullcontext() if is_read else pytest.raises(ImageTooLarge):
        assert ink_from_image(saved(picture, kind), limits).any()


def test_a_photo_with_a_second_picture_is_a_photo() -> None:
    """Many cameras add a small one; Pillow calls such a file MPO."""
    picture = Image.open(io.BytesIO(REFERENCE)).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "MPO", save_all=True, append_images=[picture.reduce(4)])
    limits = ImageLimits(max_pixels=2 * picture.width * picture.height)
    assert ink_from_image(file.getvalue(), limits).any()


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    """75 bytes a scan, each of which takes the decoder through the whole picture: 10 MB took over an hour."""
    whole = saved(Image.new("L", (64, 64), 255), "JPEG")
    start, end = whole.index(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    with pytest.raises(UnreadableImage):
        ink_from_image(whole[:end] + 200 * whole[start:end] + whole[end:], LIMITS)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_damaged_exif_is_no_reason_not_to_read(kind: str) -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x0112], exif[0x011A] = 6, 72.5  # the orientation, and a number whose type is broken below
    Image.open(io.BytesIO(REFERENCE)).convert("RGB").save(file, kind, exif=exif)
    whole = file.getvalue()
    start = whole.index(b"MM\0*") if b"MM\0*" in whole else whole.index(b"II*\0")
    for place in range(start + 8, start + 46):
        for value in (0, 2, 7, 255):
            damaged = bytearray(whole)
            damaged[place] = value
            assert ink_from_image(bytes(damaged), LIMITS).any()


def test_limits_can_be_turned_off() -> None:
    assert ink_from_image(REFERENCE, ImageLimits(0, 0, 0)).any()


@pytest.mark.parametrize(
    "data",
    [b"", b"<html><body>7</body></html>", b"%PDF-1.7", b"\0" * 5000, saved(Image.new("L", (9, 9)), "TIFF")],
)
def test_what_is_no_image_we_read_is_refused(data: bytes) -> None:
    with pytest.raises(UnsupportedImage, match="PNG, JPEG"):
        ink_from_image(data, LIMITS)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
@given(st.data())
@settings(max_examples=40)
def test_damaged_files_are_read_or_refused(kind: str, data: st.DataObject) -> None:
    whole = bytearray(seven(kind, size=64))
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    cut = bytes(whole[: data.draw(st.integers(1, len(whole)))])
    with contextlib.suppress(RecognitionError):  # anything else would fail the test
        assert ink_from_image(cut, LIMITS).dtype == np.uint8


def test_a_png_with_a_wrong_checksum_is_refused() -> None:
    whole = bytearray(REFERENCE)
    place = (
        whole.index(b"IDAT")
        + 4
        + struct.unpack(">I", whole[whole.index(b"IDAT") - 4 : whole.index(b"IDAT")])[0]
    )
    whole[place] ^= 1
    with pytest.raises(UnreadableImage):
        ink_from_image(bytes(whole), LIMITS)


def test_a_data_url_is_unpacked() -> None:
    assert bytes_from_data_url("data:image/png;base64," + base64.b64encode(b"abc").decode()) == b"abc"


@pytest.mark.parametrize(
    "url", ["", "abc", "data:,abc", "data:image/png;base64,%%%", "http://x/a.png", "data:;base64,é"]
)
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(UnreadableImage):
        bytes_from_data_url(url)


def test_a_blank_file_has_no_ink() -> None:
    with pytest.raises(NoInk):
        glyph_of(blank("JPEG"))
