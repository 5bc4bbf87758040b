"""Uploads: pictures, documents and links, chosen in a form; works without JavaScript."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain, count

from flask import Blueprint, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from werkzeug import Response
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.accounts.library import visitor_account
from app.errors import AppError, answer, prefers_json, problem_from, said
from app.history.service import keep as keep_drawing
from app.page_by_page import ReadPage, Upload, characters_of, photo_url
from app.pages.expectations import Expectation
from app.rate_limits import rate_limited
from app.reading import read_ink, receipt_of, receipts, room
from app.recognition.errors import RecognitionError
from app.recognition.normalize import Ink
from app.recognition.pictures import glyph_pixels, png_data_url
from app.transcripts import as_csv, as_json, as_text, rows_from
from app.uploads import chosen_in, expected, read_all, read_pages, uploads_in

blueprint = Blueprint("upload", __name__)

PREVIEW_SIDE_PX = 320
PAGE_SIDE_PX = 1200
WRITERS = {"csv": (as_csv, "text/csv"), "txt": (as_text, "text/plain"), "json": (as_json, "application/json")}


@blueprint.get("/upload")
def show() -> str:
    """The form."""
    return _form(request.args)


@blueprint.post("/upload")
@rate_limited("READ_RATE_LIMIT")
def recognize() -> str:
    """What the pages say; a single character gets a page that asks whether it is right."""
    uploads, expect = _asked()
    keys = count()
    shown = read_all(uploads, expect, lambda page: (_lone(page), _fragment(page, str(next(keys)))))
    lone = shown[0][0] if len(shown) == 1 and expect.is_free else None
    if lone:
        return _character(*lone, expect.alphabet.name)
    fragments = [fragment for _, fragment in shown]
    return render_template("read/result.html", fragments=fragments, again=_again(request.form))


@blueprint.post("/upload/pages")
@rate_limited("READ_RATE_LIMIT")
def stream() -> Response:
    """The same for scripts: a line of JSON for each page, as soon as it is read."""
    pages = read_pages(*_asked())
    first = next(pages)
    if first.problem and first.num_pages == 1:
        raise first.problem  # with a status of its own, as long as nothing is sent
    part = request.form.get("part", 0, int)

    def lines() -> Iterator[str]:
        for page in chain([first], pages):
            html = _fragment(page, f"{part}-{page.number}")
            yield json.dumps({"number": page.number, "pages": page.num_pages, "html": html}) + "\n"

    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    return Response(stream_with_context(lines()), mimetype="application/x-ndjson", headers=headers)


@blueprint.post("/upload/lines.<any(csv, txt, json):kind>")
def download(kind: str) -> Response:
    """The lines of the result page as a file, as they stand there now."""
    write, mimetype = WRITERS[kind]
    rows = rows_from(request.form.getlist("place"), request.form.getlist("text"))
    headers = {"Content-Disposition": f'attachment; filename="lines.{kind}"'}
    return Response(write(rows), mimetype=mimetype, headers=headers)


@blueprint.errorhandler(RecognitionError)
@blueprint.errorhandler(AppError)
@blueprint.errorhandler(HTTPException)
def show_error(error: Exception) -> ResponseReturnValue:
    """The form again, with a sentence on what was wrong."""
    if prefers_json():
        return answer(error)
    problem = problem_from(error)
    fields: Mapping[str, str] = {}
    with suppress(RequestEntityTooLarge):  # a body beyond the limit cannot say what was chosen
        fields = request.form
    return _form(fields, problem.message), problem.status, list(problem.headers)


def _asked() -> tuple[Iterator[Upload], Expectation]:
    """What to read, and what to expect of it."""
    files = request.files.getlist("file")
    return uploads_in(files, request.form.get("link", "")), expected(request.form)


def _form(fields: Mapping[str, str], error: str | None = None) -> str:
    """The form with what was chosen in it before, but for the files."""
    status = room().status()
    again, chosen = url_for("upload.show"), chosen_in(fields)
    return render_template(
        "upload.html", fields=fields, chosen=chosen, status=status, error=error, again=again
    )


def _again(fields: Mapping[str, str]) -> str:
    """The address of the form with the same expectation chosen in it."""
    chosen = {name: fields[name] for name in ("expect", "mask", "check") if fields.get(name)}
    return url_for("upload.show", **chosen)  # type: ignore[arg-type]


def _fragment(page: ReadPage, key: str) -> str:
    """A page as a part of the result; `key` tells its ids from those of other pages."""
    photo = photo_url(page.picture, PAGE_SIDE_PX) if page.picture else None
    problem = said(page.problem) if page.problem else None
    return render_template(
        "read/_page.html",
        page=page,
        key=key,
        photo=photo,
        problem=problem,
        characters_of=characters_of,
        receipt_of=receipt_of,
        picture_of=lambda glyph: png_data_url(glyph_pixels(glyph.prediction.glyph)),
    )


def _lone(page: ReadPage) -> tuple[Ink, str] | None:
    """The ink of a page's only character, and a small picture of the page."""
    predictions = [glyph.prediction for glyph in page.glyphs]
    if len(predictions) != 1 or predictions[0] is None or page.picture is None:
        return None
    return predictions[0].crop, photo_url(page.picture, PREVIEW_SIDE_PX)


def _character(ink: Ink, photo: str, alphabet: str) -> str:
    """The answer to one character, and the question whether it is right."""
    reading = read_ink(alphabet, ink, request.form.get("hand"))
    keep_drawing(visitor_account(), receipts().read(reading.receipt))
    glyph = png_data_url(glyph_pixels(reading.prediction.glyph))
    return render_template(
        "upload_result.html",
        prediction=reading.prediction,
        receipt=reading.receipt,
        picture=photo,
        glyph=glyph,
    )
