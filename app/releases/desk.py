"""The releases of one alphabet as an owner sees them, and the three moves: activate, roll back, install."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.recognition.alphabets import alphabet_named
from app.recognition.errors import BadRelease
from app.recognition.releases import Release, ReleaseStore, releases_in
from app.recognition.service import SERVED, load_recognizer


@dataclass(frozen=True)
class Entry:
    """One release on the shelf.

    Attributes:
        version: such as "5".
        is_current: whether it is the one in use.
        made_at: when, or None when its card does not say.
        learned_from: the release it was retrained from, or None when it was not.
        right: percent right on each evaluation set, of letters in either case.
        fault: why it cannot be used, or None.
    """

    version: str
    is_current: bool
    made_at: datetime | None = None
    learned_from: str | None = None
    right: tuple[tuple[str, float], ...] = ()
    fault: str | None = None


@dataclass(frozen=True)
class Shelf:
    """All releases of an alphabet, the newest first; `back_to` is where a rollback leads."""

    alphabet: str
    current: str | None
    back_to: str | None
    entries: tuple[Entry, ...]


def store_in(config: Mapping[str, Any]) -> ReleaseStore:
    """The store of an app with this config."""
    return ReleaseStore(releases_in(config["INSTANCE_DIR"]))


def shelves(store: ReleaseStore) -> tuple[Shelf, ...]:
    """Every alphabet that is served."""
    return tuple(_shelf(store, alphabet) for alphabet in SERVED)


def history(releases_dir: Path, alphabet: str) -> tuple[Entry, ...]:
    """The whole releases of an alphabet, the newest first, for visitors: each is verified once in a process."""
    found = []
    for version in reversed(ReleaseStore(releases_dir).versions(alphabet)):
        with suppress(BadRelease):
            found.append(_known(releases_dir, alphabet, version))
    return tuple(found)


def activate(store: ReleaseStore, alphabet: str, version: str) -> Release:
    """Make a release current, once it has answered here as its card says. Raises BadRelease."""
    release = _tried(store, alphabet, version)
    store.activate(release.alphabet, version)
    return release


def roll_back(store: ReleaseStore, alphabet: str) -> Release:
    """Make the release that was in use before the current one again. Raises BadRelease."""
    name = alphabet_named(alphabet).name
    for version in store.earlier_versions(name)[:1]:
        _tried(store, name, version)
    return store.load(name, store.roll_back(name))


def install(store: ReleaseStore, folder: Path) -> Release:
    """Take up a release that was made elsewhere; it is not activated. Raises BadRelease.

    It is tried on a copy first, so that one which cannot be used leaves nothing in the store.
    """
    with TemporaryDirectory() as scratch:
        trial = ReleaseStore(Path(scratch))
        release = trial.install(folder)
        _tried(trial, release.alphabet, release.version)
    return store.install(folder)


def _shelf(store: ReleaseStore, name: str) -> Shelf:
    """The releases of one alphabet."""
    current = store.current_version(name)
    entries = [_entry(store, name, version, version == current) for version in reversed(store.versions(name))]
    return Shelf(name, current, next(iter(store.earlier_versions(name)), None), tuple(entries))


def _tried(store: ReleaseStore, alphabet: str, version: str) -> Release:
    release = store.load(alphabet_named(alphabet).name, version)
    try:
        load_recognizer(release)
    except KeyError as error:
        raise BadRelease(
            f"The card of {release.name} lacks {error}: it was made for another version."
        ) from error
    except (ValueError, RuntimeError) as error:
        raise BadRelease(f"{release.name} cannot be used here: {error}") from error
    return release


@lru_cache(maxsize=500)
def _known(releases_dir: Path, alphabet: str, version: str) -> Entry:
    return _described(ReleaseStore(releases_dir).load(alphabet, version))


def _entry(store: ReleaseStore, alphabet: str, version: str, is_current: bool) -> Entry:
    try:
        return replace(_described(store.load(alphabet, version)), is_current=is_current)
    except BadRelease as error:
        return Entry(version, is_current, fault=str(error))


def _described(release: Release) -> Entry:
    card = release.card
    made_at, evaluation = card.get("made_at"), card.get("evaluation") or {}
    return Entry(
        release.version,
        False,
        datetime.fromisoformat(made_at) if made_at else None,
        (card.get("retrained") or {}).get("from"),
        tuple((name, scores["case_insensitive"]) for name, scores in (evaluation.get("sets") or {}).items()),
    )
