"""Small pictures for the tests, drawn here."""

import io

from PIL import Image, ImageDraw

from tests.fakes import SEVEN


def seven(
    kind: str = "PNG", size: int = 280, paper: str = "white", ink: str = "black", pen: int = 22
) -> bytes:
    """A file with a 7 on it."""
    picture = Image.new("RGB", (size, size), paper)
    path = [(x * size / 280, y * size / 280) for x, y in SEVEN[0]]
    ImageDraw.Draw(picture).line(path, ink, pen * size // 280, joint="curve")
    return saved(picture, kind)


def blank(kind: str = "PNG") -> bytes:
    """A file with nothing on it."""
    return saved(Image.new("RGB", (280, 280), "white"), kind)


def saved(picture: Image.Image, kind: str) -> bytes:
    """The picture as a file of that kind."""
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()
