"""Keeps the catalogs of translations in step with the texts in templates, scripts and code."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from app.languages import FOR_SCRIPTS, LANGUAGES, TRANSLATIONS
from app.recognition.errors import ForPeople, Word

APP = Path(__file__).parent
METHODS = [
    ("static/js/**.js", "javascript"),
    ("templates/**", "jinja2"),
    ("training/**", "ignore"),
    ("**.py", "python"),
]
UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in every catalog, so that the same sentences give the same files."""

FOREIGN = tuple(language for language in LANGUAGES if language != "en")


def sentences() -> Catalog:
    """Every sentence for people: marked with `_` or one of its kin, or said by an error of ours."""
    keywords = DEFAULT_KEYWORDS | dict.fromkeys(
        ["lazy_gettext", Word.__name__, *(each.__name__ for each in errors_of(ForPeople))]
    )
    catalog = Catalog(project="Legible", charset="utf-8")
    for file, _line, message, comments, context in extract_from_dir(
        APP,
        METHODS,
        keywords=keywords,
        comment_tags=("Translators:",),
        strip_comment_tags=True,
    ):
        catalog.add(message, locations=[(file, 1)], auto_comments=comments, context=context)
    return catalog


def folder_of(language: str) -> Path:
    """Where Flask-Babel looks for a language."""
    return TRANSLATIONS / language / "LC_MESSAGES"


def load(language: str) -> Catalog:
    """The catalog of a language as it was last written; an empty one at first."""
    path = folder_of(language) / "messages.po"
    if not path.is_file():
        return Catalog(locale=language, project="Legible", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """Take up new sentences, drop those that are gone, and write what the app reads. Translations stay."""
    catalog = load(language)
    catalog.update(sentences(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.header_comment = f"# Legible in {LANGUAGES[language]}. Written by `flask translations`."
    catalog.creation_date = catalog.revision_date = UNDATED
    folder_of(language).mkdir(parents=True, exist_ok=True)
    for path, content in files_of(language, catalog).items():
        path.write_bytes(content)
    return catalog


def files_of(language: str, catalog: Catalog) -> dict[Path, bytes]:
    """What lies in the folder of a language: for translators, for pages and for scripts."""
    text, compiled = io.BytesIO(), io.BytesIO()
    write_po(text, catalog, width=110, include_lineno=False, sort_output=True)
    write_mo(compiled, catalog)
    scripts = json.dumps(_of_scripts(catalog), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return {
        folder_of(language) / "messages.po": text.getvalue(),
        folder_of(language) / "messages.mo": compiled.getvalue(),
        TRANSLATIONS / language / FOR_SCRIPTS: scripts.encode(),
    }


def missing(catalog: Catalog) -> list[str]:
    """The sentences that a catalog lacks, or has not translated."""
    translated = {message.id: message for message in catalog if message.id and not message.fuzzy}
    return [
        str(message.id) for message in sentences() if message.id and not _is_whole(translated.get(message.id))
    ]


def _is_whole(message: object) -> bool:
    words = getattr(message, "string", None)
    return all(words) if isinstance(words, list | tuple) else bool(words)


def _of_scripts(catalog: Catalog) -> dict[str, str]:
    return {
        str(message.id): str(message.string)
        for message in catalog
        if message.id
        and message.string
        and any(str(file).endswith(".js") for file, _line in message.locations)
    }


def errors_of(error: type[ForPeople]) -> Iterator[type[ForPeople]]:
    """Every class of errors below `error`, as far as they are imported."""
    for each in error.__subclasses__():
        yield each
        yield from errors_of(each)
