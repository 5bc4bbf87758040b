"""The shipped networks read what we drew ourselves, however it arrives: floors under which no release may fall."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageOps

from app.recognition.image import ImageLimits, ink_from_image
from app.recognition.normalize import Ink
from app.recognition.service import RecognitionRoom
from app.recognition.strokes import Strokes, ink_from_strokes
from app.training.glyphs import Shown, shown_from_strokes
from app.training.metrics import share_refused
from app.training.negatives import negative_glyphs
from tests.images import saved

if TYPE_CHECKING:
    from app.recognition.recognizer import Recognizer

# Corner points on a 5 × 7 grid, strokes parted by "/", as the author of this file writes.
DRAWINGS = {
    "0": "20 01 00 03 06 17 27 36 45 43 41 30 20",
    "1": "11 20 23 27",
    "2": "01 10 30 41 42 33 15 06 07 27 47",
    "3": "01 10 30 41 42 33 23 33 44 46 37 17 06",
    "4": "20 11 04 05 25 45/32 34 37",
    "5": "40 10 03 12 32 43 45 37 17 06",
    "6": "30 11 03 05 16 27 37 46 45 34 24 05",
    "7": "00 20 40 32 25 17",
    "8": "32 41 40 20 01 12 33 45 46 27 06 05 14 32",
    "9": "41 30 10 01 02 13 33 41 43 37",
    "A": "20 10 03 07/20 31 43 47/04 24 44",
    "B": "00 04 07/00 20 31 32 23 03/23 34 36 27 07",
    "E": "40 00 04 07 47/03 33",
    "F": "40 00 04 07/03 33",
    "H": "00 04 07/40 44 47/03 43",
    "K": "00 04 07/40 03/03 47",
    "L": "00 04 07 47",
    "M": "07 00 24 40 47",
    "N": "07 00 47 40",
    "R": "07 00 30 41 42 33 03/23 47",
    "T": "00 20 40/20 24 27",
    "W": "00 17 23 37 40",
    "X": "00 24 47/40 07",
    "Z": "00 40 07 47",
    "b": "00 04 07/04 23 44 46 27 06",
    "d": "40 44 47/44 23 04 06 27 46",
    "h": "00 04 07/04 23 34 37",
    "n": "03 05 07/04 23 34 37",
}


def strokes_of(character: str, rng: np.random.Generator) -> Strokes:
    """One drawing, a little different every time."""
    turn = np.radians(rng.uniform(-8, 8))
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * rng.uniform(15, 40)
    strokes = [[[int(c) for c in corner] for corner in s.split()] for s in DRAWINGS[character].split("/")]
    return tuple(
        ((np.array(s) + rng.normal(0, 0.12, (len(s), 2))) @ matrix).astype(np.float32) for s in strokes
    )


def picture_of(strokes: Strokes, pen: int, shift: int = 0) -> Image.Image:
    """The same drawing, dark on white, on a paper of 400 × 400."""
    low = np.concatenate(strokes).min(axis=0)
    picture = Image.new("L", (400, 400), 255)
    for stroke in strokes:
        path = [tuple(point) for point in (stroke - low + 40 + shift).tolist()]
        ImageDraw.Draw(picture).line(path, 0, pen, joint="curve")
    return picture


def shrunk(picture: Image.Image) -> Image.Image:
    return picture.resize((80, 80), Image.Resampling.BOX)


def upload(picture: Image.Image, kind: str = "PNG") -> Ink:
    return ink_from_image(saved(picture, kind), ImageLimits())


WAYS_IN: dict[str, Callable[[Strokes], Ink]] = {
    "drawn": ink_from_strokes,
    "thin pen": lambda s: upload(picture_of(s, 2)),
    "thick pen": lambda s: upload(picture_of(s, 24)),
    "in a corner": lambda s: upload(picture_of(s, 10, shift=-30)),
    "small": lambda s: upload(shrunk(picture_of(s, 10))),
    "light on dark": lambda s: upload(ImageOps.invert(picture_of(s, 10))),
    "as JPEG": lambda s: upload(picture_of(s, 10), "JPEG"),
}


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> RecognitionRoom:
    room = RecognitionRoom(tmp_path_factory.mktemp("releases"))
    room.load()
    return room


@pytest.mark.parametrize("way_in", WAYS_IN)
@pytest.mark.parametrize(("alphabet", "floor"), [("digit", 0.97), ("character", 0.93)])
def test_our_own_drawings_are_read(room: RecognitionRoom, alphabet: str, floor: float, way_in: str) -> None:
    rng = np.random.default_rng(0)
    recognizer: Recognizer = room.recognizer(alphabet)
    written = [c for c in DRAWINGS if c in recognizer.alphabet] * 10
    answers = [recognizer.recognize(WAYS_IN[way_in](strokes_of(c, rng))) for c in written]
    read = [answer.candidates[0].character for answer in answers]
    wrong = sorted({f"{w}→{r}" for w, r in zip(written, read, strict=True) if w.upper() != r.upper()})
    right = np.mean([w.upper() == r.upper() for w, r in zip(written, read, strict=True)])
    assert right >= floor, f"{right:.1%} right; mistakes: {' '.join(wrong)}"


@pytest.mark.parametrize("alphabet", ["digit", "character", "combined"])
def test_what_is_no_character_is_refused_and_our_own_drawings_are_not(
    room: RecognitionRoom, alphabet: str
) -> None:
    """Scribbles, symbols and pairs of the families that no network is trained on."""
    recognizer: Recognizer = room.recognizer(alphabet)
    rng = np.random.default_rng(1)
    written = [c for c in DRAWINGS if c in recognizer.alphabet] * 10
    strokes = [strokes_of(c, rng) for c in written]
    drawings = shown_from_strokes(strokes)
    strangers = negative_glyphs(drawings.glyphs, strokes, 100, seed=4, held_out=True)

    def refused(shown: Shown) -> float:
        rows = recognizer.probabilities(shown.inputs())
        return share_refused(rows, recognizer.alphabet, recognizer.calibration)

    shares = {kind: refused(shown) for kind, shown in strangers.items()}
    assert min(shares.values()) >= 80, shares
    assert refused(drawings) <= 5


def test_a_decoded_picture_stays_small() -> None:
    large = Image.new("L", (6000, 4000), 255)
    ImageDraw.Draw(large).line([(1000, 1000), (3000, 3000)], 0, 200)
    assert max(ink_from_image(saved(large, "JPEG"), ImageLimits()).shape) <= 1024
