"""A page reader for tests: one line, and in it a character for each thing that hangs together, read by the room."""

import numpy as np
from PIL import Image

from app.pages.components import Box, connected_components
from app.pages.expectations import Expectation
from app.pages.readings import GlyphReading, LineReading, PageReading
from app.recognition.errors import NoInk
from app.recognition.lighting import ink_from_gray
from tests.fakes import FakeRoom


class FakePages:
    """Has what the web needs of a PageReader; every character of which the room is less than 0.8 sure is doubtful."""

    def __init__(self, room: FakeRoom) -> None:
        self._room = room

    def read(self, image: Image.Image, expect: Expectation | None = None) -> PageReading:
        assert expect is not None
        ink = ink_from_gray(image)
        found = connected_components(ink >= 80)
        if not len(found):
            raise NoInk("There is nothing to read: the picture is blank. Upload one with writing on it.")
        recognizer, glyphs = self._room.recognizer(expect.alphabet.name), []
        for box in sorted((found.box(i) for i in range(len(found))), key=lambda box: box.x):
            prediction = recognizer.recognize(
                np.ascontiguousarray(ink[box.y : box.bottom, box.x : box.right])
            )
            is_doubtful = prediction.confidence < 0.8
            best = prediction.candidates[0]
            glyphs.append(
                GlyphReading(
                    best.character, box, prediction.candidates, best.probability, is_doubtful, prediction
                )
            )
        text = "".join(glyph.character for glyph in glyphs)
        line = LineReading(text, 0.9, Box.around([glyph.box for glyph in glyphs]), tuple(glyphs))
        return PageReading(0, 0.0, (image.width, image.height), (line,))
