"""Ink and glyphs as pictures for people: dark on white PNG."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.recognition.normalize import GLYPH_PX, Glyph, Ink


def glyph_pixels(glyph: Glyph) -> NDArray[np.uint8]:
    """Glyphs (…, 28, 28, 1) as uint8 (…, 28, 28), 255 = ink; nothing is lost."""
    return np.rint(glyph[..., 0] * 255).astype(np.uint8)


def pixels_from_bytes(glyph: bytes) -> NDArray[np.uint8]:
    """Its 784 bytes as they are kept, row by row, as uint8 (28, 28)."""
    return np.frombuffer(glyph, np.uint8).reshape(GLYPH_PX, GLYPH_PX)


def glyph_from_pixels(pixels: NDArray[np.uint8]) -> Glyph:
    """The glyphs (…, 28, 28, 1) that `glyph_pixels` came from, from uint8 (…, 28, 28)."""
    return (pixels * np.float32(1 / 255))[..., None]


def png_bytes(image: Ink) -> bytes:
    """Ink as a PNG, dark on white."""
    buffer = io.BytesIO()
    Image.fromarray(255 - image).save(buffer, "PNG")
    return buffer.getvalue()


def png_base64(image: Ink) -> str:
    """Ink as a PNG in base64, dark on white."""
    return base64.b64encode(png_bytes(image)).decode()


def png_data_url(image: Ink) -> str:
    """Ink as a `data:image/png;base64,…` URL, dark on white."""
    return f"data:image/png;base64,{png_base64(image)}"
