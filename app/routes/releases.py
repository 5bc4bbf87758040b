"""The owner's page about releases: which there are, how two compare, and the moves between them."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import audit, people
from app.accounts.access import for_owners
from app.accounts.transaction import writing
from app.arguments import ALPHABET
from app.figure_words import ink_name
from app.recognition.errors import BadRelease
from app.recognition.releases import Release
from app.releases import desk
from app.releases.comparison import compare as compare_releases

blueprint = Blueprint("releases", __name__, url_prefix="/owner/releases")


@blueprint.get("/")
@for_owners
def show() -> str:
    """All of them, by alphabet."""
    return render_template("owner/releases.html", shelves=desk.shelves(desk.store_in(current_app.config)))


@blueprint.get(f"/<{ALPHABET}:alphabet>/compare")
@for_owners
def compare(alphabet: str) -> str:
    """Two of them side by side."""
    store = desk.store_in(current_app.config)
    chosen = (store.load(alphabet, request.args.get(name, "")) for name in ("before", "after"))
    return render_template("owner/comparison.html", comparison=compare_releases(*chosen), ink_name=ink_name)


@blueprint.post(f"/<{ALPHABET}:alphabet>/activate")
@for_owners
def activate(alphabet: str) -> ResponseReturnValue:
    """Make one the release in use."""
    release = desk.activate(desk.store_in(current_app.config), alphabet, request.form.get("version", ""))
    _note("release_activated", release)
    flash(
        _("%(release)s is in use. Every worker takes it up within seconds.", release=release.name), "success"
    )
    return redirect(url_for("releases.show"))


@blueprint.post(f"/<{ALPHABET}:alphabet>/rollback")
@for_owners
def roll_back(alphabet: str) -> ResponseReturnValue:
    """Back to the release that was in use before."""
    release = desk.roll_back(desk.store_in(current_app.config), alphabet)
    _note("release_rolled_back", release)
    flash(_("%(release)s is in use again.", release=release.name), "success")
    return redirect(url_for("releases.show"))


@blueprint.errorhandler(BadRelease)
def say_why_not(error: BadRelease) -> ResponseReturnValue:
    """The list again, with the reason; what was in use stays."""
    flash(str(error), "error")
    return redirect(url_for("releases.show"))


def _note(act: str, release: Release) -> None:
    with writing():
        audit.record(act, actor=people.signed_in(), note=release.name)
