"""Archives: what was written comes back, and nothing else is believed."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.samples.archive import Archive, BadArchive, read_archive, write_archive


def archive(count: int = 6, **changes: Any) -> Archive:
    rng = np.random.default_rng(3)
    line = np.array([[1.5, 2], [3, 4.25]], np.float32)
    values: dict[str, Any] = {
        "alphabet": "digit",
        "images": rng.integers(256, size=(count, 28, 28)).astype(np.uint8),
        "labels": np.array([str(i % 10) for i in range(count)]),
        "writers": np.array([f"writer-{i % 3}" for i in range(count)]),
        "predicted": np.array(["7"] * count),
        "releases": np.array(["digit/1"] * count),
        "times": np.arange(count, dtype=np.int64) + 1_800_000_000,
        "sources": np.array(["draw"] * count),
        "strokes": tuple((line, line[:1] + i) if i % 2 else None for i in range(count)),
    }
    return Archive(**{**values, **changes})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "samples.npz"


def reseal(path: Path, **arrays: Any) -> None:
    """An archive as a hostile program would write it: its seal fits, its arrays are what they like."""
    with np.load(path) as parts:
        changed = {**{name: parts[name] for name in parts.files}, **arrays}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=True, **changed)
    with zipfile.ZipFile(buffer, "a") as parts:
        parts.comment = b"x" * 64
    from app.samples.archive import _seal

    body = buffer.getvalue()[:-64]
    path.write_bytes(body + _seal(body))


def test_what_was_written_comes_back(path: Path) -> None:
    given = archive()
    write_archive(path, given)
    found = read_archive(path)
    assert (found.alphabet, len(found)) == ("digit", 6)
    for name in ("images", "labels", "writers", "predicted", "releases", "times", "sources"):
        assert np.array_equal(getattr(found, name), getattr(given, name)), name
    for mine, theirs in zip(found.strokes, given.strokes, strict=True):
        assert (mine is None) == (theirs is None)
        assert all(np.array_equal(a, b) for a, b in zip(mine or (), theirs or (), strict=True))


def test_samples_without_strokes_come_back_without(path: Path) -> None:
    write_archive(path, archive(strokes=(None,) * 6))
    assert read_archive(path).strokes == (None,) * 6


def test_archive_may_be_empty(path: Path) -> None:
    write_archive(path, archive(0))
    assert len(read_archive(path)) == 0


def test_any_program_reads_it(path: Path) -> None:
    write_archive(path, archive())
    with np.load(path, allow_pickle=False) as parts:
        assert parts["labels"].tolist() == ["0", "1", "2", "3", "4", "5"]


def test_selection_keeps_rows_together() -> None:
    chosen = archive().where(np.array([5, 1]))
    assert chosen.labels.tolist() == ["5", "1"]
    assert [len(sample or ()) for sample in chosen.strokes] == [2, 2]
    assert len(archive().where(archive().labels > "3")) == 2


def test_flipped_byte_is_refused_wherever_it_is(path: Path) -> None:
    write_archive(path, archive(2))
    content = path.read_bytes()
    for position in range(0, len(content), 13):
        damaged = bytearray(content)
        damaged[position] ^= 1 << position % 8
        path.write_bytes(damaged)
        with pytest.raises(BadArchive, match="seal"):
            read_archive(path)


@pytest.mark.parametrize("kept", [0, 64, 1_000, -1])
def test_cut_archive_is_refused(path: Path, kept: int) -> None:
    write_archive(path, archive())
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(BadArchive):
        read_archive(path)


def test_missing_file_is_named(path: Path) -> None:
    with pytest.raises(BadArchive, match=r"no archive at .*samples\.npz"):
        read_archive(path)


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"labels": np.array(list("01234A"))}, "alphabet “digit” lacks"),
        ({"alphabet": np.array("klingon")}, "no alphabet 'klingon'"),
        ({"format": np.array(2)}, "its format is 2"),
        ({"images": np.zeros((6, 28, 27), np.uint8)}, "images have the shape"),
        ({"images": np.zeros((6, 28, 28))}, "images are <f8"),
        ({"times": np.zeros(5, np.int64)}, "times have the shape"),
        ({"extra": np.zeros(1)}, "extra"),
        ({"labels": np.array([None] * 6)}, "no archive of samples"),
        ({"points": np.full((9, 2), np.nan, np.float32)}, "strokes"),
        ({"strokes_per_sample": np.full(6, -1, np.int32)}, "strokes"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_sealed_nonsense_is_refused(path: Path, arrays: dict[str, Any], reason: str) -> None:
    write_archive(path, archive())
    reseal(path, **arrays)
    with pytest.raises(BadArchive, match=reason):
        read_archive(path)


def test_archive_that_unpacks_to_too_much_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_archive(path, archive(strokes=(None,) * 6, images=np.zeros((6, 28, 28), np.uint8)))
    monkeypatch.setattr("app.samples.archive.MAX_BYTES", 5_000)
    with pytest.raises(BadArchive, match="unpacks to"):
        read_archive(path)


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.array(list("01234A"))},
        {"labels": np.array(["10"] * 6)},
        {"writers": np.array(["w" * 41] * 6)},
        {"strokes": (None,) * 5},
        {"alphabet": "klingon"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_nonsense_is_not_written(path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(BadArchive):
        write_archive(path, replace(archive(), **changes))
    assert not path.exists()


def test_writing_replaces_whole_files_only(path: Path) -> None:
    write_archive(path, archive())
    write_archive(path, archive(3))
    assert len(read_archive(path)) == 3
    assert list(path.parent.iterdir()) == [path]
