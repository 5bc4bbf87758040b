"""`make gate`: what the model store and the gate must refuse, at full size. Exit code 1 unless all of it is refused.

A hundred releases with one damaged byte, under a room that serves; an archive with every byte damaged in turn; three
hundred corrections of which 40 % are wrong; a candidate that was taught one digit only.
"""

import argparse
import logging
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from app.recognition.alphabets import DIGITS
from app.recognition.errors import BadRelease
from app.recognition.heights import Heights
from app.recognition.image import ImageLimits, ink_from_image
from app.recognition.normalize import Ink
from app.recognition.pictures import glyph_pixels, png_bytes
from app.recognition.recognizer import Recognizer
from app.recognition.releases import BUNDLED, ReleaseStore
from app.recognition.service import RecognitionRoom
from app.samples.archive import MADE_UP, Archive, BadArchive, read_archive, write_archive
from app.training.corpus import Examples
from app.training.dummy_data import Style, write
from app.training.recipes import Corpus, held_out_images
from tests.recognition.test_release_moves import damage

NUM_DAMAGED = 100
NUM_CORRECTIONS = 300
WRONG_SHARE = 0.4
PEOPLE = 30


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.refusals", description=__doc__)
    parser.add_argument("--only", choices=["releases", "archive", "labels", "digit"])
    only = parser.parse_args().only
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    checks = {
        "releases": damaged_releases,
        "archive": damaged_archive,
        "labels": wrong_labels,
        "digit": one_digit_only,
    }
    with tempfile.TemporaryDirectory() as folder:
        held = [check(Path(folder) / name) for name, check in checks.items() if only in (None, name)]
    raise SystemExit(0 if all(held) else 1)


def damaged_releases(folder: Path) -> bool:
    """Each has one flipped bit, anywhere in its files; each is activated by hand, past the check."""
    whole = BUNDLED / "digit" / str(ReleaseStore(folder).current_version("digit"))
    room, rng, refused, served = RecognitionRoom(folder), random.Random(0), 0, 0
    room.load()
    serves = room.status()["digit"]
    for number in range(NUM_DAMAGED):
        damage(shutil.copytree(whole, folder / f"digit/bad{number}"), rng)
        try:
            ReleaseStore(folder).activate("digit", f"bad{number}")
        except BadRelease:
            refused += 1
        (folder / "digit/current").write_text(f"bad{number}\n")
        room._look_at = 0.0
        served += room.recognizer("digit").release == serves
    print(f"{NUM_DAMAGED} damaged releases: {refused} refused; {served} times the old one kept serving")
    return refused == served == NUM_DAMAGED


def damaged_archive(folder: Path) -> bool:
    """An archive of two samples, with each of its bytes damaged in turn."""
    path = folder / "archive.npz"
    write_archive(path, corrections(20).where(np.arange(2)))
    content, refused = path.read_bytes(), 0
    for position in range(len(content)):
        damaged = bytearray(content)
        damaged[position] ^= 1 << position % 8
        path.write_bytes(damaged)
        try:
            read_archive(path)
        except BadArchive:
            refused += 1
    print(f"an archive of {len(content):,} bytes, each damaged in turn: {refused:,} times refused")
    return refused == len(content)


def wrong_labels(folder: Path) -> bool:
    """Corrections of which 40 % say something else than is written, and than was read."""
    archive, rng = corrections(NUM_CORRECTIONS), np.random.default_rng(0)
    labels = archive.labels.copy()
    for i in rng.choice(len(labels), round(WRONG_SHARE * len(labels)), replace=False):
        labels[i] = rng.choice([c for c in DIGITS if c not in (labels[i], archive.predicted[i])])
    share = (labels != archive.labels).mean()
    return is_refused(
        f"{len(labels)} corrections, {share:.0%} wrong", replace(archive, labels=labels), folder
    )


def one_digit_only(folder: Path) -> bool:
    """A candidate that was shown nothing but sevens."""
    from app.training import mixing, retraining

    replayed = mixing.mixed

    def sevens(archive: Archive, heights: Heights) -> Corpus:
        corpus = replayed(archive, heights)
        chosen = corpus.train.allowed[:, DIGITS.index("7")]
        train = Examples(
            corpus.train.glyphs[chosen], corpus.train.allowed[chosen], corpus.train.repeats[chosen]
        )
        return replace(corpus, train=train)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retraining, "mixed", sevens)
        patch.setattr(retraining, "blend", lambda _known, _tuned, _corpus: 1.0)  # as if nobody had looked
        return is_refused("a candidate taught one digit", corrections(NUM_CORRECTIONS), folder)


def is_refused(what: str, archive: Archive, folder: Path) -> bool:
    from app.training.retraining import retrain

    started = time.monotonic()
    outcome = retrain(archive, folder / "releases", folder / "run")
    broken = [f"{each.rule} ({each.found})" for each in outcome.comparison.findings if not each.holds]
    print(outcome.page)
    print(
        f"{what}: {'REFUSED' if broken else 'RELEASED'} in {time.monotonic() - started:.0f} s\n"
        + "\n".join(broken)
    )
    return outcome.release is None


def corrections(count: int) -> Archive:
    """What people whose digits are turned by 30° and slanted would correct."""
    reader = _reader()
    glyphs, labels, read = zip(*islice(_mistakes(reader), count), strict=True)
    return Archive(
        "digit",
        np.array(glyphs),
        np.array(labels),
        np.array([f"person {i * PEOPLE // count}" for i in range(count)]),
        np.array(read),
        np.full(count, reader.release),
        1_800_000_000 + np.arange(count),
        np.full(count, MADE_UP),
        (None,) * count,
    )


def _mistakes(reader: Recognizer) -> Iterator[tuple[Ink, str, str]]:
    """Glyphs that are read wrong, what they are, what they are read as; without end."""
    images, rng = held_out_images(DIGITS), np.random.default_rng(3)
    while True:
        style = Style(30.0, float(rng.choice((-0.5, 0.5))), str(rng.choice(("thin", "thick"))))
        for index in rng.integers(len(images), size=40):
            ink = ink_from_image(png_bytes(write(images.images[index], style, rng)), ImageLimits())
            prediction, label = reader.recognize(ink), str(images.labels[index])
            if prediction.candidates[0].character != label:
                yield glyph_pixels(prediction.glyph), label, prediction.candidates[0].character


def _reader() -> Recognizer:
    room = RecognitionRoom(Path("nowhere"))
    room.load()
    return room.recognizer("digit")


if __name__ == "__main__":
    main()
