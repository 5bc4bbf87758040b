"""The review desk over HTTP: who may, what a form does, what a script gets, and what can be taken out."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.people import give_role
from app.accounts.tables import REVIEWER, AuditEntry, User
from app.database import now
from app.extensions import db
from app.samples.archive import read_archive
from app.samples.tables import ACCEPTED, NEW, REJECTED
from tests.conftest import AppMaker, Visitor
from tests.samples.answers import LIKELY, UNLIKELY, answer, decide, sample
from tests.samples.readers import StubbornRoom


@pytest.fixture
def app(make_app: AppMaker) -> Flask:
    return make_app(RECOGNITION=StubbornRoom())


@pytest.fixture
def reviewer(app: Flask) -> Visitor:
    """Somebody signed in who may review."""
    with app.app_context():
        user = User(email="rev@example.org", password="-", fs_uniquifier="rev", confirmed_at=now())
        db.session.add(user)
        give_role(user, REVIEWER)
        db.session.commit()
    reviewer = Visitor(app)
    with reviewer.http.session_transaction() as session:
        session["_user_id"] = "rev"
    return reviewer


def post(somebody: Visitor, accept: str = "text/html", address: str = "/review/judge", **form: object) -> Any:
    headers = {"X-CSRFToken": somebody.token(), "Referer": "https://localhost/", "Accept": accept}
    return somebody.http.post(address, data=form, headers=headers)


def given(app: Flask, *labels: str, **changes: object) -> list[str]:
    with app.app_context():
        return [answer(label, **changes) for label in labels]  # type: ignore[arg-type]


def states(app: Flask, ids: list[str]) -> list[str]:
    with app.app_context():
        return [sample(each).state for each in ids]


def test_the_page_shows_what_waits_and_why(app: Flask, reviewer: Visitor) -> None:
    given(app, UNLIKELY)
    page = reviewer.http.get("/review/").text
    assert "4, not 7" in page
    assert "digit/9 gives “4” 1%" in page
    assert "Nothing by this person was reviewed yet." in page
    assert "Quarantined" in page


def test_an_empty_queue_says_so(reviewer: Visitor) -> None:
    assert "Nothing waits to be reviewed." in reviewer.http.get("/review/").text


@pytest.mark.parametrize(
    "query",
    ["page=x", "page=-5", "doubt=nan", "state=%00", "release=%00", "label=%F0%9F%98%80", "kind=1&alphabet=2"],
)
def test_nonsense_in_the_address_asks_for_nothing(app: Flask, reviewer: Visitor, query: str) -> None:
    given(app, "7")
    answer_ = reviewer.http.get(f"/review/?{query}")
    assert answer_.status_code == 200
    assert "7, as it was read" in answer_.text


@pytest.mark.parametrize("source", ["draw", "upload", "sheet", "dummy"])
def test_every_source_can_be_chosen(app: Flask, reviewer: Visitor, source: str) -> None:
    given(app, "7", source="draw" if source == "sheet" else "sheet")
    assert "7, as it was read" in reviewer.http.get("/review/").text
    page = reviewer.http.get(f"/review/?source={source}").text
    assert f'<option value="{source}" selected>' in page
    assert f">{source}</option>" not in page
    assert "Nothing waits to be reviewed." in page


def test_a_form_decides_and_leads_back(app: Flask, reviewer: Visitor) -> None:
    ids = given(app, "7", LIKELY)
    back = post(reviewer, address="/review/judge?alphabet=digit&page=2&next=//evil", id=ids, verdict="accept")
    assert (back.status_code, back.location) == (302, "/review/?alphabet=digit&page=2")
    assert states(app, ids) == [ACCEPTED, ACCEPTED]
    assert "2 samples are accepted." in reviewer.http.get("/review/").text


def test_who_decided_is_kept_and_shown(app: Flask, reviewer: Visitor) -> None:
    ids = given(app, "7")
    post(reviewer, id=ids, verdict="reject")
    assert states(app, ids) == [REJECTED]
    assert "by rev@example.org" in reviewer.http.get("/review/?state=rejected").text


def test_a_script_gets_json(app: Flask, reviewer: Visitor) -> None:
    ids = given(app, LIKELY)
    told = post(reviewer, "application/json", id=ids, verdict="relabel", label="5").json
    assert told == {"state": ACCEPTED, "words": "Accepted", "message": "One sample is accepted as “5”."}
    told = post(reviewer, "application/json", id=ids, verdict="undo").json
    assert told["state"] == NEW


def test_a_label_of_another_alphabet_is_refused_in_words(app: Flask, reviewer: Visitor) -> None:
    ids = given(app, "7")
    refused = post(reviewer, "application/json", id=ids, verdict="relabel", label="Q")
    assert refused.status_code == 422
    assert "digit" in refused.json["error"]["message"]
    assert post(reviewer, id=ids, verdict="relabel", label="Q").status_code == 302
    assert "is not in the alphabet" in reviewer.http.get("/review/").text
    assert states(app, ids) == [NEW]


def test_no_verdict_is_no_request(app: Flask, reviewer: Visitor) -> None:
    assert post(reviewer, id=given(app, "7"), verdict="burn").status_code == 400


def test_nothing_selected_is_said(reviewer: Visitor) -> None:
    post(reviewer, verdict="accept")
    assert "Nothing was selected." in reviewer.http.get("/review/").text


def test_the_audit_log_knows_of_many_at_once(app: Flask, reviewer: Visitor) -> None:
    post(reviewer, id=given(app, "7"), verdict="accept")
    post(reviewer, id=given(app, "7", "7"), verdict="accept")
    with app.app_context():
        (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.act.startswith("samples"))).all()
        assert (entry.act, entry.note) == ("samples_accepted", "2 samples")
        assert entry.actor is not None
        assert entry.actor.email == "rev@example.org"


def test_selecting_all_spares_the_quarantine(app: Flask, reviewer: Visitor) -> None:
    new, quarantined = given(app, "7", UNLIKELY)
    page = reviewer.http.get("/review/?all=1").text
    assert f'value="{new}" checked' in page
    assert f'value="{quarantined}" checked' not in page
    assert f'value="{quarantined}" checked' in reviewer.http.get("/review/?state=quarantined&all=1").text


def test_the_table_holds_what_is_shown(app: Flask, reviewer: Visitor) -> None:
    ids = given(app, "7", LIKELY)
    taken = reviewer.http.get("/review/samples.csv?kind=correction")
    assert taken.content_type == "text/csv; charset=utf-8"
    assert 'filename="samples.csv"' in taken.headers["Content-Disposition"]
    assert [row["sample"] for row in csv.DictReader(io.StringIO(taken.text))] == ids[1:]


def test_the_archive_holds_what_was_accepted(app: Flask, reviewer: Visitor, tmp_path: Path) -> None:
    accepted, _ = given(app, "7", "7")
    with app.app_context():
        decide("accept", accepted)
    (tmp_path / "taken.npz").write_bytes(reviewer.http.get("/review/digit.npz").data)
    assert read_archive(tmp_path / "taken.npz").labels.tolist() == ["7"]


def test_the_menu_leads_reviewers_to_the_desk(app: Flask, reviewer: Visitor) -> None:
    assert 'href="/review/"' in reviewer.http.get("/").text
    assert 'href="/review/"' not in app.test_client().get("/").text
