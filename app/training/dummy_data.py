"""Made-up people with hands of their own, who answer a running server as real people do: to show the loop without any.

    python -m app.training.dummy_data digit --url http://127.0.0.1:5000

Each of them writes with a turn, a slant and a pen of their own. What they write comes from the parts of MNIST and
EMNIST that no shipped network was trained on. It goes through the same door as everybody's ink: recognition, receipt,
feedback; and says on the way in that it is made up.
"""

import argparse
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter
from tqdm import tqdm

from app.recognition.alphabets import ALPHABETS, alphabet_named
from app.recognition.normalize import Ink
from app.recognition.pictures import png_data_url
from app.training.datasets import DatasetRefused, Labelled
from app.training.recipes import held_out_images
from app.training.visitor import Visitor, VisitorRefused

_SCALE = 4
_MARGIN_PX = 8
_MOST_SLANT = 0.5
_PEN_PX = 5  # of the filter; about one pixel of the 28 on each side of a line


@dataclass(frozen=True)
class Style:
    """How one person writes.

    Attributes:
        turn_degrees: counter-clockwise.
        slant: pixels to the left for each pixel downward.
        pen: "thin", "thick" or "as it is".
    """

    turn_degrees: float
    slant: float
    pen: str


@dataclass(frozen=True)
class Tally:
    """What was answered so far."""

    confirmed: int = 0
    corrected: int = 0

    @property
    def drawings(self) -> int:
        return self.confirmed + self.corrected

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.confirmed + other.confirmed, self.corrected + other.corrected)


def some_style(rng: np.random.Generator, least_turn: float = 0.0, most_turn: float = 30.0) -> Style:
    """Anybody's, turned by some degrees to one side or the other."""
    turn = rng.uniform(least_turn, most_turn) * rng.choice((-1, 1))
    pen = str(rng.choice(("thin", "thick", "as it is")))
    return Style(float(turn), float(rng.uniform(-_MOST_SLANT, _MOST_SLANT)), pen)


def write(image: Ink, style: Style, rng: np.random.Generator) -> Ink:
    """A character uint8 (28, 28) in somebody's hand, four times as large; never twice quite the same."""
    side = _SCALE * (image.shape[0] + 2 * _MARGIN_PX)
    picture = Image.fromarray(np.pad(image, _MARGIN_PX)).resize((side, side), Image.Resampling.BICUBIC)
    slant = style.slant + float(rng.normal(0, 0.05))
    slanted = (1, slant, -slant * side / 2, 0, 1, 0)
    picture = picture.transform(picture.size, Image.Transform.AFFINE, slanted, Image.Resampling.BICUBIC)
    picture = picture.rotate(style.turn_degrees + float(rng.normal(0, 3)), Image.Resampling.BICUBIC)
    if style.pen == "thick":
        picture = picture.filter(ImageFilter.MaxFilter(_PEN_PX))
    if style.pen == "thin":
        picture = picture.filter(ImageFilter.MinFilter(_PEN_PX))
    return np.asarray(picture)


def answer_as(
    visitor: Visitor, alphabet: str, images: Labelled, style: Style, rng: np.random.Generator, drawings: int
) -> Tally:
    """One person draws, looks at each answer and says yes, or no and what it is. Raises VisitorRefused."""
    tally = Tally()
    for index in rng.integers(len(images), size=drawings):
        ink = write(images.images[index], style, rng)
        picture = png_data_url(ink)
        label = str(images.labels[index])
        read = visitor.ask(alphabet, picture)
        visitor.say(read.receipt, None if read.character == label else label)
        tally += Tally(confirmed=1) if read.character == label else Tally(corrected=1)
    return tally


def fill(
    make_visitor: Callable[[], Visitor],
    alphabet: str,
    images: Labelled,
    styles: list[Style],
    drawings: int,
    *,
    seed: int = 0,
    corrections: int | None = None,
    at_once: int = 4,
) -> Tally:
    """Let every hand draw, several at once, until so many corrections were given. Raises VisitorRefused."""
    lock, total = threading.Lock(), [Tally()]
    progress = tqdm(total=len(styles) * drawings, unit="drawing")

    def one(number: int) -> None:
        if corrections is not None and total[0].corrected >= corrections:
            return
        rng = np.random.default_rng((seed, number))
        tally = answer_as(make_visitor(), alphabet, images, styles[number], rng, drawings)
        with lock:
            total[0] += tally
            progress.update(tally.drawings)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(one, range(len(styles))))
    progress.close()
    return total[0]


def main() -> None:
    """Read the command line and fill a server."""
    args = _parser().parse_args()
    rng = np.random.default_rng(args.seed)
    styles = [some_style(rng, args.least_turn, args.most_turn) for _ in range(args.people)]
    try:
        images = held_out_images(alphabet_named(args.alphabet))
        tally = fill(
            lambda: Visitor(args.url),
            args.alphabet,
            images,
            styles,
            args.drawings,
            seed=args.seed,
            corrections=args.corrections,
        )
    except (DatasetRefused, VisitorRefused) as error:
        raise SystemExit(f"error: {error}") from error
    print(
        f"{tally.drawings} drawings, {tally.corrected} of them corrected. Review them, then retrain with --with-dummy."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.training.dummy_data", description=__doc__)
    parser.add_argument("alphabet", choices=sorted(ALPHABETS))
    parser.add_argument("--url", default="http://127.0.0.1:5000", help="of the server (default: %(default)s)")
    parser.add_argument("--people", type=int, default=20, help="default: %(default)s")
    parser.add_argument("--drawings", type=int, default=20, help="of each of them (default: %(default)s)")
    parser.add_argument("--corrections", type=int, help="stop once there are so many")
    parser.add_argument("--least-turn", type=float, default=0.0, help="degrees (default: %(default)s)")
    parser.add_argument("--most-turn", type=float, default=30.0, help="degrees (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    main()
