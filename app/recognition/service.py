"""The one class of this room that the web sees: a recognizer for each alphabet, always of the current release."""

import base64
import logging
import threading
import time
from pathlib import Path

from app.recognition.alphabets import ALPHABETS, COMBINED, DIGITS, LETTERS, alphabet_named
from app.recognition.engine import Engine, KerasEngine, LiteRTEngine
from app.recognition.errors import BadRelease, NoNetwork, RecognitionError
from app.recognition.pictures import glyph_from_pixels, pixels_from_bytes
from app.recognition.recognizer import Calibration, Recognizer
from app.recognition.releases import COMPILED, WEIGHTS, Release, ReleaseStore

log = logging.getLogger(__name__)

SERVED = (DIGITS.name, LETTERS.name, COMBINED.name)
"""Alphabets whose networks are loaded at start-up."""

OPTIONAL = (COMBINED.name,)
"""Those among them that a server may do without."""

_LOOK_EVERY_S = 2.0
_GOLDEN_TOLERANCE = 0.05
"""As far as Keras and the compiled network, whose weights are rounded, may differ."""


class RecognitionRoom:
    """Loads every served network once a process, and again when another release becomes current."""

    def __init__(self, releases_dir: Path, engine: str = "litert") -> None:
        self._store = ReleaseStore(releases_dir)
        self._engine = engine
        self._releases: dict[str, Release] = {}
        self._recognizers: dict[str, Recognizer] = {}
        self._tried: dict[str, str | None] = {}
        self._lock = threading.Lock()
        self._look_at = 0.0

    def load(self) -> None:
        """Load and check every network. One that is unusable is logged; its alphabet answers NoNetwork."""
        for alphabet in SERVED:
            self._refresh(alphabet)
        self._look_at = time.monotonic() + _LOOK_EVERY_S

    def recognizer(self, alphabet: str) -> Recognizer:
        """The current recognizer. Raises UnknownAlphabet, or NoNetwork when no usable network is installed."""
        name = alphabet_named(alphabet).name
        if time.monotonic() >= self._look_at:
            self._look_again()
        if name not in self._recognizers:
            raise NoNetwork(
                "The network for the alphabet “%(name)s” is not installed or unusable; try again later.",
                name=name,
            )
        return self._recognizers[name]

    def status(self) -> dict[str, str | None]:
        """The release that answers for each served alphabet, or None."""
        return {name: r.release if (r := self._recognizers.get(name)) else None for name in SERVED}

    def release(self, alphabet: str) -> Release | None:
        """The release that answers for an alphabet, as it was when it was verified and loaded, or None."""
        return self._releases.get(alphabet)

    def _look_again(self) -> None:
        """Pick up a release that became current; at most one thread looks, the others go on with what they have."""
        if self._lock.acquire(blocking=False):
            try:
                self._look_at = time.monotonic() + _LOOK_EVERY_S
                for alphabet in SERVED:
                    self._refresh(alphabet)
            finally:
                self._lock.release()

    def _refresh(self, alphabet: str) -> None:
        """Load the current release unless it was tried already; keep the old one when the new is unusable."""
        try:
            version = self._store.current_version(alphabet)
            if version == self._tried.get(alphabet, ""):
                return
            self._tried[alphabet] = version
            if version is None and alphabet in OPTIONAL:
                return
            if version is None:
                raise NoNetwork("No release of the alphabet “%(name)s” is installed.", name=alphabet)
            release = self._store.load(alphabet, version)
            recognizer = load_recognizer(release, self._engine)
            self._releases[alphabet], self._recognizers[alphabet] = release, recognizer
            log.info("%s/%s is in use", alphabet, version)
        except (RecognitionError, OSError, ValueError, KeyError, RuntimeError) as error:
            log.error("no new network for %s: %s", alphabet, error)


def load_recognizer(release: Release, engine: str = "litert") -> Recognizer:
    """A recognizer for a verified release, checked with the card's golden glyph.

    Raises BadRelease, or KeyError when the card is older than this code.
    """
    alphabet, card = ALPHABETS[release.alphabet], release.card
    runner: Engine
    if engine == "keras":
        runner = KerasEngine(card["network"], alphabet.num_outputs, release.folder / WEIGHTS)
    else:
        runner = LiteRTEngine(release.folder / COMPILED)
    calibration = Calibration(card["temperature"], card["reject_below"], card["stranger_above"])
    heights = {character: (mean, spread) for character, (mean, spread) in card["heights"].items()}
    recognizer = Recognizer(alphabet, release.name, runner, calibration, heights)
    _check_golden(recognizer, card["golden"])
    return recognizer


def _check_golden(recognizer: Recognizer, golden: dict[str, str | float]) -> None:
    """One glyph, stored with its answer when the release was made, must get the same answer here."""
    pixels = pixels_from_bytes(base64.b64decode(str(golden["glyph"])))
    row = recognizer.probabilities(glyph_from_pixels(pixels)[None])[0]
    best = int(row[:-1].argmax())
    expected = float(golden["probability"])
    if (
        recognizer.alphabet.characters[best] != golden["character"]
        or abs(row[best] - expected) > _GOLDEN_TOLERANCE
    ):
        raise BadRelease(
            f"{recognizer.release} reads its golden glyph as {recognizer.alphabet.characters[best]!r} "
            f"({row[best]:.4f}); its card says {golden['character']!r} ({expected:.4f})."
        )
