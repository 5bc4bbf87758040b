"""The model store: what is verified, what is refused, what changes when a release becomes current."""

import json
import shutil
from pathlib import Path

import pytest

from app.recognition.errors import BadRelease
from app.recognition.releases import (
    CARD,
    COMPILED,
    MANIFEST,
    MAX_VERSION,
    WEIGHTS,
    ReleaseStore,
    write_manifest,
)
from app.recognition.service import SERVED
from app.samples.tables import Sample


def make_release(store: Path, version: str) -> Path:
    folder = store / "digit" / version
    (folder / "report").mkdir(parents=True)
    for name, content in ((WEIGHTS, b"weights"), (COMPILED, b"compiled"), ("report/a.png", b"picture")):
        (folder / name).write_bytes(content)
    (folder / CARD).write_text(json.dumps({"alphabet": "digit"}))
    write_manifest(folder)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    make_release(tmp_path / "own", "1")
    make_release(tmp_path / "bundled", "0")
    (tmp_path / "bundled/digit/current").write_text("0\n")
    return ReleaseStore(tmp_path / "own", tmp_path / "bundled")


def test_the_bundled_release_is_current_at_first(store: ReleaseStore) -> None:
    assert store.current_version("digit") == "0"
    assert store.load("digit", "0").name == "digit/0"


def test_an_activated_release_wins_over_the_bundled_one(store: ReleaseStore) -> None:
    store.activate("digit", "1")
    assert store.current_version("digit") == "1"
    store.activate("digit", "0")
    assert store.current_version("digit") == "0"


def test_an_alphabet_without_release_has_no_current_one(store: ReleaseStore) -> None:
    assert store.current_version("character") is None


@pytest.mark.parametrize("name", [WEIGHTS, COMPILED, CARD, "report/a.png"])
def test_every_flipped_byte_is_refused(store: ReleaseStore, tmp_path: Path, name: str) -> None:
    path = tmp_path / "own/digit/1" / name
    whole = path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    with pytest.raises(BadRelease, match=Path(name).name):
        store.load("digit", "1")


@pytest.mark.parametrize("name", [WEIGHTS, COMPILED, CARD, MANIFEST])
def test_a_missing_file_is_refused(store: ReleaseStore, tmp_path: Path, name: str) -> None:
    (tmp_path / "own/digit/1" / name).unlink()
    with pytest.raises(BadRelease):
        store.load("digit", "1")


def test_a_file_more_is_refused(store: ReleaseStore, tmp_path: Path) -> None:
    (tmp_path / "own/digit/1/extra.pkl").write_bytes(b"code")
    with pytest.raises(BadRelease, match=r"extra\.pkl"):
        store.load("digit", "1")


def test_a_bad_release_never_becomes_current(store: ReleaseStore, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "own/digit/1/report")
    with pytest.raises(BadRelease):
        store.activate("digit", "1")
    assert store.current_version("digit") == "0"


@pytest.mark.parametrize("version", ["", "2", "../digit/1", "..", "/etc", "2" * 300, "\0"])
def test_an_unknown_version_is_refused(store: ReleaseStore, version: str) -> None:
    with pytest.raises(BadRelease):
        store.load("digit", version)


def test_the_longest_name_fits_into_the_tables(tmp_path: Path) -> None:
    longest = max(SERVED, key=len)
    assert len(f"{longest}/{'1' * MAX_VERSION}") == Sample.__table__.c.release.type.length  # type: ignore[attr-defined]
    make_release(tmp_path, "1" * MAX_VERSION)
    make_release(tmp_path, "1" * (MAX_VERSION + 1))
    assert ReleaseStore(tmp_path, Path("nowhere")).versions("digit") == ["1" * MAX_VERSION]


@pytest.mark.parametrize("alphabet", ["digit", "character"])
def test_the_bundled_releases_verify(alphabet: str) -> None:
    store = ReleaseStore(Path("nowhere"))
    version = store.current_version(alphabet)
    assert version is not None
    assert store.load(alphabet, version).card["alphabet"] == alphabet
