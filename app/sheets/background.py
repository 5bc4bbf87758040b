"""The relay in the server itself: it fills the spreadsheet beside the requests, which never wait for it."""

from collections.abc import Callable
from functools import cache

from flask import Flask

from app.background import Background
from app.extensions import db
from app.sheets.delivery import Relay, sheets_from
from app.sheets.errors import NotNow

POLL_S = 10


def init_app(app: Flask) -> None:
    """Give the app its relay; it runs if there are credentials."""

    @cache  # what was looked up at Google is kept from round to round
    def relay() -> Relay:
        book = sheets_from(app.config, db.engine, until_stopped(background.stops_within))
        book.load()
        return Relay(db.engine, book)

    is_on = app.config["SHEETS_RELAY"] == "on" and bool(app.config["GOOGLE_CREDENTIALS"])
    background = Background(app, "sheets", lambda: relay().deliver(), is_on, POLL_S)
    app.extensions["sheets"] = background


def until_stopped(stops_within: Callable[[float], bool]) -> Callable[[float], None]:
    """A sleep that raises NotNow as soon as the server stops."""

    def pause(seconds: float) -> None:
        if stops_within(seconds):
            raise NotNow("The server was stopped meanwhile.")

    return pause
