"""What a request wants read: files, a link, what to expect of them; and every page of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar, cast

from flask import current_app
from werkzeug.datastructures import FileStorage

from app.errors import AppError, MissingInput
from app.intake.documents import DocumentLimits
from app.intake.errors import TooManyPages
from app.intake.links import fetch
from app.page_by_page import Reader, ReadPage, Upload, read_upload
from app.pages.expectations import Expectation
from app.pages.fields import parse_expectation
from app.rate_limits import charge
from app.reading import room
from app.recognition.alphabets import COMBINED, DIGITS, LETTERS, alphabet_named
from app.recognition.errors import BadExpectation

Shown = TypeVar("Shown")

OF_ALPHABET = {DIGITS.name: "digits", LETTERS.name: "letters", COMBINED.name: "any"}
"""What is expected by who names an alphabet, as forms for one character do."""


def uploads_in(files: Iterable[FileStorage], link: str) -> Iterator[Upload]:
    """The files that were sent, each read when it is asked for, and what is behind the link.

    Raises MissingInput when there is neither, or what `intake.links.fetch` raises of a link without files.
    """
    chosen = [file for file in files if file.filename]
    if not chosen and not link.strip():
        raise MissingInput("Nothing was chosen. Choose a picture or a PDF, or give a link to one.")
    return _each(chosen, link.strip())


def expected(fields: Mapping[str, object]) -> Expectation:
    """What to expect: a mask of one's own in `mask`, else the name or mask in `expect`; with the check in `check`.

    An `alphabet` stands for expecting any of its characters. Raises BadExpectation, UnknownAlphabet.
    """
    value, check = fields.get("mask") or fields.get("expect"), fields.get("check") or None
    if value is None and "alphabet" in fields:
        value = OF_ALPHABET[alphabet_named(fields["alphabet"]).name]
    if check is not None and not isinstance(check, str):
        raise BadExpectation("The check must be a name, not %(value)s.", value=repr(str(check)[:40]))
    return parse_expectation(default_expectation() if value is None else value, check)


def chosen_in(fields: Mapping[str, str]) -> str:
    """What a form shows as chosen: what `fields` say, as far as this server can read it."""
    default = default_expectation()
    expect = fields.get("expect") or OF_ALPHABET.get(fields.get("alphabet", ""), default)
    return default if expect == "any" else expect


def default_expectation() -> str:
    """What is expected where nobody says: anything, as far as there is a network for it."""
    return "any" if room().status()[COMBINED.name] else "digits"


def read_pages(uploads: Iterable[Upload], expect: Expectation) -> Iterator[ReadPage]:
    """Every page of every upload, one in memory at a time, `MAX_PAGES` in all. See `page_by_page.read_upload`.

    Each page counts against READ_RATE_LIMIT, of which the request itself has paid the first.
    Raises NoNetwork, TooBusy, TooManyRequests.
    """
    room().recognizer(expect.alphabet.name)
    limits = DocumentLimits.from_settings(current_app.config)
    num_read = 0
    for upload in uploads:
        if limits.max_pages and num_read >= limits.max_pages:
            problem = TooManyPages(
                "%(most)s pages are read at once. Send the rest again.", most=limits.max_pages
            )
            yield ReadPage(upload.name, 1, 1, problem=problem)
            continue
        left = limits.max_pages and limits.max_pages - num_read
        for page in read_upload(upload, _reader(), expect, replace(limits, max_pages=left)):
            if page.number == 1:
                charge("READ_RATE_LIMIT", page.num_pages if num_read else page.num_pages - 1)
            num_read += 1
            yield page


def read_all(
    uploads: Iterable[Upload], expect: Expectation, show: Callable[[ReadPage], Shown]
) -> list[Shown]:
    """What `show` makes of every page. Raises the first page's problem when nothing was read on any."""
    shown: list[Shown] = []
    problems = []
    for page in read_pages(uploads, expect):
        shown.append(show(page))
        if page.problem:
            problems.append(page.problem)
    if len(problems) == len(shown):
        raise problems[0]
    return shown


def _each(files: Sequence[FileStorage], link: str) -> Iterator[Upload]:
    for file in files:
        yield Upload(file.filename or "", file.read())
    if link:
        yield _fetched(link, is_alone=not files)


def _fetched(link: str, *, is_alone: bool) -> Upload:
    """What is behind a link. Raises what `fetch` raises where nothing else is read with it."""
    try:
        fetched = fetch(link, current_app.config)
    except AppError as error:
        if is_alone:
            raise
        return Upload(link, b"", error)
    return Upload(fetched.name, fetched.data)


def _reader() -> Reader:
    return cast("Reader", current_app.extensions["pages"])
