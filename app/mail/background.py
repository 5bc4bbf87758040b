"""The relay in the server itself: it sends what is queued, beside the requests."""

from flask import Flask

from app.background import Background
from app.extensions import db
from app.mail.relay import relay_from


def init_app(app: Flask) -> None:
    """Give the app its mail room."""
    app.extensions["mail"] = Background(
        app,
        "mail",
        lambda: relay_from(app.config, db.engine).deliver(),
        is_on=app.config["MAIL_RELAY"] == "on",
    )
