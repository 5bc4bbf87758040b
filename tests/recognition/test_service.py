"""The room the web sees, with the networks that ship."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.recognition.errors import NoNetwork, UnknownAlphabet
from app.recognition.releases import BUNDLED, COMPILED, ReleaseStore
from app.recognition.service import RecognitionRoom, load_recognizer
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from tests.fakes import SEVEN


@pytest.fixture
def room(tmp_path: Path) -> RecognitionRoom:
    room = RecognitionRoom(tmp_path)
    room.load()
    return room


def look_now(room: RecognitionRoom) -> None:
    room._look_at = 0.0


def test_both_networks_are_loaded(room: RecognitionRoom) -> None:
    assert set(room.status()) == {"digit", "character"}
    assert all(room.status().values())


def test_a_drawn_seven_is_a_seven(room: RecognitionRoom) -> None:
    answer = room.recognizer("digit").recognize(ink_from_strokes(parse_strokes(SEVEN, StrokeLimits())))
    assert answer.candidates[0].character == "7"
    assert answer.rejected is None


def test_another_alphabet_is_refused(room: RecognitionRoom) -> None:
    with pytest.raises(UnknownAlphabet):
        room.recognizer("kanji")
    with pytest.raises(NoNetwork):
        room.recognizer("combined")


def test_a_new_release_is_picked_up_and_a_broken_one_is_not(room: RecognitionRoom, tmp_path: Path) -> None:
    current = ReleaseStore(tmp_path).current_version("digit")
    shutil.copytree(BUNDLED / "digit" / str(current), tmp_path / "digit/next")
    shutil.copytree(BUNDLED / "digit" / str(current), tmp_path / "digit/broken")
    ReleaseStore(tmp_path).activate("digit", "next")
    look_now(room)
    assert room.recognizer("digit").release == "digit/next"
    (tmp_path / "digit/broken" / COMPILED).write_bytes(b"no network")
    (tmp_path / "digit/current").write_text("broken\n")
    look_now(room)
    assert room.recognizer("digit").release == "digit/next"


def test_without_a_usable_release_the_room_says_so(tmp_path: Path) -> None:
    (tmp_path / "digit").mkdir()
    (tmp_path / "digit/current").write_text("missing\n")
    room = RecognitionRoom(tmp_path)
    room.load()
    assert room.status()["digit"] is None
    with pytest.raises(NoNetwork, match="not installed"):
        room.recognizer("digit")


@pytest.mark.parametrize("alphabet", ["digit", "character"])
def test_keras_and_litert_agree_on_a_thousand_glyphs(alphabet: str) -> None:
    store = ReleaseStore(Path("nowhere"))
    release = store.load(alphabet, str(store.current_version(alphabet)))
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (1000, 7, 7, 1)) * rng.integers(0, 2, (1000, 7, 7, 1))
    glyphs = (np.kron(pixels, np.ones((1, 4, 4, 1))) / 255).astype(np.float32)
    litert = load_recognizer(release, "litert").probabilities(glyphs)
    keras = load_recognizer(release, "keras").probabilities(glyphs)
    assert np.abs(litert - keras).max() < 1e-3
    assert len(np.unique(litert.argmax(axis=1))) > 3


def test_threads_share_a_network_and_get_their_own_answers(room: RecognitionRoom) -> None:
    recognizer = room.recognizer("digit")
    glyphs = np.random.default_rng(1).random((8, 28, 28, 1), np.float32)
    alone = [recognizer.probabilities(glyph[None])[0] for glyph in glyphs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda i: recognizer.probabilities(glyphs[i % 8][None])[0], range(400)))
    assert all(np.allclose(answer, alone[i % 8], atol=1e-6) for i, answer in enumerate(together))
