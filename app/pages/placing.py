"""From the page as it was read, upright, level and at its working size, back to the picture that was given."""

from dataclasses import dataclass, replace
from math import cos, radians, sin

from app.pages.components import Box
from app.pages.readings import LineReading


@dataclass(frozen=True)
class Placing:
    """How the page that was read came from the picture.

    Attributes:
        given: (width, height) of the picture.
        turn: by which it was turned clockwise, in degrees.
        read: (width, height) of the upright page that was read.
        skew_deg: by which its lines fell to the right before they were levelled.
    """

    given: tuple[int, int]
    turn: int
    read: tuple[int, int]
    skew_deg: float

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) of the upright page, in pixels of the picture."""
        return self.given if self.turn % 180 == 0 else (self.given[1], self.given[0])

    def line(self, line: LineReading) -> LineReading:
        """With boxes in pixels of the upright page."""
        glyphs = tuple(replace(glyph, box=self.box(glyph.box)) for glyph in line.glyphs)
        left_out = tuple(map(self.box, line.left_out))
        return replace(line, box=self.box(line.box), glyphs=glyphs, left_out=left_out)

    def box(self, box: Box) -> Box:
        """A box, its centre turned back by the skew, at the size of the picture."""
        width, height = self.read
        x, y = box.centre_x - width / 2, box.centre_y - height / 2
        angle = radians(self.skew_deg)
        x, y = x * cos(angle) - y * sin(angle), x * sin(angle) + y * cos(angle)
        scale = self.size[0] / width
        left = round((x + width / 2 - box.width / 2) * scale)
        top = round((y + height / 2 - box.height / 2) * scale)
        size = max(1, round(box.width * scale)), max(1, round(box.height * scale))
        return Box(max(0, left), max(0, top), *size)
