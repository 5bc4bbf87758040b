"""Yes, or no and the right character: the person's answer to a prediction."""

import uuid
from dataclasses import replace

from flask import Blueprint, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]  # ships no types

from app.accounts.library import visitor_account
from app.accounts.tokens import accepts_token, named_caller
from app.bodies import json_object
from app.errors import MissingAnswer, prefers_json
from app.extensions import csrf
from app.history.service import keep as keep_drawing
from app.rate_limits import rate_limited
from app.reading import receipts
from app.samples.archive import MADE_UP
from app.samples.receipts import Receipt
from app.samples.service import keep as keep_sample

blueprint = Blueprint("feedback", __name__)


@blueprint.post("/feedback")
@rate_limited("FEEDBACK_RATE_LIMIT")
def keep() -> ResponseReturnValue:
    """Keep the answer; the same one twice counts once."""
    fields = _fields()
    receipt = _receipt(fields)
    visitor = session.setdefault("visitor", uuid.uuid4().hex)
    user, label = visitor_account(), _label(fields, receipt)
    kept = keep_sample(receipt, label, visitor, user.id if user else None)
    keep_drawing(user, receipt, label)
    message = _("This answer was kept before.") if kept.already else _("Thank you. Your answer was kept.")
    if prefers_json():
        return jsonify(kept=True, already=kept.already, message=message, sample=kept.sample_id)
    return render_template("feedback.html", message=message, sample=kept.sample_id)


@blueprint.post("/api/v1/feedback")
@csrf.exempt  # type: ignore[untyped-decorator]  # a token is sent on purpose, by no browser on its own
@accepts_token("feedback")
@rate_limited("FEEDBACK_RATE_LIMIT")
def keep_by_token() -> ResponseReturnValue:
    """The same for programs: who answers is the token's account."""
    fields, user = _fields(), named_caller()
    receipt = _receipt(fields)
    kept = keep_sample(receipt, _label(fields, receipt), user_id=user.id)
    return jsonify(kept=True, already=kept.already, sample=kept.sample_id)


@blueprint.get("/csrf-token")
def csrf_token() -> ResponseReturnValue:
    """A fresh token for scripts whose page has been open for long."""
    return jsonify(csrf_token=generate_csrf()), {"Cache-Control": "no-store"}


def _fields() -> dict[str, str]:
    """The form's or the JSON object's fields, texts only."""
    if not request.is_json:
        return request.form.to_dict()
    return {name: value for name, value in json_object().items() if isinstance(value, str)}


def _receipt(fields: dict[str, str]) -> Receipt:
    """The prediction that is answered. A program may say that its ink was made up; nothing makes such ink real."""
    receipt = receipts().read(fields.get("receipt", ""))
    return replace(receipt, source=MADE_UP) if fields.get("made_up") == "yes" else receipt


def _label(fields: dict[str, str], receipt: Receipt) -> str:
    """What the person says it is."""
    match fields.get("correct"), fields.get("label"):
        case "yes", _:
            return receipt.answer
        case "no", str(label):
            return label.strip()
    raise MissingAnswer('Say whether the answer was right: correct "yes", or "no" with the right label.')
