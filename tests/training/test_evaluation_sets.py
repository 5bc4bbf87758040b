"""What releases are judged on: rendered as a user's ink is, and never what they were trained on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS
from app.recognition.strokes import Strokes
from app.training import datasets, evaluation_sets
from app.training.datasets import DatasetRefused, Labelled
from app.training.evaluation_sets import glyphs_by_pen, stranger_sets
from app.training.glyphs import Glyphs, Shown, shown_from_strokes
from app.training.negatives import UNLIKE_DIGITS, negative_glyphs
from tests.images import seven


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
    assert thinnest.shown.glyphs.shape == (12, 28, 28)
    for data in others:
        assert np.array_equal(data.truth, thinnest.truth)
        assert data.shown.glyphs.sum() > thinnest.shown.glyphs.sum()


def test_truth_is_the_character_that_was_drawn(unipen: Labelled) -> None:
    assert unipen.strokes is not None
    data = evaluation_sets._from_strokes("Drawn", lambda: unipen, LETTERS)
    is_letter = np.isin(unipen.labels, LETTERS.characters)
    assert "".join(np.array(list(LETTERS))[data.truth]) == "".join(unipen.labels[is_letter])
    expected, traces = shown_from_strokes([unipen.strokes[i] for i in np.flatnonzero(is_letter)])
    assert np.array_equal(data.shown.glyphs, expected)
    assert data.shown.traces is not None
    assert traces is not None
    assert np.array_equal(data.shown.traces, traces)
    pictures = evaluation_sets._from_strokes("Drawn", lambda: unipen, LETTERS, as_pictures=True)
    assert np.array_equal(pictures.shown.glyphs, expected)
    assert pictures.shown.traces is None


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.usefixtures("unipen")
def test_strangers_are_of_the_held_out_family(monkeypatch: pytest.MonkeyPatch, alphabet: str) -> None:
    asked: list[tuple[int, int, bool]] = []

    def few(
        characters: Glyphs, drawings: Sequence[Strokes], _count: int, seed: int, *, held_out: bool = False
    ) -> dict[str, Shown]:
        asked.append((len(characters), len(drawings), held_out))
        return negative_glyphs(characters, drawings, 3, seed, held_out=held_out)

    monkeypatch.setattr(evaluation_sets, "negative_glyphs", few)
    kinds = stranger_sets(alphabet)
    count = 2 * len(ALPHABETS[alphabet])
    assert asked == [(count, count, True)]
    assert kinds.keys() - {"letters"} == {"scribbles", "symbols", "pairs", "drawn pairs"}
    if alphabet == DIGITS.name:
        assert len(kinds["letters"].glyphs) == 2 * len(UNLIKE_DIGITS)
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
    assert data.shown.glyphs.shape == (2, 28, 28)
