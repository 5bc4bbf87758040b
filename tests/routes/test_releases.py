"""The owner's page about releases: it shows what there is, and moves between what can be used."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.people import give_role
from app.accounts.tables import AuditEntry, User
from app.database import now
from app.extensions import db
from app.recognition.releases import BUNDLED, ReleaseStore
from tests.conftest import AppMaker
from tests.routes.cards import words

BUNDLED_VERSION = str(ReleaseStore(Path("nowhere")).current_version("digit"))


@pytest.fixture
def store(tmp_path: Path) -> ReleaseStore:
    """The bundled releases, and digit/90 and digit/91, which are copies of one."""
    for version in ("90", "91"):
        shutil.copytree(BUNDLED / "digit" / BUNDLED_VERSION, tmp_path / "releases/digit" / version)
    return ReleaseStore(tmp_path / "releases")


@pytest.fixture
def app(make_app: AppMaker, store: ReleaseStore) -> Flask:  # noqa: ARG001  # the store first: it copies into place
    return make_app(WTF_CSRF_ENABLED=False)


@pytest.fixture
def owner(app: Flask) -> FlaskClient:
    with app.app_context():
        user = User(email="o@example.org", password="-", fs_uniquifier="owner", confirmed_at=now())
        db.session.add(user)
        give_role(user, "owner")
        db.session.commit()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = "owner"
    return client


def move(owner: FlaskClient, path: str, **form: Any) -> str:
    return words(owner.post(f"/owner/releases/digit/{path}", data=form, follow_redirects=True).text)


def test_every_release_is_shown_with_what_it_reads(owner: FlaskClient) -> None:
    page = words(owner.get("/owner/releases/").text)
    assert f"{BUNDLED_VERSION} in use" in page
    assert page.index(" 91 ") < page.index(" 90 ")
    assert "MNIST test" in page
    assert "Go back" not in page


def test_owner_activates_and_rolls_back(owner: FlaskClient, store: ReleaseStore) -> None:
    assert "digit/90 is in use." in move(owner, "activate", version="90")
    assert store.current_version("digit") == "90"
    assert f"Go back to {BUNDLED_VERSION}" in words(owner.get("/owner/releases/").text)
    assert f"digit/{BUNDLED_VERSION} is in use again." in move(owner, "rollback")
    assert store.current_version("digit") == BUNDLED_VERSION


def test_moves_are_in_the_audit_log(app: Flask, owner: FlaskClient) -> None:
    move(owner, "activate", version="90")
    move(owner, "rollback")
    with app.app_context():
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        found = [(e.act, e.note, e.actor.email) for e in entries if e.actor]
    assert found == [
        ("release_activated", "digit/90", "o@example.org"),
        ("release_rolled_back", f"digit/{BUNDLED_VERSION}", "o@example.org"),
    ]


@pytest.mark.parametrize("version", ["", "404", "../../x"])
def test_what_is_not_there_is_not_activated(owner: FlaskClient, store: ReleaseStore, version: str) -> None:
    move(owner, "activate", version=version)
    assert store.current_version("digit") == BUNDLED_VERSION


def test_damaged_release_is_shown_as_such_and_stays_out(
    owner: FlaskClient, store: ReleaseStore, tmp_path: Path
) -> None:
    (tmp_path / "releases/digit/90/CARD.md").write_text("better than it is")
    assert "unusable" in words(owner.get("/owner/releases/").text)
    assert "is damaged: CARD.md" in move(owner, "activate", version="90")
    assert store.current_version("digit") == BUNDLED_VERSION


def test_nothing_to_roll_back_to_is_said(owner: FlaskClient) -> None:
    assert "No release of digit was in use before this one." in move(owner, "rollback")


def test_two_releases_stand_side_by_side(owner: FlaskClient) -> None:
    page = words(owner.get(f"/owner/releases/digit/compare?before={BUNDLED_VERSION}&after=90").text)
    assert f"digit/{BUNDLED_VERSION} and digit/90" in page
    assert "+0.00" in page


@pytest.mark.parametrize(
    "path", ["/owner/releases/", "/owner/releases/digit/compare?before=90&after=91", "/networks"]
)
@pytest.mark.parametrize(("language", "written"), [("en", r"\b\d\d\.\d\d%<"), ("de", r"\b\d\d,\d\d\xa0%<")])
def test_shares_are_written_as_in_the_visitors_language(
    owner: FlaskClient, path: str, language: str, written: str
) -> None:
    assert re.search(written, owner.get(path, headers={"Accept-Language": language}).text)


def test_visitors_see_the_history_of_whole_releases(app: Flask, tmp_path: Path) -> None:
    (tmp_path / "releases/digit/91/CARD.md").write_text("damaged")
    page = words(app.test_client().get("/networks").text)
    assert "Releases so far" in page
    assert " 90 " in page
    assert " 91 " not in page
