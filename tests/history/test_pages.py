"""My pages: one's own drawings to look at, to search, to take away and to delete; nobody else's."""

import io
import json
from urllib.parse import quote
from zipfile import ZipFile

import pytest
from flask import Flask

from tests.conftest import AppMaker, Visitor
from tests.fakes import SEVEN
from tests.images import seven
from tests.members import REFERER, Member


def upload(visitor: Visitor) -> None:
    data = {"alphabet": "digit", "csrf_token": visitor.token(), "file": (io.BytesIO(seven()), "seven.png")}
    assert visitor.http.post("/upload", data=data, headers=REFERER).status_code == 200


def test_recognizing_keeps_nothing(member: Member) -> None:
    member.draw()
    assert member.drawings() == []


def test_a_finished_drawing_is_kept_once(member: Member) -> None:
    receipt = member.draw()["receipt"]
    answers = [member.send("/account/history/keep", receipt=receipt).json for _ in range(2)]
    assert answers == [{"kept": True}, {"kept": False}]
    assert len(member.drawings()) == 1


@pytest.mark.parametrize("fields", [{}, {"receipt": "forged"}, {"receipt": 7}])
def test_only_what_this_server_read_is_kept(member: Member, fields: dict[str, object]) -> None:
    assert member.send("/account/history/keep", **fields).status_code == 400


def test_an_upload_is_kept(member: Member) -> None:
    upload(member)
    [drawing] = member.drawings()
    assert (drawing.source, drawing.strokes, drawing.predicted) == ("upload", None, "7")


def test_an_answer_keeps_the_drawing_with_its_label(member: Member) -> None:
    kept = member.say(receipt=member.draw()["receipt"], correct="no", label="1").json
    [drawing] = member.drawings()
    assert (drawing.id, drawing.label) == (kept["sample"], "1")


def test_nothing_is_kept_of_who_is_not_signed_in(app: Flask, member: Member) -> None:
    stranger = Visitor(app)
    upload(stranger)
    stranger.say(receipt=stranger.draw()["receipt"], correct="yes")
    assert member.drawings() == []


def test_nothing_is_kept_where_the_history_is_off(member: Member) -> None:
    assert member.post("/account/history", keeps="off").location == "/account/"
    upload(member)
    member.say(receipt=member.draw()["receipt"], correct="yes")
    receipt = member.draw()["receipt"]
    assert member.send("/account/history/keep", receipt=receipt).json == {"kept": False}
    assert member.drawings() == []
    member.post("/account/history", keeps="on")
    upload(member)
    assert len(member.drawings()) == 1


def test_the_canvas_is_told_whether_to_keep(app: Flask, member: Member) -> None:
    assert "data-remember" in member.http.get("/canvas/digit").text
    assert "data-remember" not in Visitor(app).http.get("/canvas/digit").text
    member.post("/account/history", keeps="off")
    assert "data-remember" not in member.http.get("/canvas/digit").text


def test_the_account_shows_the_latest_and_what_they_add_up_to(member: Member) -> None:
    upload(member)
    member.say(receipt=member.draw()["receipt"], correct="yes")
    member.say(receipt=member.draw()["receipt"], correct="no", label="1")
    page = member.http.get("/account/").text
    assert page.count('class="drawing card"') == 3
    assert page.count('<svg class="ink"') == 2
    assert 'src="data:image/png;base64,' in page
    assert "1 of the 2 answers that you judged were right." in page


def test_an_empty_account_says_what_to_do(member: Member) -> None:
    assert "Nothing here yet" in member.http.get("/account/").text
    assert "Nothing here yet" in member.http.get("/account/drawings").text


def test_a_search_stays_in_the_addresses_of_its_page(member: Member) -> None:
    member.keep()
    page = member.http.get("/account/drawings?character=7&source=draw").text
    assert page.count('class="drawing card"') == 1
    assert "/delete?character=7&amp;source=draw" in page
    assert 'class="drawing card"' not in member.http.get("/account/drawings?character=4").text


def test_one_is_deleted(member: Member) -> None:
    first, second = member.keep(), member.keep()
    answer = member.post(f"/account/drawings/{first}/delete?source=draw")
    assert answer.location == "/account/drawings?source=draw"
    assert [drawing.id for drawing in member.drawings()] == [second]


def test_the_chosen_are_deleted(member: Member) -> None:
    first, second, third = (member.keep() for _ in range(3))
    member.post("/account/drawings/delete", drawing=[first, third])
    assert [drawing.id for drawing in member.drawings()] == [second]
    assert "2 drawings are deleted." in member.http.get("/account/drawings").text


def test_choosing_none_deletes_none(member: Member) -> None:
    member.keep()
    member.post("/account/drawings/delete")
    assert "You had chosen none." in member.http.get("/account/drawings").text
    assert len(member.drawings()) == 1


def test_all_are_deleted_after_a_question(member: Member) -> None:
    member.keep()
    assert "You have 1 drawing." in member.http.get("/account/drawings/delete-all").text
    assert len(member.drawings()) == 1
    member.post("/account/drawings/delete-all")
    assert member.drawings() == []


def test_somebody_elses_drawing_is_not_there(member: Member, other: Member) -> None:
    theirs = other.keep()
    assert theirs not in member.http.get("/account/drawings").text
    assert member.post(f"/account/drawings/{theirs}/delete").status_code == 404
    assert member.post("/account/drawings/delete", drawing=theirs).status_code == 404
    member.post("/account/drawings/delete-all")
    assert [drawing.id for drawing in other.drawings()] == [theirs]


def test_somebody_elses_receipt_changes_nothing_of_theirs(member: Member, other: Member) -> None:
    receipt = other.draw()["receipt"]
    other.send("/account/history/keep", receipt=receipt)
    assert member.send("/account/history/keep", receipt=receipt).json == {"kept": False}
    member.say(receipt=receipt, correct="no", label="1")
    assert [drawing.label for drawing in other.drawings()] == [None]
    assert member.drawings() == []


def test_the_download_is_ones_own(member: Member, other: Member) -> None:
    mine, theirs = member.keep(), other.keep()
    answer = member.post("/account/data", user_id=str(other.id), email=other.address)
    assert answer.mimetype == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=legible-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    with ZipFile(io.BytesIO(answer.data)) as archive:
        assert json.loads(archive.read("data.json"))["account"]["email"] == member.address
        pictures = [name for name in archive.namelist() if name.startswith("pictures/")]
    assert pictures == [f"pictures/{mine}.png"]
    assert theirs not in str(pictures)
    answer.close()


def test_what_a_browser_remembers_is_taken_over(member: Member) -> None:
    drawings = [{"alphabet": "digit", "strokes": SEVEN, "label": "1"}, {"alphabet": "digit", "strokes": []}]
    answer = member.send("/account/history/import", drawings=drawings).json
    assert answer == {
        "kept": 1,
        "already": 0,
        "unreadable": 1,
        "message": "1 drawing is on your pages now. 1 can’t be read any more.",
    }
    assert [drawing.label for drawing in member.drawings()] == ["1"]


def test_what_is_there_already_is_said(member: Member) -> None:
    drawings = [{"alphabet": "digit", "strokes": SEVEN}]
    messages = [member.send("/account/history/import", drawings=drawings).json["message"] for _ in range(2)]  # type: ignore[index]
    assert messages == ["1 drawing is on your pages now.", "1 drawing is on your pages now."]


@pytest.mark.parametrize("drawings", [None, "x", [1], [{}] * 21])
def test_an_import_of_another_shape_is_refused(member: Member, drawings: object) -> None:
    answer = member.send("/account/history/import", drawings=drawings)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "unreadable_request")  # type: ignore[index]


def test_no_import_where_the_history_is_off(member: Member) -> None:
    member.post("/account/history", keeps="off")
    answer = member.send("/account/history/import", drawings=[])
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "history_off")  # type: ignore[index]


def test_the_privacy_page_names_the_spans_of_this_server(make_app: AppMaker) -> None:
    client = make_app(AUDIT_LOG_DAYS=90, MAIL_DAYS=0).test_client()
    page = client.get("/privacy").text
    assert "90 days, then" in page
    assert "Without limit." in page
    assert 'href="/privacy"' in client.get("/").text
    assert 'href="/privacy"' in client.get("/guide").text


@pytest.mark.parametrize("nothing", ["\0", "7\0", "\0" * 32])
def test_a_nul_finds_nothing(member: Member, nothing: str) -> None:
    """PostgreSQL has no text with one."""
    member.keep()
    assert member.http.get("/account/drawings", query_string={"character": nothing}).status_code in (200, 400)
    assert member.post(f"/account/drawings/{quote(nothing)}/delete").status_code in (400, 404)
    assert member.post("/account/drawings/delete", drawing=nothing).status_code in (400, 404)
    assert len(member.drawings()) == 1


def test_times_say_that_they_are_utc(member: Member) -> None:
    """Where it is tomorrow already, tomorrow can be looked for."""
    member.keep()
    page = member.http.get("/account/drawings").text
    assert " UTC</time>" in page
    assert "From (UTC)" in page
    assert " max=" not in page
