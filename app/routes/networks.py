"""How well each network reads: its card's figures, and the pictures of its report."""

from flask import Blueprint, abort, current_app, render_template, send_file
from flask.typing import ResponseReturnValue

from app.arguments import ALPHABET
from app.figures import figures_of, report_pictures
from app.reading import room
from app.recognition.releases import releases_in
from app.recognition.service import OPTIONAL
from app.releases import desk

blueprint = Blueprint("networks", __name__)

PICTURE_MAX_AGE_S = 24 * 60 * 60


@blueprint.get("/networks")
def show() -> str:
    """Every alphabet that should be or is served, with what the card of the release in use says."""
    in_use = room().status()
    shown = [alphabet for alphabet in in_use if in_use[alphabet] or alphabet not in OPTIONAL]
    releases = {alphabet: room().release(alphabet) for alphabet in shown}
    figures = {alphabet: release and figures_of(release) for alphabet, release in releases.items()}
    folder = releases_in(current_app.config["INSTANCE_DIR"])
    history = {alphabet: desk.history(folder, alphabet) for alphabet in shown}
    return render_template("networks.html", networks=figures, history=history)


@blueprint.get(f"/networks/<{ALPHABET}:alphabet>/report/<name>.png")
def picture(alphabet: str, name: str) -> ResponseReturnValue:
    """A picture that the report of the release in use lists; no other file, whatever the name."""
    release = room().release(alphabet)
    path = report_pictures(release).get(f"{name}.png") if release else None
    if path is None:
        abort(404)
    return send_file(path.absolute(), max_age=PICTURE_MAX_AGE_S)
