"""The room the web sees, with the networks that ship."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from app.recognition.alphabets import ALPHABETS
from app.recognition.errors import BadRelease, NoNetwork, UnknownAlphabet
from app.recognition.normalize import normalize
from app.recognition.releases import BUNDLED, CARD, COMPILED, ReleaseStore, write_manifest
from app.recognition.service import OPTIONAL, SERVED, RecognitionRoom, load_recognizer
from app.recognition.strokes import StrokeLimits, ink_from_strokes, parse_strokes
from tests.fakes import SEVEN


@pytest.fixture
def room(tmp_path: Path) -> RecognitionRoom:
    room = RecognitionRoom(tmp_path)
    room.load()
    return room


def look_now(room: RecognitionRoom) -> None:
    room._look_at = 0.0


def make_current(store: Path, version: str) -> Path:
    """Copy the bundled digit release into a store, as its current one; returns its folder."""
    folder = store / "digit" / version
    shutil.copytree(BUNDLED / "digit" / str(ReleaseStore(store).current_version("digit")), folder)
    (store / "digit/current").write_text(version + "\n")
    return folder


def test_all_that_a_server_needs_is_loaded(room: RecognitionRoom) -> None:
    assert {"digit", "character"} == set(SERVED) - set(OPTIONAL)
    assert all(release for alphabet, release in room.status().items() if alphabet not in OPTIONAL)


def test_a_drawn_seven_is_a_seven(room: RecognitionRoom) -> None:
    answer = room.recognizer("digit").recognize(ink_from_strokes(parse_strokes(SEVEN, StrokeLimits())))
    assert answer.candidates[0].character == "7"
    assert answer.rejected is None


def test_another_alphabet_is_refused(room: RecognitionRoom) -> None:
    with pytest.raises(UnknownAlphabet):
        room.recognizer("kanji")


def test_an_alphabet_without_a_network_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ReleaseStore, "current_version", lambda _store, _alphabet: None)
    with pytest.raises(NoNetwork):
        RecognitionRoom(tmp_path).recognizer("digit")


def test_a_new_release_is_picked_up_and_a_broken_one_is_not(room: RecognitionRoom, tmp_path: Path) -> None:
    shutil.copytree(make_current(tmp_path, "next"), tmp_path / "digit/broken")
    look_now(room)
    assert room.recognizer("digit").release == "digit/next"
    (tmp_path / "digit/broken" / COMPILED).write_bytes(b"no network")
    (tmp_path / "digit/current").write_text("broken\n")
    look_now(room)
    assert room.recognizer("digit").release == "digit/next"
    release = room.release("digit")
    assert release is not None
    assert release.version == "next"


@pytest.mark.parametrize("key", ["temperature", "reject_below", "stranger_above", "golden"])
def test_a_release_from_before_its_card_had_a_key_is_not_used(tmp_path: Path, key: str) -> None:
    folder = make_current(tmp_path, "before")
    card = json.loads((folder / CARD).read_text())
    del card[key]
    (folder / CARD).write_text(json.dumps(card))
    write_manifest(folder)
    room = RecognitionRoom(tmp_path)
    room.load()
    assert room.status()["digit"] is None
    assert room.status()["character"] is not None


def test_a_network_that_forgot_its_golden_glyph_is_refused(tmp_path: Path) -> None:
    make_current(tmp_path, "next")
    release = ReleaseStore(tmp_path).load("digit", "next")
    release.card["golden"]["probability"] -= 0.06
    with pytest.raises(BadRelease, match="golden glyph"):
        load_recognizer(release)


def test_the_room_knows_its_release_and_reads_it_once(tmp_path: Path) -> None:
    folder = make_current(tmp_path, "next")
    room = RecognitionRoom(tmp_path)
    room.load()
    release = room.release("digit")
    assert release is not None
    assert (release.name, release.folder) == ("digit/next", folder)
    assert room.release("klingon") is None
    (folder / CARD).write_text("{}")
    assert room.release("digit") is release


def test_without_a_usable_release_the_room_says_so(tmp_path: Path) -> None:
    (tmp_path / "digit/broken").mkdir(parents=True)
    (tmp_path / "digit/current").write_text("broken\n")
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
    drawings = [(rng.random((rng.integers(2, 7), 2)).astype(np.float32),) for _ in range(1000)]
    glyphs = np.stack([normalize(ink_from_strokes(strokes)) for strokes in drawings])
    litert = load_recognizer(release, "litert").probabilities(glyphs)
    keras = load_recognizer(release, "keras").probabilities(glyphs)
    assert litert.shape == keras.shape == (1000, ALPHABETS[alphabet].num_outputs)
    assert np.abs(litert - keras).max() < 0.05
    assert np.abs(litert - keras).mean() < 1e-3
    assert len(np.unique(litert[:, :-1].argmax(axis=1))) > 3


def test_threads_share_a_network_and_get_their_own_answers(room: RecognitionRoom) -> None:
    recognizer = room.recognizer("digit")
    glyphs = np.random.default_rng(1).random((8, 28, 28, 1), np.float32)
    alone = [recognizer.probabilities(glyph[None])[0] for glyph in glyphs]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda i: recognizer.probabilities(glyphs[i % 8][None])[0], range(400)))
    assert all(np.allclose(answer, alone[i % 8], atol=1e-6) for i, answer in enumerate(together))
