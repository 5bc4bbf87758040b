"""`python -m tests.bench.scenes`: how often a picture without writing gets a confident text; exit code 1: too often.

Confident is a line that is right with a probability of two thirds or more, or without a character to look at again.
Of a printed page it only counts what is not printed there.
"""

import argparse
import time
from pathlib import Path

import numpy as np
from PIL import Image

from app.pages.expectations import Expectation
from app.pages.fields import parse_expectation
from app.pages.reader import PageReader
from app.recognition.errors import RecognitionError
from app.recognition.service import RecognitionRoom
from tests.pages.scenes import PRINTED, SCENES

CONFIDENT = 2 / 3
MOST_INVENTED = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scenes", description=__doc__)
    parser.add_argument("--each", type=int, default=14, help="pictures of each kind")
    parser.add_argument("--expect", default="any")
    parser.add_argument("--out", type=Path, help="a folder for the pictures that something was invented of")
    args = parser.parse_args()
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
    room = RecognitionRoom(Path("nowhere"))
    room.load()
    reader, expected, invented, read = PageReader(room), parse_expectation(args.expect), 0, 0
    for kind, draw in SCENES.items():
        started, found = time.process_time(), []
        for number in range(args.each):
            picture = draw(np.random.default_rng([number, *kind.encode()]))
            said = confident_lines(reader, picture, expected)
            found += said
            invented, read = invented + bool(said), read + 1
            if said and args.out:
                picture.save(args.out / f"{kind}-{number}.png")
        print(f"{kind}: {found or 'nothing'} in {time.process_time() - started:.1f} s of a core", flush=True)
    print(f"told {expected.name}, {read} pictures: {invented / read:.1%} were given a confident text")
    raise SystemExit(invented > MOST_INVENTED * read)


def confident_lines(reader: PageReader, picture: Image.Image, expected: Expectation) -> list[str]:
    """What a picture was given that looks sure and is not there."""
    try:
        lines = reader.read(picture, expected).lines
    except RecognitionError:
        return []
    sure = [
        line for line in lines if line.confidence >= CONFIDENT or not any(g.is_doubtful for g in line.glyphs)
    ]
    return [line.text for line in sure if line.text.replace(" ", "") not in PRINTED]


if __name__ == "__main__":
    main()
