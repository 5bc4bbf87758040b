"""Digits and letters together: offered where the network is installed, not mentioned where it is not."""

import io
import logging
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.extensions import db
from app.recognition import service
from app.recognition.alphabets import COMBINED
from app.recognition.releases import ReleaseStore
from app.recognition.service import RecognitionRoom
from app.samples.tables import Sample
from tests.conftest import AppMaker, Visitor
from tests.fakes import SEVEN, FakeRoom
from tests.images import seven

PAGES = ("/", "/canvas/digit", "/canvas/character", "/networks")


@pytest.fixture
def auto(make_app: AppMaker) -> Flask:
    """An app where it is installed; in `app` it is not."""
    return make_app(RECOGNITION=FakeRoom(has_auto=True))


@pytest.mark.parametrize("path", PAGES)
def test_no_page_mentions_what_is_not_installed(client: FlaskClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert "combined" not in page.text
    assert "Auto" not in page.text


@pytest.mark.parametrize("path", [*PAGES, "/canvas/combined"])
def test_every_page_offers_what_is_installed(auto: Flask, path: str) -> None:
    page = auto.test_client().get(path)
    assert page.status_code == 200
    assert "combined" in page.text
    assert "Auto" in page.text


@pytest.mark.parametrize("has_auto", [True, False])
def test_upload_offers_anything_where_it_is_installed(make_app: AppMaker, has_auto: bool) -> None:
    form = (
        make_app(RECOGNITION=FakeRoom(has_auto=has_auto)).test_client().get("/upload?alphabet=combined").text
    )
    assert ('<option value="any" selected>' in form) is has_auto


def test_no_pad_without_its_network(client: FlaskClient) -> None:
    assert client.get("/canvas/combined").status_code == 404


def test_no_pad_on_a_server_without_any_network(make_app: AppMaker) -> None:
    client = make_app(RECOGNITION=FakeRoom(usable=False, has_auto=True)).test_client()
    assert client.get("/canvas/combined").status_code == 404


def test_the_pad_knows_all_characters_and_has_lines(auto: Flask) -> None:
    page = auto.test_client().get("/canvas/combined").text
    assert f'data-characters="{"".join(COMBINED)}"' in page
    assert 'class="guides"' in page


def test_without_its_network_it_is_not_read(client: FlaskClient) -> None:
    answer = client.post("/api/v1/recognize", json={"alphabet": "combined", "strokes": SEVEN})
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "no_network")  # type: ignore[index]


def test_all_62_are_candidates(auto: Flask) -> None:
    answer = Visitor(auto).draw(alphabet="combined")
    assert {each["character"] for each in answer["candidates"]} == set(COMBINED)
    assert answer["release"] == "combined/0"


@pytest.mark.parametrize("label", ["0", "o", "O"])
def test_feedback_is_kept_as_combined(auto: Flask, label: str) -> None:
    visitor = Visitor(auto)
    receipt = visitor.draw(alphabet="combined")["receipt"]
    assert visitor.say(receipt=receipt, correct="no", label=label).status_code == 200
    with auto.app_context():
        [sample] = db.session.scalars(select(Sample))
        assert (sample.alphabet, sample.predicted, sample.label) == ("combined", "O", label)
        assert sample.correct is (label == "O")


@pytest.mark.parametrize(
    ("has_auto", "status", "words"),
    [(True, 200, "Read as capital O by combined/0."), (False, 503, "has no network")],
)
def test_upload_of_either(make_app: AppMaker, has_auto: bool, status: int, words: str) -> None:
    visitor = Visitor(make_app(RECOGNITION=FakeRoom(has_auto=has_auto)))
    data = {"alphabet": "combined", "csrf_token": visitor.token(), "file": (io.BytesIO(seven()), "7.png")}
    answer = visitor.http.post("/upload", data=data, headers={"Referer": "https://localhost/upload"})
    assert answer.status_code == status
    assert words in answer.text


def test_upload_names_digits_apart_from_letters(auto: Flask) -> None:
    visitor = Visitor(auto)
    data = {"alphabet": "combined", "csrf_token": visitor.token(), "file": (io.BytesIO(seven()), "7.png")}
    page = visitor.http.post("/upload", data=data, headers={"Referer": "https://localhost/upload"}).text
    assert 'value="0" aria-label="It is digit 0"' in page


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecognitionRoom:
    """A real room that serves this alphabet alone, from an empty store."""
    monkeypatch.setattr(service, "SERVED", service.OPTIONAL)
    room = RecognitionRoom(tmp_path)
    room._store = ReleaseStore(tmp_path, tmp_path)
    return room


def test_missing_network_is_no_error(room: RecognitionRoom, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, service.__name__):
        room.load()
    assert room.status() == {"combined": None}
    assert room.release("combined") is None
    assert caplog.records == []


def test_broken_network_is_an_error(
    room: RecognitionRoom, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "combined/1").mkdir(parents=True)
    (tmp_path / "combined/current").write_text("1\n")
    room.load()
    assert room.status() == {"combined": None}
    assert "no new network for combined" in caplog.text
