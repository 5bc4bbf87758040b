"""Actors for the tests: an app on an instance folder of its own, and a visitor who talks to it."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import create_engine
from sqlalchemy.schema import CreateSchema, DropSchema

from app import create_app
from app.config import SETTINGS
from app.extensions import Base, db
from tests.fake_pages import FakePages
from tests.fakes import SEVEN, FakeRoom

AppMaker = Callable[..., Flask]

settings.register_profile("patient", deadline=None)  # on a busy machine; pytest's own timeout stays
settings.load_profile("patient")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, deselect what says that it is about SQLite."""
    if "TEST_DATABASE_URL" in os.environ:
        left_out = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def _only_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shell of the person who runs the tests has set changes nothing."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)


@pytest.fixture
def database_url() -> Iterator[str]:
    """The database of one test: a file of the instance, or a schema of its own where TEST_DATABASE_URL says so."""
    server = os.environ.get("TEST_DATABASE_URL")
    if server is None:
        yield ""
        return
    schema, engine = f"test_{uuid.uuid4().hex}", create_engine(server)
    with engine.begin() as connection:
        connection.execute(CreateSchema(schema))
    yield f"{server}&options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(DropSchema(schema, cascade=True))
    engine.dispose()


@pytest.fixture
def make_app(tmp_path: Path, database_url: str) -> Iterator[AppMaker]:
    """Makes apps on one instance folder, with tables; keywords are settings. No thread of theirs sends mails."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        where = {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": database_url}
        fixed = {**where, "RECOGNITION": FakeRoom(), "PAGE_READER": FakePages, "MAIL_RELAY": "off"}
        app = create_app({**fixed, **settings})
        made.append(app)
        with app.app_context():
            Base.metadata.create_all(db.engine)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(make_app: AppMaker) -> Flask:
    return make_app()


class Visitor:
    """A browser with cookies, on HTTPS, that fetches its CSRF token when it needs one."""

    def __init__(self, app: Flask) -> None:
        self.http: FlaskClient = app.test_client()
        self.http.environ_base["wsgi.url_scheme"] = "https"

    def token(self) -> str:
        return str(self.http.get("/csrf-token").json["csrf_token"])  # type: ignore[index]

    def draw(self, strokes: object = SEVEN, alphabet: str = "digit") -> dict[str, Any]:
        answer = self.http.post("/api/v1/recognize", json={"alphabet": alphabet, "strokes": strokes})
        assert answer.status_code == 200, answer.text
        return dict(answer.json)  # type: ignore[arg-type]

    def say(self, **fields: str) -> Any:
        """Post feedback as the pages' scripts do."""
        headers = {"X-CSRFToken": self.token(), "Referer": "https://localhost/"}
        return self.http.post("/feedback", json=fields, headers=headers)


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
