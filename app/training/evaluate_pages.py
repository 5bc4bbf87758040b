"""How well lines and pages are read: `python -m app.training.evaluate_pages [validation|eval] [--lines N]`.

"validation" composes lines from UNIPEN's held-out training writers, and is for choosing; "eval" from other
organisations' writers, and adds the photographs: final figures, on which nothing is chosen.
"""

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from app.pages.fields import parse_expectation
from app.pages.handwriting import PAGE_SIDE_PX
from app.pages.reader import PageReader
from app.recognition.errors import RecognitionError
from app.recognition.image import ImageLimits, gray_from_image
from app.recognition.releases import BUNDLED
from app.recognition.service import RecognitionRoom
from app.training import datasets
from app.training.line_kinds import ALL_DIGITS, KINDS, SMALL, Kind, able_to_write, some_digits
from app.training.lines import ComposedLine, Writer, compose, writers_of
from app.training.photographs import PAPERS, TABLES, Scene, photograph
from app.training.segments import validation_writers

_SEED = 7


@dataclass
class Score:
    """Sums over lines."""

    lines: int = 0
    exact: int = 0
    characters: int = 0
    errors: int = 0
    errors_in_either_case: int = 0
    seconds: float = 0.0

    def add(self, truth: str, said: str, seconds: float = 0.0) -> None:
        """Count one line; where spaces stand is not counted."""
        truth, said = truth.replace(" ", ""), said.replace(" ", "").replace("\n", "")
        self.lines += 1
        self.exact += truth == said
        self.characters += len(truth)
        self.errors += distance(truth, said)
        self.errors_in_either_case += distance(truth.lower(), said.lower())
        self.seconds += seconds

    def add_page(self, truth: list[str], said: list[str], seconds: float) -> None:
        """Count the lines of one page, in whatever order they were read."""
        before = self.lines, self.exact
        self.add("".join(truth), "".join(said), seconds)
        expected = [line.replace(" ", "") for line in truth]
        right = sum(line.replace(" ", "") in expected for line in said)
        self.lines, self.exact = before[0] + len(truth), before[1] + right

    def row(self, name: str) -> str:
        """As a row of a Markdown table."""
        return (
            f"| {name} | {self.lines} | {100 * self.exact / self.lines:.1f} | "
            f"{100 * self.errors / self.characters:.1f} | {100 * self.errors_in_either_case / self.characters:.1f} | "
            f"{1000 * self.seconds / self.lines:.0f} |"
        )


HEAD = "| lines | number | exact % | character errors % | in either case % | ms a line |\n|---|---|---|---|---|---|"

CASE_HEAD = "| letters in the wrong case | of | by the network alone | in the line |\n|---|---|---|---|"


def distance(a: str, b: str) -> int:
    """Levenshtein's: insertions, deletions and substitutions between two texts."""
    before = list(range(len(b) + 1))
    for i, c in enumerate(a, start=1):
        row = [i]
        for j, d in enumerate(b, start=1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (c != d)))
        before = row
    return before[-1]


def measure(reader: PageReader, kind: Kind, writers: list[Writer], count: int) -> Score:
    """Read `count` composed lines of a kind; the same lines for the same seed and text maker."""
    score = Score()
    for line in _composed(kind, writers, count):
        said, seconds = _lines_read(reader, Image.fromarray(255 - line.ink), kind.expect)
        score.add(line.text, "".join(said).replace("/", ""), seconds)
    return score


def measure_case(
    room: RecognitionRoom, reader: PageReader, kind: Kind, writers: list[Writer], count: int
) -> tuple[int, int, int]:
    """How many letters, how many of them in the wrong case by the network alone, and how many as their lines are read.

    Of `count` lines of a kind, the letters that both read right but for the case, on lines of which none was lost.
    """
    letters: list[tuple[str, str, str]] = []
    for line in _composed(kind, writers, count):
        truth = line.text.replace(" ", "")
        read = "".join(_lines_read(reader, Image.fromarray(255 - line.ink), kind.expect)[0]).replace(" ", "")
        if len(read) == len(truth):
            letters += zip(truth, _read_alone(room, line), read, strict=True)
    known = [each for each in letters if len({character.lower() for character in each}) == 1]
    wrong_alone, wrong_in_line = (sum(each[0] != each[i] for each in known) for i in (1, 2))
    return len(known), wrong_alone, wrong_in_line


def _composed(kind: Kind, writers: list[Writer], count: int) -> Iterator[ComposedLine]:
    """Lines of a kind by the writers who can write it, in turn; the same lines every time."""
    able, rng = kind.able(writers), np.random.default_rng(_SEED)
    for number in range(count):
        writer = able[number % len(able)]
        yield compose(writer, kind.text(writer, rng), rng, kind.spacing)


def _read_alone(room: RecognitionRoom, line: ComposedLine) -> Iterator[str]:
    """Each letter of a line as the letters' network reads it without the others."""
    for left, _, right, _ in line.boxes:
        ink = line.ink[:, max(0, int(left)) : int(right) + 1]
        yield room.recognizer("character").recognize(ink).candidates[0].character


def single_digits(room: RecognitionRoom, writers: list[Writer], count: int) -> float:
    """Share of single digits that the digit network reads right, of the same writers, rendered as lines are."""
    rng, right = np.random.default_rng(_SEED), 0
    able = able_to_write(ALL_DIGITS, writers)
    for number in range(count):
        text = str(rng.integers(10))
        ink = compose(able[number % len(able)], text, rng).ink
        right += room.recognizer("digit").recognize(ink).candidates[0].character == text
    return right / count


def photographs() -> Iterator[tuple[str, Image.Image, list[str]]]:
    """The evaluation photographs and their lines."""
    folder = datasets.data_dir() / "eval" / "photos"
    for name, about in json.loads((folder / "labels.json").read_text()).items():
        yield name, gray_from_image((folder / name).read_bytes(), ImageLimits(), PAGE_SIDE_PX), about["lines"]


def photo_rows(reader: PageReader, expect: str) -> list[str]:
    """One row for each photograph and one for all."""
    rows, total = [], Score()
    for name, picture, lines in photographs():
        score, read = Score(), _lines_read(reader, picture, expect)
        for each in (score, total):
            each.add_page(lines, *read)
        rows.append(score.row(f"{name}, told {expect}"))
    return [*rows, total.row(f"all photographs, told {expect}")]


def measure_photographed(
    reader: PageReader, paper: str, writers: list[Writer], count: int, table: int | None = None
) -> Score:
    """Read `count` pages of one to three numbers that look photographed, 32 to 63 pixels high; the same every time."""
    able = able_to_write(ALL_DIGITS, writers)
    score, rng = Score(), np.random.default_rng(_SEED)
    for number in range(count):
        writer, height_px = able[number % len(able)], int(rng.integers(32, 64))
        texts = [some_digits(writer, rng, int(rng.integers(3, 9))) for _ in range(rng.integers(1, 4))]
        lines = [compose(writer, text, rng, height_px=height_px).ink for text in texts]
        scene = Scene(
            paper,
            tilt_deg=float(rng.uniform(-2, 2)),
            shadow=float(rng.uniform(0, 0.5)),
            ink_level=int(rng.integers(30, 110)),
            grain=float(rng.uniform(2, 8)),
            table=table,
        )
        score.add_page(texts, *_lines_read(reader, photograph(lines, scene, rng), "digits"))
    return score


def _lines_read(reader: PageReader, picture: Image.Image, expect: str) -> tuple[list[str], float]:
    """The lines of a page, and the seconds that it took."""
    begun = time.perf_counter()
    try:
        said = reader.read(picture, parse_expectation(expect)).text.split("\n")
    except RecognitionError:
        said = []
    return said, time.perf_counter() - begun


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m app.training.evaluate_pages", description=__doc__)
    parser.add_argument("part", choices=["validation", "eval"], nargs="?", default="validation")
    parser.add_argument("--lines", type=int, default=200, help="composed lines of each kind")
    parser.add_argument("--only", default="", help="kinds whose name holds this")
    args = parser.parse_args()
    room = RecognitionRoom(BUNDLED)
    room.load()
    reader = PageReader(room)
    is_final = args.part == "eval"
    known = writers_of(datasets.load_unipen("eval"), 20) if is_final else validation_writers()
    writers = list(known.values())
    print(f"Single digits: {100 * single_digits(room, writers, 1_000):.2f} %\n\n{HEAD}", flush=True)
    for expect in ("any", "digits") if is_final else ():
        print("\n".join(photo_rows(reader, expect)), flush=True)
    for paper, table in [*((paper, None) for paper in PAPERS), *(("plain", table) for table in TABLES)]:
        name = f"photographed pages, {paper}{f' on a table of {table}' if table else ''}, told digits"
        if args.only in name:
            score = measure_photographed(reader, paper, writers, args.lines // 2, table)
            print(score.row(name), flush=True)
    for kind in KINDS:
        if args.only in kind.name:
            print(measure(reader, kind, writers, args.lines).row(kind.name), flush=True)
    print(f"\n{CASE_HEAD}")
    for kind in KINDS:
        if args.only in kind.name and set(kind.characters) & set(SMALL):
            letters, alone, in_line = measure_case(room, reader, kind, writers, args.lines)
            print(f"| {kind.name} | {letters} | {alone} | {in_line} |", flush=True)


if __name__ == "__main__":
    main()
