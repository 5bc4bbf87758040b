"""My pages: what one has drawn and uploaded, to look at, to search, to take away and to delete."""

from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user  # type: ignore[import-untyped]  # ships no types
from flask_security import auth_required

from app.bodies import json_object, read_body
from app.database import now
from app.history import service
from app.history.export import export
from app.history.importing import Imported, import_drawings
from app.history.pictures import glyph_url, line_drawing
from app.history.search import Search, find
from app.rate_limits import rate_limited
from app.reading import receipts

blueprint = Blueprint("history", __name__, url_prefix="/account")
blueprint.before_request(read_body)


@blueprint.app_context_processor
def pictures() -> dict[str, object]:
    """By which any template shows a drawing."""
    return {"line_drawing": line_drawing, "glyph_url": glyph_url}


@blueprint.get("/drawings")
@auth_required("session")
def show() -> str:
    """One page of what a search finds."""
    search = Search.from_fields(request.args)
    found = find(current_user, search, request.args.get("page", 1, type=int))
    return render_template("history/drawings.html", search=search, found=found)


@blueprint.post("/drawings/<drawing_id>/delete")
@auth_required("session")
def forget_one(drawing_id: str) -> ResponseReturnValue:
    """Somebody else’s is none of mine."""
    if service.forget(current_user, [drawing_id]) == 0:
        abort(404)
    return _back(1)


@blueprint.post("/drawings/delete")
@auth_required("session")
def forget() -> ResponseReturnValue:
    """Those that were chosen."""
    chosen = request.form.getlist("drawing")
    num_deleted = service.forget(current_user, chosen)
    if chosen and num_deleted == 0:
        abort(404)
    return _back(num_deleted)


@blueprint.get("/drawings/delete-all")
@auth_required("session")
def ask_to_forget_all() -> str:
    """Whether that is meant."""
    return render_template("history/delete_all.html", num_drawings=service.count(current_user))


@blueprint.post("/drawings/delete-all")
@auth_required("session")
def forget_all() -> ResponseReturnValue:
    """Every one."""
    return _back(service.forget_all(current_user))


@blueprint.post("/history")
@auth_required("session")
def switch() -> ResponseReturnValue:
    """Keep what is drawn from now on, or keep none of it."""
    is_on = request.form.get("keeps") == "on"
    service.switch(current_user, is_on)
    on, off = _("What you draw and upload is kept from now on."), _("Nothing more is kept from now on.")
    flash(on if is_on else off, "success")
    return redirect(url_for("account.show"))


@blueprint.post("/history/keep")
@rate_limited("HISTORY_RATE_LIMIT")
@auth_required("session")
def keep() -> ResponseReturnValue:
    """A drawing that is finished, by the receipt of its last reading."""
    receipt = receipts().read(str(json_object().get("receipt", "")))
    return jsonify(kept=service.keep(current_user, receipt))


@blueprint.post("/history/import")
@rate_limited("ACCOUNT_RATE_LIMIT")
@auth_required("session")
def take_over() -> ResponseReturnValue:
    """What this browser remembers from before somebody signed in."""
    imported = import_drawings(current_user, json_object().get("drawings"))
    return jsonify(**vars(imported), message=_sentence(imported))


@blueprint.post("/data")
@rate_limited("ACCOUNT_RATE_LIMIT")
@auth_required("session")
def download() -> ResponseReturnValue:
    """Everything that is stored of me."""
    name = f"legible-{now().date().isoformat()}.zip"
    return send_file(export(current_user), "application/zip", as_attachment=True, download_name=name)


def _back(num_deleted: int) -> ResponseReturnValue:
    """To the search that somebody came from, which the address of the form repeats."""
    words = ngettext("%(num)d drawing is deleted.", "%(num)d drawings are deleted.", num_deleted)
    flash(words if num_deleted else _("You had chosen none."), "success" if num_deleted else "info")
    fields: dict[str, Any] = Search.from_fields(request.args).fields
    return redirect(url_for("history.show", **fields))


def _sentence(imported: Imported) -> str:
    num_there = imported.kept + imported.already
    added: str = ngettext(
        "%(num)d drawing is on your pages now.", "%(num)d drawings are on your pages now.", num_there
    )
    if not imported.unreadable:
        return added
    left = ngettext("%(num)d can’t be read any more.", "%(num)d can’t be read any more.", imported.unreadable)
    return f"{added} {left}"
