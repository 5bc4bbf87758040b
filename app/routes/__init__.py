"""One blueprint a file."""

from flask import Flask

from app.routes import (
    account,
    api,
    canvas,
    feedback,
    guide,
    hand,
    history,
    index,
    language,
    networks,
    ops,
    owner,
    privacy,
    read,
    releases,
    review,
    tokens,
    upload,
)


def init_app(app: Flask) -> None:
    """Register every blueprint."""
    for module in (
        index,
        language,
        canvas,
        upload,
        feedback,
        hand,
        guide,
        networks,
        privacy,
        account,
        history,
        tokens,
        owner,
        releases,
        review,
        api,
        read,
        ops,
    ):
        app.register_blueprint(module.blueprint)
