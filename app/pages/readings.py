"""What reading a page gives: lines of glyphs, each with its place on the page."""

from dataclasses import dataclass

from app.pages.components import Box
from app.recognition.recognizer import Candidate, Prediction


@dataclass(frozen=True)
class GlyphReading:
    """One character of a line.

    Attributes:
        character: what it says; one of the network's characters, or a sign of `expectations.MARKS`.
        box: where it stands, in pixels of the upright page.
        candidates: best first, after a look at the line; their probabilities are what the line leaves of them.
        confidence: probability of `character`.
        is_doubtful: whether a person should look at it.
        prediction: what the network said of it alone, for a receipt; None for a sign that no network reads.
    """

    character: str
    box: Box
    candidates: tuple[Candidate, ...]
    confidence: float
    is_doubtful: bool
    prediction: Prediction | None


@dataclass(frozen=True)
class LineReading:
    """A line.

    Attributes:
        text: what it says, with spaces between words.
        confidence: probability that all of it is right.
        box: where it stands, in pixels of the upright page.
        glyphs: its characters, from left to right.
        likeness: mean probability that these are whole characters at all.
        left_out: marks between its characters that were not read: a decimal point, perhaps, where none is expected.
    """

    text: str
    confidence: float
    box: Box
    glyphs: tuple[GlyphReading, ...]
    likeness: float = 1.0
    left_out: tuple[Box, ...] = ()


@dataclass(frozen=True)
class PageReading:
    """A page.

    Attributes:
        rotation: 0, 90, 180 or 270; degrees clockwise by which the picture was turned to be upright.
        skew_deg: by how much the lines of the upright page fall to the right, in degrees.
        size: (width, height) of the upright page, in pixels of the picture that was given.
        lines: in reading order; boxes are in pixels of the upright page.
        unread: where lines stand that do not fit what was expected.
    """

    rotation: int
    skew_deg: float
    size: tuple[int, int]
    lines: tuple[LineReading, ...]
    unread: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(line.text for line in self.lines)
