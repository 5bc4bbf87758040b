"""What releases are judged on: rendered as a user's ink is, and never what they were trained on."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS
from app.training import datasets, evaluation_sets
from app.training.datasets import DatasetRefused, Labelled
from app.training.evaluation_sets import glyphs_by_pen, stranger_sets
from app.training.glyphs import Glyphs, glyphs_from_strokes
from app.training.negatives import UNLIKE_DIGITS, negative_glyphs
from tests.images import seven

if TYPE_CHECKING:
    from app.recognition.strokes import Strokes


@pytest.fixture
def unipen(monkeypatch: pytest.MonkeyPatch) -> Labelled:
    """Two drawings of each character instead of the pinned ones."""
    rng = np.random.default_rng(0)
    labels = np.array(list(COMBINED) * 2)
    strokes: list[Strokes] = [(rng.uniform(0, 100, (4, 2)).astype(np.float32),) for _ in labels]
    data = Labelled("unipen-eval", np.zeros((len(labels), 1, 1), np.uint8), labels, None, strokes)
    monkeypatch.setattr(datasets, "load_unipen", lambda _part: data)
    return data


@pytest.mark.usefixtures("unipen")
def test_pens_draw_the_same_characters_with_more_or_less_ink() -> None:
    by_pen = glyphs_by_pen("digit", 12)
    assert [name.split(",")[0] for name in by_pen] == [f"pen of {px} px" for px in range(1, 7)]
    thinnest, *others = by_pen.values()
    assert thinnest.glyphs.shape == (12, 28, 28)
    for data in others:
        assert np.array_equal(data.truth, thinnest.truth)
        assert data.glyphs.sum() > thinnest.glyphs.sum()


def test_truth_is_the_character_that_was_drawn(unipen: Labelled) -> None:
    assert unipen.strokes is not None
    data = evaluation_sets._from_strokes("Drawn", lambda: unipen, LETTERS)
    is_letter = np.isin(unipen.labels, LETTERS.characters)
    assert "".join(np.array(list(LETTERS))[data.truth]) == "".join(unipen.labels[is_letter])
    expected = glyphs_from_strokes([unipen.strokes[i] for i in np.flatnonzero(is_letter)])
    assert np.array_equal(data.glyphs, expected)


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.usefixtures("unipen")
def test_strangers_are_of_the_held_out_family(monkeypatch: pytest.MonkeyPatch, alphabet: str) -> None:
    asked: list[tuple[int, bool]] = []

    def few(characters: Glyphs, _count: int, seed: int, *, held_out: bool = False) -> dict[str, Glyphs]:
        asked.append((len(characters), held_out))
        return negative_glyphs(characters, 3, seed, held_out=held_out)

    monkeypatch.setattr(evaluation_sets, "negative_glyphs", few)
    kinds = stranger_sets(alphabet)
    assert asked == [(2 * len(ALPHABETS[alphabet]), True)]
    assert kinds.keys() - {"letters"} == {"scribbles", "symbols", "pairs"}
    if alphabet == DIGITS.name:
        assert len(kinds["letters"]) == 2 * len(UNLIKE_DIGITS)
    else:
        assert "letters" not in kinds


def test_pictures_are_labelled_by_their_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    folder = tmp_path / "eval/drawn"
    folder.mkdir(parents=True)
    with pytest.raises(DatasetRefused, match="no picture"):
        evaluation_sets._from_files("Drawn", "drawn", DIGITS)
    for name in ("7_1.png", "1_x_2.png", "a_1.png"):
        (folder / name).write_bytes(seven())
    data = evaluation_sets._from_files("Drawn", "drawn", DIGITS)
    assert data.truth.tolist() == [1, 7]
    assert data.glyphs.shape == (2, 28, 28)
