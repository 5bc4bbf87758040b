"""How samples are split and mixed: nobody's ink on both sides, nothing later learned than judged, enough replayed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.recognition.alphabets import DIGITS
from app.samples.archive import Archive
from app.training import mixing
from app.training.corpus import Examples
from app.training.mixing import CannotRetrain, learnable, mixed, split
from app.training.recipes import Corpus, Sampling
from tests.samples.test_archive import archive as few


def archive(count: int = 1_000, people: int = 40, **changes: Any) -> Archive:
    rng = np.random.default_rng(0)
    values = {
        "writers": np.array([f"person {i}" for i in rng.integers(people, size=count)]),
        "times": rng.permutation(count) + 1_800_000_000,
    }
    return replace(few(count), **{**values, **changes})


def test_a_part_of_the_people_is_never_learned_from() -> None:
    samples = split(archive())
    strangers = set(samples.held_out.writers[samples.by_strangers])
    assert 3 <= len(strangers) <= 16
    assert not strangers & set(samples.train.writers)


def test_what_is_learned_is_older_than_what_known_people_are_judged_by() -> None:
    samples = split(archive())
    assert samples.train.times.max() < samples.held_out.times[~samples.by_strangers].min()


def test_every_sample_is_on_one_side() -> None:
    samples = split(archive())
    assert len(samples.train) + len(samples.held_out) == 1_000
    assert 0.25 < len(samples.held_out) / 1_000 < 0.5


def test_people_stay_on_their_side_when_more_is_known() -> None:
    before, after = split(archive(800)), split(archive(1_000))
    strangers = [set(each.held_out.writers[each.by_strangers]) for each in (before, after)]
    assert strangers[0] == strangers[1]


def test_few_people_are_split_by_time_alone() -> None:
    samples = split(archive(people=3))
    assert len(samples.held_out) == 200
    assert not samples.by_strangers.any()


def test_the_same_picture_is_never_on_both_sides() -> None:
    images = np.repeat(few(10).images, 100, axis=0)
    samples = split(archive(images=np.concatenate([images[:999], few(20).images[-1:]])))
    held_out = {image.tobytes() for image in samples.held_out.images}
    assert not held_out & {image.tobytes() for image in samples.train.images}


@pytest.mark.parametrize("count", [0, 1])
def test_too_little_is_refused_in_words(count: int) -> None:
    with pytest.raises(CannotRetrain, match="too few"):
        split(archive(count))


def test_pictures_are_learned_as_they_were_seen() -> None:
    samples = archive(4, strokes=(None,) * 4)
    found = learnable(samples, DIGITS)
    assert np.array_equal(found.glyphs[:, 0], samples.images)
    assert [DIGITS.characters[row.argmax()] for row in found.allowed] == samples.labels.tolist()


def test_drawings_are_drawn_anew() -> None:
    found = learnable(archive(4), DIGITS)
    assert found.glyphs.shape[:2] == (4, mixing.REPLAYED.renderings)
    drawn = found.glyphs[2:]  # those with strokes come last
    assert (drawn[:, 0] != drawn[:, 1]).any()


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def replay(count: int) -> None:
        allowed = np.eye(11, dtype=bool)[np.arange(count) % 11]
        train = Examples(np.zeros((count, 1, 28, 28), np.uint8), allowed, np.ones(count, np.float32))
        monkeypatch.setattr(mixing, "CORPORA", {"digit": lambda _sampling: Corpus(train, {}, ())})

    return replay


@pytest.mark.parametrize(("replayed", "repeats"), [(400, 4.0), (40, 1.0), (20, 0.5)])
def test_twice_as_much_is_replayed_as_learned(
    replay: Callable[[int], None], replayed: int, repeats: float
) -> None:
    replay(replayed)
    corpus = mixed(archive(20, strokes=(None,) * 20), {"7": (0.1, 0.2)})
    assert corpus.train.repeats[replayed:].tolist() == [repeats] * 20
    assert corpus.heights == {"7": (0.1, 0.2)}


def test_replay_is_a_part_of_the_training_data() -> None:
    assert 0 < mixing.REPLAYED.share < 1
    assert Sampling().share == 1
