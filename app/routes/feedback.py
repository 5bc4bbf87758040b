"""Yes, or no and the right character: the person's answer to a prediction."""

import uuid

from flask import Blueprint, jsonify, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]  # ships no types

from app.bodies import json_object
from app.errors import MissingAnswer, prefers_json
from app.rate_limits import rate_limited
from app.reading import receipts
from app.samples.receipts import Receipt
from app.samples.service import keep as keep_sample

blueprint = Blueprint("feedback", __name__)


@blueprint.post("/feedback")
@rate_limited("FEEDBACK_RATE_LIMIT")
def keep() -> ResponseReturnValue:
    """Keep the answer; the same one twice counts once."""
    fields = _fields()
    receipt = receipts().read(fields.get("receipt", ""))
    visitor = session.setdefault("visitor", uuid.uuid4().hex)
    kept = keep_sample(receipt, _label(fields, receipt), visitor)
    message = "This answer was kept before." if kept.already else "Thank you. Your answer was kept."
    if prefers_json():
        return jsonify(kept=True, already=kept.already, message=message, sample=kept.sample_id)
    return render_template("feedback.html", message=message, sample=kept.sample_id, kept=True)


@blueprint.get("/csrf-token")
def csrf_token() -> ResponseReturnValue:
    """A fresh token for scripts whose page has been open for long."""
    return jsonify(csrf_token=generate_csrf()), {"Cache-Control": "no-store"}


def _fields() -> dict[str, str]:
    """The form's or the JSON object's fields, texts only."""
    if not request.is_json:
        return request.form.to_dict()
    return {name: value for name, value in json_object().items() if isinstance(value, str)}


def _label(fields: dict[str, str], receipt: Receipt) -> str:
    """What the person says it is."""
    match fields.get("correct"), fields.get("label"):
        case "yes", _:
            return receipt.candidates[0][0]
        case "no", str(label):
            return label.strip()
    raise MissingAnswer('Say whether the answer was right: correct "yes", or "no" with the right label.')
