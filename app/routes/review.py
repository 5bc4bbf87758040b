"""The review desk: what people answered, the most doubtful first; accept, reject, relabel, and take it out."""

import tempfile
from pathlib import Path
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import select
from werkzeug import Response

from app.accounts.access import for_reviewers
from app.accounts.audit import record
from app.accounts.people import signed_in
from app.accounts.tables import User
from app.accounts.transaction import writing
from app.arguments import ALPHABET, one_of
from app.errors import AppError, prefers_json, problem_from
from app.extensions import db
from app.reading import room
from app.recognition.alphabets import ALPHABETS, COMBINED
from app.samples.archive import write_archive
from app.samples.export import accepted_archive, csv_of
from app.samples.review import CHOICES, KINDS, WAITING, Filters, Page, in_order, queue, releases
from app.samples.tables import ACCEPTED, NEW, QUARANTINED, REJECTED, Sample
from app.samples.verdicts import ACCEPT, REJECT, RELABEL, UNDO, VERDICTS, judge

blueprint = Blueprint("review", __name__, url_prefix="/review")

MAX_AT_ONCE = 500
DOUBTS = ("0.25", "0.5", "0.65", "0.9")
"""Least doubts that one can ask for. A correction that the network did not expect at all, by somebody new, has 0.67."""
SOURCES = ("draw", "upload", "sheet", "dummy")
AFTER = {ACCEPT: ACCEPTED, RELABEL: ACCEPTED, REJECT: REJECTED, UNDO: NEW}
"""The state that each verdict leads to, as the audit log names it."""


@blueprint.get("/")
@for_reviewers
def show() -> str:
    """A page of the queue."""
    filters = _filters()
    page = queue(db.session(), filters, request.args.get("page", 1, type=int), room().recognizer)
    return render_template(
        "review/queue.html",
        page=page,
        filters=filters,
        query=filters.as_query(),
        reviewers=_addresses(page),
        releases=releases(db.session()),
        selects_all="all" in request.args,
        doubts=DOUBTS,
        sources=SOURCES,
        characters=ALPHABETS.get(filters.alphabet, COMBINED).characters,
    )


@blueprint.post("/judge")
@for_reviewers
def decide() -> ResponseReturnValue:
    """One verdict on one sample or many."""
    verdict = request.form.get("verdict", "")
    ids = [each for each in request.form.getlist("id") if each.isalnum()]
    if verdict not in VERDICTS or len(ids) > MAX_AT_ONCE:
        abort(400)
    label = request.form.get("label", "").strip()
    with writing():
        number = judge(db.session(), ids, verdict, signed_in().id, label)
        if number > 1:
            record(f"samples_{AFTER[verdict]}", actor=signed_in(), note=f"{number} samples {label}".strip())
    words = _words(verdict, number, label)
    if prefers_json():
        state = db.session.scalar(select(Sample.state).where(Sample.id.in_(ids)).limit(1))
        if state is None:
            abort(404)
        return jsonify(state=state, words=_state_words(state), message=words)
    flash(words, "success" if number else "info")
    return redirect(_desk())


@blueprint.get("/samples.csv")
@for_reviewers
def export_csv() -> ResponseReturnValue:
    """Everything that the filters let through, line by line."""
    lines = csv_of(db.engine, in_order(_filters()))
    return Response(lines, mimetype="text/csv", headers=_as_file("samples.csv"))


@blueprint.get(f"/<{ALPHABET}:alphabet>.npz")
@for_reviewers
def export_archive(alphabet: str) -> ResponseReturnValue:
    """The accepted samples of an alphabet, as training reads them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"{alphabet}.npz")
        write_archive(path, accepted_archive(db.engine, alphabet))
        return Response(path.read_bytes(), mimetype="application/octet-stream", headers=_as_file(path.name))


@blueprint.errorhandler(AppError)
def say_why_not(error: AppError) -> ResponseReturnValue:
    """The same page again, with the reason."""
    problem = problem_from(error)
    if prefers_json():
        return jsonify(error={"code": problem.code, "message": problem.message}), problem.status
    flash(problem.message, "error")
    return redirect(_desk())


def _filters() -> Filters:
    """What the address asks for; what makes no sense there asks for nothing."""
    args = request.args
    return Filters(
        alphabet=one_of(args.get("alphabet"), ALPHABETS),
        state=one_of(args.get("state"), CHOICES, WAITING),
        kind=one_of(args.get("kind"), KINDS),
        predicted=one_of(args.get("predicted"), COMBINED.characters),
        label=one_of(args.get("label"), COMBINED.characters),
        source=one_of(args.get("source"), SOURCES),
        release="".join(filter(str.isprintable, args.get("release", ""))),
        doubt=float(one_of(args.get("doubt"), DOUBTS, "0")),
    )


def _addresses(page: Page) -> dict[int, str]:
    """Of the reviewers who decided about something on the page."""
    ids = {item.sample.reviewer_id for item in page.items} - {None}
    return {user.id: user.email for user in db.session.scalars(select(User).where(User.id.in_(ids)))}


def _desk() -> str:
    """Where one was, as far as the filters go."""
    query: dict[str, Any] = _filters().as_query() | {"page": request.args.get("page", type=int)}
    return url_for("review.show", **query)


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "X-Accel-Buffering": "no"}


def _state_words(state: str) -> str:
    words: dict[str, str] = {
        NEW: _("New"),
        QUARANTINED: _("Quarantined"),
        ACCEPTED: _("Accepted"),
        REJECTED: _("Rejected"),
    }
    return words[state]


def _words(verdict: str, number: int, label: str) -> str:
    """What was done, to how many."""
    words: dict[str, str] = {
        ACCEPT: ngettext("One sample is accepted.", "%(num)s samples are accepted.", number),
        REJECT: ngettext("One sample is rejected.", "%(num)s samples are rejected.", number),
        RELABEL: ngettext(
            "One sample is accepted as “%(label)s”.",
            "%(num)s samples are accepted as “%(label)s”.",
            number,
            label=label,
        ),
        UNDO: ngettext("One sample waits again.", "%(num)s samples wait again.", number),
    }
    return words[verdict] if number else str(_("Nothing was selected."))
