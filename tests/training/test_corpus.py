"""The split and the balance of training data."""

from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, Alphabet
from app.training import corpus
from app.training.corpus import (
    Examples,
    balanced,
    examples,
    negatives,
    split_at_end,
    split_by_image,
    split_by_writer,
)
from app.training.datasets import Labelled
from app.training.glyphs import Shown, shown_from_strokes

if TYPE_CHECKING:
    from app.recognition.strokes import Strokes


def labelled(labels: str, strokes: bool = False) -> Labelled:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (len(labels), 28, 28)).astype(np.uint8)
    writers = np.array([f"writer {i % 40}" for i in range(len(labels))])
    lines: list[Strokes] = [(np.array([[0, 0], [5, 9 + i % 3]], np.float32),) for i in range(len(labels))]
    return Labelled("made up", images, np.array(list(labels)), writers, lines if strokes else None)


def test_no_writer_is_on_both_sides() -> None:
    train, validation = split_by_writer(labelled("0123456789" * 40), 0.3)
    assert train.writers is not None
    assert validation.writers is not None
    assert not set(train.writers) & set(validation.writers)
    assert len(train) + len(validation) == 400
    assert 40 <= len(validation) <= 200


def test_equal_images_fall_on_the_same_side() -> None:
    once = labelled("0123456789" * 30)
    twice = once.where(np.tile(np.arange(300), 2))
    train, validation = split_by_image(twice, 0.2)
    assert len(validation) % 2 == 0
    assert not {i.tobytes() for i in train.images} & {i.tobytes() for i in validation.images}


def test_the_end_is_held_out() -> None:
    train, validation = split_at_end(labelled("0123456789"), 3)
    assert ("".join(train.labels), "".join(validation.labels)) == ("0123456", "789")


def meanings(data: Examples, alphabet: Alphabet) -> list[str]:
    """What each example may be; "–" stands for no character."""
    names = np.array([*alphabet, "–"])
    return ["".join(names[row]) for row in data.allowed]


@pytest.mark.parametrize(
    ("alphabet", "labels", "expected"),
    [
        (DIGITS, "7A0z", ["7", "–", "0", "–"]),
        (LETTERS, "7A0z", ["–", "A", "–", "z"]),
        (COMBINED, "7A", ["7", "A"]),
    ],
)
def test_a_label_that_the_alphabet_lacks_is_no_character(
    alphabet: Alphabet, labels: str, expected: list[str]
) -> None:
    data = examples(labelled(labels), alphabet)
    assert data.allowed.shape == (len(labels), alphabet.num_outputs)
    assert meanings(data, alphabet) == expected


def test_a_letter_of_unknown_case_allows_both() -> None:
    assert meanings(examples(labelled("AZ5"), LETTERS, caseless=True), LETTERS) == ["Aa", "Zz", "–"]
    assert meanings(examples(labelled("A5"), DIGITS, caseless=True), DIGITS) == ["–", "5"]


def test_strokes_are_rendered_several_times() -> None:
    data = examples(labelled("17", strokes=True), DIGITS, renderings=3)
    assert data.glyphs.shape == (2, 3, 28, 28)
    assert len(np.unique(data.glyphs[0], axis=0)) == 3
    again = examples(labelled("17", strokes=True), DIGITS, renderings=3)
    assert np.array_equal(data.glyphs, again.glyphs)


def test_strokes_are_varied_unless_they_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "_RASTERS", (4.0,))
    monkeypatch.setattr(corpus, "PEN_WIDTHS_PX", (2.4, 2.4))
    data = labelled("17", strokes=True)
    assert data.strokes is not None
    plain = shown_from_strokes(data.strokes)
    once = examples(data, DIGITS).shown()
    assert np.array_equal(once.inputs(), plain.inputs())
    varied = examples(data, DIGITS, renderings=2).glyphs
    assert (varied != plain.glyphs[:, None]).any(axis=(2, 3)).all()


def test_several_negatives_make_one_example() -> None:
    glyphs = np.random.default_rng(0).integers(0, 256, (7, 28, 28), np.uint8)
    data = negatives(Shown(glyphs), DIGITS, renderings=3)
    assert len(data) == 2  # the seventh is left over
    assert np.array_equal(data.glyphs.reshape(6, 28, 28), glyphs[:6])
    assert meanings(data, DIGITS) == ["–", "–"]
    assert data.repeats.tolist() == [1, 1]
    assert negatives(Shown(glyphs), LETTERS).glyphs.shape == (7, 1, 28, 28)


def test_rare_characters_are_used_more_often() -> None:
    allowed = np.eye(11, dtype=bool)[[0] * 90 + [10] * 10]
    data = balanced(Examples(np.zeros((100, 1, 28, 28), np.uint8), allowed, np.ones(100, np.float32)))
    assert data.repeats[-1] == pytest.approx(3 * data.repeats[0])


def test_joined_examples_keep_their_rows() -> None:
    one, several = (
        examples(labelled("12"), DIGITS),
        examples(labelled("34", strokes=True), DIGITS, renderings=2),
    )
    both = Examples.joined([one, several])
    assert both.glyphs.shape == (4, 2, 28, 28)
    assert both.traces is not None
    assert several.traces is not None
    assert not both.traces[:2].any(), "a picture has no trace"
    assert np.array_equal(both.traces[2:], several.traces)
    assert Examples.joined([one, one]).traces is None
    assert meanings(both, DIGITS) == ["1", "2", "3", "4"]
