"""The model store: `<alphabet>/<version>/` holds one release, never edited; `<alphabet>/current` names the one in use.

Bundled releases come with the code; an instance's own folder wins over them. A release is verified, file by file,
before anything of it is used. The first line of `current` is the version in use, each further line what a rollback
goes back to; it is one small file, so that a reader finds all of it as it was or as it is.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.recognition.alphabets import alphabet_named
from app.recognition.errors import BadRelease

BUNDLED = Path(__file__).parent / "weights"

WEIGHTS, COMPILED, CARD, MANIFEST = "network.weights.h5", "network.tflite", "card.json", "MANIFEST.sha256"

_MOST_EARLIER = 50
MAX_VERSION = 54
"""Characters: tables keep `<alphabet>/<version>` in 64."""
_VERSION = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{MAX_VERSION - 1}}}")


@dataclass(frozen=True)
class Release:
    """One version of a network: where it lies, and what its card says."""

    alphabet: str
    version: str
    folder: Path
    card: dict[str, Any]

    @property
    def name(self) -> str:
        """Such as "digit/1"."""
        return f"{self.alphabet}/{self.version}"


def releases_in(instance: str | Path) -> Path:
    """Where an instance keeps releases of its own."""
    return Path(instance) / "releases"


class ReleaseStore:
    """Finds releases in the instance's folder first, then among the bundled ones."""

    def __init__(self, folder: Path, bundled: Path = BUNDLED) -> None:
        self._folder, self._bundled = folder, bundled

    def current_version(self, alphabet: str) -> str | None:
        """The version in use, or None when no release was ever made current."""
        return next(iter(self._trail(alphabet)), None)

    def earlier_versions(self, alphabet: str) -> list[str]:
        """What was in use before, the latest first: where a rollback, and the next ones, go back to."""
        return self._trail(alphabet)[1:]

    def versions(self, alphabet: str) -> list[str]:
        """Every release that is installed, in the order of their numbers; whether it is whole, `load` says."""
        folders = [path for store in (self._folder, self._bundled) for path in (store / alphabet).glob("*/")]
        return sorted({path.name for path in folders if _VERSION.fullmatch(path.name)}, key=_by_number)

    def next_version(self, alphabet: str) -> str:
        """The number after the highest one that is taken."""
        numbers = [int(version) for version in self.versions(alphabet) if version.isdecimal()]
        return str(max(numbers, default=0) + 1)

    def load(self, alphabet: str, version: str) -> Release:
        """A release whose files are complete and unaltered. Raises BadRelease."""
        if not _VERSION.fullmatch(version):
            raise BadRelease(
                f"{version[:40]!r} is no name of a release: use up to {MAX_VERSION} letters, digits, '.', '_' and '-'."
            )
        for store in (self._folder, self._bundled):
            folder = store / alphabet / version
            if folder.is_dir():
                _verify(folder)
                return Release(alphabet, version, folder, json.loads((folder / CARD).read_text()))
        raise BadRelease(f"There is no release {alphabet}/{version} in {self._folder} or {self._bundled}.")

    def activate(self, alphabet: str, version: str) -> None:
        """Make a release the current one, atomically. Raises BadRelease, and changes nothing, unless it verifies."""
        self.load(alphabet, version)
        trail = self._trail(alphabet)
        if version not in trail[:1]:
            self._point(alphabet, [version, *trail])

    def roll_back(self, alphabet: str) -> str:
        """Make the release that was in use before the current one again; returns its version.

        Raises BadRelease, and changes nothing, when there is none or when it does not verify.
        """
        earlier = self.earlier_versions(alphabet)
        if not earlier:
            raise BadRelease(
                f"No release of {alphabet} was in use before this one. Activate one by its version."
            )
        self.load(alphabet, earlier[0])
        self._point(alphabet, earlier)
        return earlier[0]

    def install(self, folder: Path) -> Release:
        """Copy a whole release, `<anywhere>/<version>/`, into the instance's folder. Raises BadRelease."""
        _verify(folder)
        card = json.loads((folder / CARD).read_text())
        alphabet, version = alphabet_named(card["alphabet"]).name, folder.resolve().name
        if version in self.versions(alphabet):
            raise BadRelease(f"{alphabet}/{version} is installed already; a release is never edited.")
        drafts = self._folder / alphabet
        drafts.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=drafts, prefix=".")) / version
        try:
            shutil.copytree(folder, draft)
            draft.rename(drafts / version)
        finally:
            shutil.rmtree(draft.parent)
        return self.load(alphabet, version)

    def _trail(self, alphabet: str) -> list[str]:
        """The releases in use, the current one first; what is installed no more, as after an update, is left out."""
        installed = set(self.versions(alphabet))
        for store in (self._folder, self._bundled):
            pointer = store / alphabet / "current"
            named = pointer.read_text(errors="replace").split() if pointer.is_file() else []
            if trail := [version for version in named if version in installed]:
                return trail
        return []

    def _point(self, alphabet: str, trail: list[str]) -> None:
        (self._folder / alphabet).mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder / alphabet)
        with os.fdopen(handle, "w") as file:
            file.write("\n".join(trail[: 1 + _MOST_EARLIER]) + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(self._folder / alphabet / "current")


def write_manifest(folder: Path) -> None:
    """Seal a release: the SHA-256 of every file in its folder, in the format of `sha256sum`."""
    (folder / MANIFEST).write_bytes(_manifest(folder))


def _manifest(folder: Path) -> bytes:
    return "".join(f"{_sha256(path)}  {path.relative_to(folder)}\n" for path in _files(folder)).encode()


def _verify(folder: Path) -> None:
    if not (folder / MANIFEST).is_file():
        raise BadRelease(f"{folder} has no {MANIFEST}: it is not a complete release.")
    expected, found = (folder / MANIFEST).read_bytes(), _manifest(folder)
    if expected != found:
        differing = set(expected.splitlines()) ^ set(found.splitlines())
        wrong = sorted({line.decode(errors="replace").partition("  ")[2] or MANIFEST for line in differing})
        raise BadRelease(f"{folder} is damaged: {', '.join(wrong) or MANIFEST}. Install the release again.")
    missing = [name for name in (WEIGHTS, COMPILED, CARD) if not (folder / name).is_file()]
    if missing:
        raise BadRelease(f"{folder} is no release: it has no {', '.join(missing)}.")


def _by_number(version: str) -> tuple[bool, int, str]:
    """2 before 10, and numbers before names."""
    return not version.isdecimal(), int(version) if version.isdecimal() else 0, version


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
