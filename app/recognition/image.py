"""Bytes → ink: an uploaded or posted picture becomes 0 = paper, 255 = ink, whatever its colours and light."""

import base64
import binascii
import io
import logging
import threading
import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageStat, UnidentifiedImageError

from app.recognition.errors import ImageTooLarge, UnreadableImage, UnsupportedImage
from app.recognition.lighting import ink_from_gray
from app.recognition.normalize import Ink

log = logging.getLogger(__name__)

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
"""The only decoders that untrusted bytes may reach."""

WORK_SIDE_PX = 1024
"""Larger pictures are made this large first; one character needs no more."""

_SHRUNK_BY_DECODER = ("JPEG", "MPO")
"""Formats that are decoded small; MPO is what Pillow calls a JPEG with a second picture, as many cameras write them."""

_FEW_BYTES = ("1", "L", "P", "I;16")
"""Modes whose pixels take few bytes, where nothing is transparent."""

_LESS_OF_OTHERS = 3
"""So many times fewer pixels may other pictures have: each takes up to 15 bytes to decode."""

_SCAN, _MOST_SCANS = b"\xff\xda", 100
"""A progressive JPEG has about ten scans, each of which the decoder goes through the whole picture for."""

_LARGE_PX = 4_000_000
_one_large_at_a_time = threading.Lock()
"""Of the pictures with more pixels than that, a process decodes one at a time: they may take 300 MB."""

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""How a picture becomes upright, by EXIF's orientation."""


@dataclass(frozen=True)
class ImageLimits:
    """Bounds checked before anything is decoded; 0 turns one off."""

    max_bytes: int = 10 * 2**20
    max_pixels: int = 50_000_000
    max_side: int = 12_000

    @classmethod
    def from_settings(cls, settings: Mapping[str, Any]) -> "ImageLimits":
        """As an app's settings say."""
        return cls(settings["MAX_BODY_BYTES"], settings["MAX_IMAGE_PIXELS"], settings["MAX_IMAGE_SIDE_PX"])


def bytes_from_data_url(url: object) -> bytes:
    """The bytes of `data:image/…;base64,…`. Raises UnreadableImage when it is not one."""
    head, comma, body = url.partition(",") if isinstance(url, str) else ("", "", "")
    if not comma or not head.startswith("data:") or not head.endswith(";base64"):
        raise UnreadableImage('The image must be a data URL: "data:image/png;base64,…".')
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableImage("The image's base64 is damaged. Send it again.") from error


def ink_from_image(data: bytes, limits: ImageLimits) -> Ink:
    """Decode the first frame of a picture and find the ink of its one character.

    Returns:
        ink, uint8 (H, W), the longer side at most `WORK_SIDE_PX`.

    Raises as `gray_from_image` does.
    """
    return ink_from_gray(gray_from_image(data, limits))


def gray_from_image(data: bytes, limits: ImageLimits, side: int = WORK_SIDE_PX) -> Image.Image:
    """Decode the first frame of a picture, upright as EXIF says, in mode L, the longer side at most `side` pixels.

    Raises:
        ImageTooLarge, UnsupportedImage (no format of `FORMATS`), UnreadableImage (damaged).
    """
    if limits.max_bytes and len(data) > limits.max_bytes:
        raise ImageTooLarge(
            "The image has %(count)s bytes; %(most)s are allowed. Make it smaller.",
            count=f"{len(data):,}",
            most=f"{limits.max_bytes:,}",
        )
    image = _open(data)
    _check_size(image, limits)
    if image.format in _SHRUNK_BY_DECODER and data.count(_SCAN) > _MOST_SCANS:
        raise _damaged()
    try:
        with _one_large_at_a_time if image.width * image.height > _LARGE_PX else nullcontext():
            if image.format == "PNG":
                _open(data).verify()  # decoding alone does not look at the checksum of the pixels
            return _gray(image, side)
    except Exception as error:  # a decoder of damaged bytes raises whatever it likes
        log.info("A picture could not be decoded.", exc_info=error)
        raise _damaged() from error


def _damaged() -> UnreadableImage:
    return UnreadableImage("The image is damaged or incomplete. Save it again as PNG or JPEG.")


def _open(data: bytes) -> Image.Image:
    """Read the header alone."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of its size, for our own limit comes next, and of damaged EXIF
            return Image.open(io.BytesIO(data), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise ImageTooLarge("The image has too many pixels. Make it smaller and try again.") from error
    except UnidentifiedImageError as error:
        raise UnsupportedImage("This is not an image we read. Use PNG, JPEG, WebP, GIF or BMP.") from error
    except Exception as error:  # as above
        raise _damaged() from error


def _check_size(image: Image.Image, limits: ImageLimits) -> None:
    width, height = image.size
    is_light = image.mode in _FEW_BYTES and not image.has_transparency_data
    is_light |= image.format in _SHRUNK_BY_DECODER
    most_pixels = limits.max_pixels if is_light else limits.max_pixels // _LESS_OF_OTHERS
    if limits.max_pixels and width * height > most_pixels:
        raise ImageTooLarge(
            "The image has %(width)s×%(height)s pixels; %(most)s in all are allowed. Save it as JPEG, or smaller.",
            width=width,
            height=height,
            most=f"{most_pixels:,}",
        )
    if limits.max_side and max(image.size) > limits.max_side:
        raise ImageTooLarge(
            "The image is %(width)s×%(height)s; neither side may exceed %(most)s pixels.",
            width=width,
            height=height,
            most=limits.max_side,
        )


def _gray(image: Image.Image, side: int) -> Image.Image:
    """Decode to mode L, upright, transparency laid on a paper that the ink stands out from."""
    image.draft("L", (side, side))  # lets the JPEG decoder skip detail; others ignore it
    image.load()
    turn = _turn(image)
    if image.has_transparency_data and image.mode != "RGBA":
        image = image.convert("RGBA")
    if max(image.size) > side:
        image = _reduce(image, side)
    if turn is not None:
        image = image.transpose(turn)
    if image.mode == "RGBA":
        return _flatten(image)
    if image.mode.startswith("I") or image.mode == "F":
        image = Image.fromarray((np.asarray(image, np.float32) / 257).clip(0, 255).astype(np.uint8))
    return image.convert("L")


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What makes it upright, as EXIF says; None where EXIF is damaged, which says nothing of the pixels."""
    try:
        return _UPRIGHT.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - as above
        return None


def _reduce(image: Image.Image, side: int) -> Image.Image:
    """Shrink to a longer side of `side` pixels, averaging."""
    if image.mode in ("P", "1"):
        image = image.convert("RGB" if image.mode == "P" else "L")
    factor = max(image.size) / side
    size = (max(1, round(image.width / factor)), max(1, round(image.height / factor)))
    return image.resize(size, Image.Resampling.BOX)


def _flatten(image: Image.Image) -> Image.Image:
    """Lay a transparent picture on white, or on black when what is visible is light; mode L."""
    luminance = image.convert("L")
    if _is_opaque(image):
        return luminance
    alpha = image.getchannel("A")
    visible = alpha.point([0] * 64 + [255] * 192)
    paper = 0 if visible.getbbox() and ImageStat.Stat(luminance, visible).mean[0] > 127 else 255
    flat = Image.new("L", image.size, paper)
    flat.paste(luminance, mask=alpha)
    return flat


def _is_opaque(image: Image.Image) -> bool:
    """Whether no pixel of an RGBA picture is transparent: alpha is the highest byte of each pixel's four."""
    return bool(np.asarray(image).view("<u4").min() >= 0xFF000000)
