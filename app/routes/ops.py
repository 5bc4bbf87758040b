"""For whoever keeps the server running."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from app.reading import room
from app.recognition.service import OPTIONAL
from app.samples.service import is_ready

blueprint = Blueprint("ops", __name__)


@blueprint.get("/healthz")
def healthz() -> ResponseReturnValue:
    """Whether everything works; 200 as long as the server itself does."""
    releases = room().status()
    database_is_ready = is_ready()
    is_well = database_is_ready and all(releases[name] for name in releases if name not in OPTIONAL)
    return jsonify(
        status="ok" if is_well else "degraded",
        releases=releases,
        database="ok" if database_is_ready else "unavailable",
    ), {"Cache-Control": "no-store"}
