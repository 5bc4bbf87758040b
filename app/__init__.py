"""Reads handwriting: digits and letters, from a drawing or a picture."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from app import cli, database, errors, languages, rate_limits, routes, security
from app.accounts.library import init_app as init_accounts
from app.bodies import read_past
from app.config import flask_settings, load_settings
from app.extensions import csrf, db
from app.mail import background as mail_relay
from app.pages.reader import PageReader
from app.recognition.releases import releases_in
from app.recognition.service import RecognitionRoom
from app.samples.hand import Hands
from app.samples.receipts import ReceiptBook
from app.sheets import background as sheets_relay


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The app; `settings` win over environment variables. `RECOGNITION` replaces the recognition room,
    `PAGE_READER` what is made of it to read pages."""
    app = Flask(__name__)
    _configure_settings(app, settings or {})
    _configure_database(app)
    _configure_recognition(app)
    mail_relay.init_app(app)
    sheets_relay.init_app(app)
    csrf.init_app(app)
    languages.init_app(app)
    rate_limits.init_app(app)
    security.init_app(app)
    init_accounts(app)
    errors.init_app(app)
    routes.init_app(app)
    cli.init_app(app)
    app.wsgi_app = read_past(app.wsgi_app)  # type: ignore[assignment, method-assign]
    return app


def _configure_settings(app: Flask, settings: Mapping[str, Any]) -> None:
    values = load_settings(settings)
    Path(values["INSTANCE_DIR"]).mkdir(parents=True, exist_ok=True)
    app.config.update(values)
    app.config.update(flask_settings(values))


def _configure_database(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        database.set_up(db.engine)


def _configure_recognition(app: Flask) -> None:
    room = app.config.get("RECOGNITION")
    if room is None:
        room = RecognitionRoom(releases_in(app.config["INSTANCE_DIR"]), app.config["INFERENCE_ENGINE"])
        room.load()
    app.extensions["recognition"] = room
    app.extensions["pages"] = app.config.get("PAGE_READER", PageReader)(room)
    app.extensions["hands"] = Hands(app.config["SECRET_KEY"])
    app.extensions["receipts"] = ReceiptBook(app.config["SECRET_KEY"], app.config["RECEIPT_MAX_AGE_S"])
