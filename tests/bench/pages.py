"""Reading pages: a photo of 12 megapixels, 500 characters, many small pictures, and tesseract on the same photos.

Tesseract is told to look for digits alone, in turn as one line (`--psm 7`) and as scattered text (`--psm 11`).
"""

import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from app.intake.documents import DocumentLimits
from app.page_by_page import Upload, read_upload
from app.pages.fields import parse_expectation
from app.pages.reader import PageReader
from app.recognition.errors import RecognitionError
from app.recognition.service import RecognitionRoom
from app.training.evaluate_pages import distance, photographs
from tests.pages.drawn import page, ruled, shaded

PSMS = ("7", "11")
ROUNDS = 5

Photo = tuple[str, Image.Image, list[str]]
"""Name, picture in mode L, the lines that it says."""


@dataclass(frozen=True)
class Score:
    """What one reader makes of some photos: share of characters that are right, seconds in all."""

    accuracy: float
    seconds: float


def bench_pages(folder: Path, num_images: int) -> None:
    """Print what pages cost, beside tesseract; `folder` is for files on the way."""
    room = RecognitionRoom(folder / "releases")
    room.load()
    reader = PageReader(room)
    rng = np.random.default_rng(0)
    for what, picture in (
        ("photo of 12 MP, 40 digits", large_photo(rng)),
        ("page of 500 digits", full_page(rng)),
    ):
        print(f"{what}: {1000 * typical_seconds(reader, picture):.0f} ms")
    bench_command(folder, num_images, rng)
    photos = list(known_photos())
    show("Legible", score(photos, partial(ours, reader)), photos)
    if shutil.which("tesseract") is None:
        print("tesseract is not installed, so nothing is compared with it: apt-get install tesseract-ocr")
        return
    for psm in PSMS:
        show(f"tesseract --psm {psm}", score(photos, partial(tesseract, psm=psm)), photos)


def bench_command(folder: Path, num_images: int, rng: np.random.Generator) -> None:
    """`flask read` on a folder of small pictures, on all cores, its start included."""
    pictures = folder / "pictures"
    pictures.mkdir()
    for number in range(num_images):
        page(digits(rng, int(rng.integers(1, 9)))).save(pictures / f"{number:04}.png")
    command = [sys.executable, "-m", "flask", "--app", "main", "read", str(pictures), "--expect", "digits"]
    started = time.perf_counter()
    subprocess.run(
        [*command, "--csv", str(folder / "out.csv")],
        env={**os.environ, "INSTANCE_DIR": str(folder / "instance")},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    seconds = time.perf_counter() - started
    print(
        f"flask read, {num_images:,} small pictures: {num_images / seconds:.0f} pictures/s on {os.cpu_count()} cores"
    )


def typical_seconds(reader: PageReader, picture: Image.Image) -> float:
    """From the bytes of a JPEG to its text: the median of some rounds, after one to warm up."""
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=90)
    times = []
    for _ in range(ROUNDS + 1):
        started = time.perf_counter()
        list(
            read_upload(
                Upload("page", file.getvalue()), reader, parse_expectation("digits"), DocumentLimits()
            )
        )
        times.append(time.perf_counter() - started)
    return float(np.median(times[1:]))


def known_photos() -> Iterator[Photo]:
    """The evaluation photographs where there are some, else drawn pages."""
    if "DATA_DIR" in os.environ:
        yield from photographs()
        return
    numbers = ["2471903", "58360", "914752"]
    drawn = page(*numbers)
    pages = {
        "plain": drawn,
        "ruled": ruled(drawn, 34),
        "in shadow": shaded(drawn),
        "turned": drawn.rotate(90, expand=True),
    }
    for name, picture in pages.items():
        yield name, picture, numbers


def score(photos: Sequence[Photo], read: Callable[[Image.Image], str]) -> Score:
    """Read every photo; spaces and line breaks do not count."""
    errors = length = 0
    started = time.perf_counter()
    said = [read(picture) for _, picture, _ in photos]
    seconds = time.perf_counter() - started
    for text, (_, _, lines) in zip(said, photos, strict=True):
        truth = "".join(lines).replace(" ", "")
        errors, length = errors + distance(truth, "".join(text.split())), length + len(truth)
    return Score(1 - errors / length, seconds)


def ours(reader: PageReader, picture: Image.Image) -> str:
    """What a page says, told to expect digits."""
    try:
        return reader.read(picture, parse_expectation("digits")).text
    except RecognitionError:
        return ""


def tesseract(picture: Image.Image, psm: str) -> str:
    """What the command says, started anew for each picture as its users do."""
    file = io.BytesIO()
    picture.save(file, "PNG", compress_level=1)
    command = ["tesseract", "-", "-", "--psm", psm, "-c", "tessedit_char_whitelist=0123456789"]
    done = subprocess.run(command, input=file.getvalue(), capture_output=True, check=True)
    return done.stdout.decode()


def large_photo(rng: np.random.Generator) -> Image.Image:
    """Forty digits on a shaded sheet, 4000 × 3000."""
    small = shaded(page(*(digits(rng, 8) for _ in range(5)), height=150, pen=12), 0.3)
    sheet = Image.new("L", (1600, 1200), 200)
    sheet.paste(small.resize((1400, round(1400 * small.height / small.width))), (100, 40))
    return sheet.resize((4000, 3000), Image.Resampling.BICUBIC)


def full_page(rng: np.random.Generator) -> Image.Image:
    """Twenty lines of 25 digits."""
    return page(*(digits(rng, 25) for _ in range(20)), height=40, pen=4)


def digits(rng: np.random.Generator, count: int) -> str:
    """That many of them."""
    return "".join(rng.choice(list("0123456789"), count))


def show(who: str, found: Score, photos: Sequence[Photo]) -> None:
    print(
        f"{who}: {found.accuracy:.1%} of the digits of {len(photos)} photos right, {found.seconds:.1f} s for all"
    )
