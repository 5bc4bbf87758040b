"""One blueprint a file."""

from flask import Flask

from app.routes import account, api, canvas, feedback, guide, index, networks, ops, upload


def init_app(app: Flask) -> None:
    """Register every blueprint."""
    for module in (index, canvas, upload, feedback, guide, networks, account, api, ops):
        app.register_blueprint(module.blueprint)
