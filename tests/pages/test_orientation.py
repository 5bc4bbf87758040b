"""The way up of a page is asked of the networks, and no more often than it takes."""

from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from app.pages.orientation import upright_turn
from app.pages.paper import ink_of_page
from app.pages.reader import Writing, writing_on
from app.recognition.alphabets import DIGITS
from app.recognition.recognizer import Recognizer
from app.recognition.service import RecognitionRoom
from tests.pages.drawn import loaded_room, page


class CountingRoom:
    """Counts the glyphs that the networks of a room are shown."""

    def __init__(self, room: RecognitionRoom) -> None:
        self._room, self.shown = room, 0

    def recognizer(self, name: str) -> Recognizer:
        self._recognizer = self._room.recognizer(name)
        return cast("Recognizer", self)

    def probabilities(self, glyphs: NDArray[np.float32]) -> NDArray[np.float32]:
        self.shown += len(glyphs)
        return self._recognizer.probabilities(glyphs)


@pytest.fixture
def room(tmp_path: object) -> CountingRoom:
    return CountingRoom(loaded_room(str(tmp_path)))


@pytest.fixture
def writing() -> Writing:
    return writing_on(ink_of_page(page("2471903", "58360")))


def turn(room: CountingRoom, writing: Writing) -> int:
    return upright_turn(cast("RecognitionRoom", room), DIGITS, writing.ink, writing.found, writing.height)


def test_an_upright_page_is_shown_once(room: CountingRoom, writing: Writing) -> None:
    assert turn(room, writing) == 0
    assert room.shown == len(writing.found)


def test_a_turned_page_is_shown_in_all_turns(room: CountingRoom, writing: Writing) -> None:
    lying = writing_on(np.ascontiguousarray(np.rot90(writing.ink)))
    assert turn(room, lying) == 90
    assert room.shown == 4 * len(writing.found)
