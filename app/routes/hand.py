"""“Learn my hand”: on, anew, and off; and what the pages say of it."""

import uuid
from datetime import datetime

from flask import Blueprint, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from app.accounts.hand import learn_hand
from app.accounts.library import visitor_account
from app.bodies import read_body
from app.database import now
from app.errors import prefers_json
from app.rate_limits import rate_limited
from app.reading import hands, learned_by
from app.recognition.alphabets import alphabet_named
from app.samples.hand import Writer

blueprint = Blueprint("hand", __name__, url_prefix="/hand")
blueprint.before_request(read_body)


@blueprint.post("/learn")
@rate_limited("FEEDBACK_RATE_LIMIT")
def learn() -> ResponseReturnValue:
    """Learn from the answers that are given from now on, and from none before."""
    return _learning_since(now())


@blueprint.post("/stop")
@rate_limited("FEEDBACK_RATE_LIMIT")
def stop() -> ResponseReturnValue:
    """Learn no more, and forget."""
    return _learning_since(None)


@blueprint.app_context_processor
def for_pages() -> dict[str, object]:
    """By which a page learns whose hand it shows: nothing is looked up unless it asks."""
    return {"hand_note": hand_note, "num_learned": num_learned}


def hand_note() -> str | None:
    """The note that a page sends along with what it asks; None when no hand is learned."""
    writer = _writer()
    return hands().note(writer) if writer else None


def num_learned(note: str, alphabet: str) -> int:
    """From how many answers in an alphabet a hand is known."""
    learned = learned_by(note, alphabet)
    return learned.num_answers if learned else 0


def _writer() -> Writer | None:
    if user := visitor_account():
        return Writer(user.id, None, user.hand_since) if user.hand_since else None
    if "hand_since" in session and "visitor" in session:
        return Writer(None, session["visitor"], datetime.fromisoformat(session["hand_since"]))
    return None


def _learning_since(since: datetime | None) -> ResponseReturnValue:
    """Back to the pad; a script is there already, and gets its new note."""
    page = None if prefers_json() else _page()
    _learn_since(since)
    return redirect(page, 303) if page else jsonify(note=hand_note())


def _learn_since(since: datetime | None) -> None:
    if user := visitor_account():
        learn_hand(user, since)
    elif since:
        session.setdefault("visitor", uuid.uuid4().hex)
        session["hand_since"] = since.isoformat()
    else:
        session.pop("hand_since", None)


def _page() -> str:
    """The address of the pad from which this was asked."""
    return url_for("canvas.show", alphabet=alphabet_named(request.form.get("alphabet")).name, _anchor="hand")
