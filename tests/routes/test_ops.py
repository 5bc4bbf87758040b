"""/healthz, for whoever keeps the server running."""

from flask import Flask

from app.extensions import Base, db
from tests.conftest import AppMaker
from tests.fakes import FakeRoom


def test_all_is_well(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert answer.json == {
        "status": "ok",
        "releases": {"digit": "digit/0", "character": "character/0", "combined": None},
        "database": "ok",
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_missing_network_degrades(make_app: AppMaker) -> None:
    answer = make_app(RECOGNITION=FakeRoom(usable=False)).test_client().get("/healthz")
    assert answer.json["status"] == "degraded"  # type: ignore[index]
    assert answer.json["releases"] == dict.fromkeys(("digit", "character", "combined"))  # type: ignore[index]


def test_network_for_everything_shows_where_it_is_installed(make_app: AppMaker) -> None:
    answer = make_app(RECOGNITION=FakeRoom(has_auto=True)).test_client().get("/healthz")
    assert answer.json["status"] == "ok"  # type: ignore[index]
    assert answer.json["releases"]["combined"] == "combined/0"  # type: ignore[index]


def test_missing_tables_degrade(app: Flask) -> None:
    with app.app_context():
        Base.metadata.drop_all(db.engine)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["database"]) == ("degraded", "unavailable")  # type: ignore[index]
