"""Going forward and back between releases, and taking up new ones; and that no damaged byte gets in."""

import random
import shutil
from pathlib import Path

import pytest

from app.recognition.errors import BadRelease
from app.recognition.releases import BUNDLED, MANIFEST, ReleaseStore
from app.recognition.service import RecognitionRoom
from tests.recognition.test_releases import make_release


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    """Three of its own, and a bundled one that is in use."""
    for version in ("1", "2", "10"):
        make_release(tmp_path / "own", version)
    make_release(tmp_path / "bundled", "0")
    (tmp_path / "bundled/digit/current").write_text("0\n")
    return ReleaseStore(tmp_path / "own", tmp_path / "bundled")


def test_versions_are_in_the_order_of_their_numbers(store: ReleaseStore, tmp_path: Path) -> None:
    make_release(tmp_path / "own", "next")
    (tmp_path / "own/digit/.11.building").mkdir()
    assert store.versions("digit") == ["0", "1", "2", "10", "next"]
    assert store.next_version("digit") == "11"
    assert store.next_version("character") == "1"


def test_rollback_goes_back_step_by_step(store: ReleaseStore) -> None:
    for version in ("1", "10"):
        store.activate("digit", version)
    assert store.earlier_versions("digit") == ["1", "0"]
    assert [store.roll_back("digit"), store.roll_back("digit")] == ["1", "0"]
    assert store.current_version("digit") == "0"
    with pytest.raises(BadRelease, match="No release of digit was in use before"):
        store.roll_back("digit")


def test_release_that_an_update_took_away_is_followed_by_what_there_is(
    store: ReleaseStore, tmp_path: Path
) -> None:
    store.activate("digit", "1")
    store.roll_back("digit")
    store.activate("digit", "0")
    (tmp_path / "bundled/digit/0").rename(tmp_path / "bundled/digit/3")
    (tmp_path / "bundled/digit/current").write_text("3\n")
    assert store.current_version("digit") == "3"
    assert store.earlier_versions("digit") == []
    store.activate("digit", "1")
    assert store.earlier_versions("digit") == ["3"]


def test_activating_what_is_in_use_changes_nothing(store: ReleaseStore) -> None:
    store.activate("digit", "1")
    store.activate("digit", "1")
    assert store.earlier_versions("digit") == ["0"]


def test_rollback_to_a_damaged_release_changes_nothing(store: ReleaseStore, tmp_path: Path) -> None:
    store.activate("digit", "1")
    store.activate("digit", "2")
    (tmp_path / "own/digit/1/report/a.png").write_bytes(b"other")
    with pytest.raises(BadRelease, match="damaged"):
        store.roll_back("digit")
    assert store.current_version("digit") == "2"


def test_release_made_elsewhere_is_installed(store: ReleaseStore, tmp_path: Path) -> None:
    folder = make_release(tmp_path / "elsewhere", "7")
    assert store.install(folder).name == "digit/7"
    assert store.versions("digit")[-2:] == ["7", "10"]
    assert store.current_version("digit") == "0"
    with pytest.raises(BadRelease, match="installed already"):
        store.install(folder)


def test_damaged_release_is_not_installed(store: ReleaseStore, tmp_path: Path) -> None:
    folder = make_release(tmp_path / "elsewhere", "7")
    (folder / "extra").write_text("more")
    with pytest.raises(BadRelease, match="extra"):
        store.install(folder)
    assert "7" not in store.versions("digit")
    assert not list((tmp_path / "own/digit").glob(".*"))


@pytest.mark.parametrize("separator", ["\r", "\v", "\x1c", " ", "\n\n"])
def test_manifest_is_believed_to_the_letter(store: ReleaseStore, tmp_path: Path, separator: str) -> None:
    path = tmp_path / "own/digit/1" / MANIFEST
    path.write_text(path.read_text().replace("\n", separator, 1), newline="")
    with pytest.raises(BadRelease):
        store.load("digit", "1")


def test_pointer_that_is_no_text_names_no_release(store: ReleaseStore, tmp_path: Path) -> None:
    (tmp_path / "own/digit/current").write_bytes(b"\xff\xfe\n")
    assert store.current_version("digit") == "0"


def test_damaged_bytes_never_get_into_a_server(tmp_path: Path) -> None:
    """A hundred of them, anywhere in the release, are `make gate`."""
    bundled = ReleaseStore(Path("nowhere"))
    whole = BUNDLED / "digit" / str(bundled.current_version("digit"))
    room = RecognitionRoom(tmp_path)
    room.load()
    serves = room.status()["digit"]
    rng = random.Random(0)
    for number in range(6):
        damage(shutil.copytree(whole, tmp_path / f"digit/bad{number}"), rng)
        with pytest.raises(BadRelease):
            ReleaseStore(tmp_path).activate("digit", f"bad{number}")
        (tmp_path / "digit/current").write_text(f"bad{number}\n")
        room._look_at = 0.0
        assert room.recognizer("digit").release == serves


def damage(folder: Path, rng: random.Random) -> None:
    """Flip one bit somewhere in a release; a file is chosen by its size."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    path = rng.choices(files, [file.stat().st_size for file in files])[0]
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)
