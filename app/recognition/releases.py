"""The model store: `<alphabet>/<version>/` holds one release, never edited; `<alphabet>/current` names the one in use.

Bundled releases come with the code; an instance's own folder wins over them. A release is verified, file by file,
before anything of it is used.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.recognition.errors import BadRelease

BUNDLED = Path(__file__).parent / "weights"

WEIGHTS, COMPILED, CARD, MANIFEST = "network.weights.h5", "network.tflite", "card.json", "MANIFEST.sha256"

_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


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


class ReleaseStore:
    """Finds releases in the instance's folder first, then among the bundled ones."""

    def __init__(self, folder: Path, bundled: Path = BUNDLED) -> None:
        self._folder, self._bundled = folder, bundled

    def current_version(self, alphabet: str) -> str | None:
        """The version in use, or None when no release was ever made current."""
        for store in (self._folder, self._bundled):
            pointer = store / alphabet / "current"
            if pointer.is_file():
                return pointer.read_text().strip()
        return None

    def load(self, alphabet: str, version: str) -> Release:
        """A release whose files are complete and unaltered. Raises BadRelease."""
        if not _VERSION.fullmatch(version):
            raise BadRelease(
                f"{version!r} cannot be the name of a release: use letters, digits, '.', '_' and '-'."
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
        (self._folder / alphabet).mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self._folder / alphabet)
        with os.fdopen(handle, "w") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(self._folder / alphabet / "current")


def write_manifest(folder: Path) -> None:
    """Seal a release: the SHA-256 of every file in its folder, in the format of `sha256sum`."""
    lines = [f"{_sha256(path)}  {path.relative_to(folder)}" for path in _files(folder)]
    (folder / MANIFEST).write_text("\n".join(lines) + "\n")


def _verify(folder: Path) -> None:
    if not (folder / MANIFEST).is_file():
        raise BadRelease(f"{folder} has no {MANIFEST}: it is not a complete release.")
    expected = dict(
        line.split("  ", 1)[::-1] for line in (folder / MANIFEST).read_text().splitlines() if "  " in line
    )
    found = {str(path.relative_to(folder)): _sha256(path) for path in _files(folder)}
    wrong = sorted(name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name))
    if wrong or not {WEIGHTS, COMPILED, CARD} <= found.keys():
        raise BadRelease(
            f"{folder} is damaged: {', '.join(wrong) or 'files are missing'}. Install the release again."
        )


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
