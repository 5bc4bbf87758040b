"""Uploading one image by a form, as a browser without JavaScript does."""

import io
from typing import Any

import pytest

from tests.browser.room import MoodyRoom
from tests.conftest import AppMaker, Visitor
from tests.fakes import FakeRoom
from tests.images import blank, seven

HEADERS = {"Referer": "https://localhost/upload"}


def upload(visitor: Visitor, file: bytes | None, name: str = "seven.png", **fields: str) -> Any:
    data: dict[str, Any] = {"alphabet": "digit", "csrf_token": visitor.token(), **fields}
    if file is not None:
        data["file"] = (io.BytesIO(file), name)
    return visitor.http.post("/upload", data=data, headers=HEADERS)


def test_result_page_has_the_answer_and_the_receipt(visitor: Visitor) -> None:
    answer = upload(visitor, seven())
    assert answer.status_code == 200
    assert "7" in answer.text
    assert 'name="receipt"' in answer.text
    assert answer.text.count("data:image/png;base64,") == 2


@pytest.mark.parametrize(("second", "title"), [("C", "I read “c” or “C”"), ("e", "I read “c”")])
def test_both_cases_are_shown_where_both_are_likely(make_app: AppMaker, second: str, title: str) -> None:
    room = MoodyRoom()
    room.leaders = {"c": 0.5, second: 0.4}
    answer = upload(Visitor(make_app(RECOGNITION=room)), seven(), alphabet="character")
    assert f"<h1>{title}</h1>" in answer.text


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_each_format_is_read(visitor: Visitor, kind: str) -> None:
    assert upload(visitor, seven(kind)).status_code == 200


@pytest.mark.parametrize(("paper", "ink"), [("white", "black"), ("black", "white"), ("#ddd", "#22a")])
def test_both_polarities_are_read(visitor: Visitor, paper: str, ink: str) -> None:
    assert upload(visitor, seven(paper=paper, ink=ink)).status_code == 200


def test_preview_of_a_large_upload_is_small(visitor: Visitor) -> None:
    assert len(upload(visitor, seven(size=3000)).text) < 60_000


@pytest.mark.parametrize(
    ("file", "status", "sentence"),
    [
        (None, 400, "No image was chosen"),
        (b"", 415, "not an image"),
        (b"<html>hello</html>", 415, "not an image"),
        (seven()[:400], 400, "damaged"),
        (blank(), 422, "blank"),
    ],
)
def test_form_comes_back_with_a_sentence(visitor: Visitor, file: bytes, status: int, sentence: str) -> None:
    answer = upload(visitor, file, alphabet="character")
    assert answer.status_code == status
    assert sentence in answer.text
    assert 'action="/upload"' in answer.text


def test_file_beyond_the_body_limit_brings_the_form_back(make_app: AppMaker) -> None:
    answer = upload(Visitor(make_app(MAX_BODY_BYTES=1_000)), bytes(2_000))
    assert answer.status_code == 413
    assert 'action="/upload"' in answer.text


def test_unknown_alphabet_is_refused(visitor: Visitor) -> None:
    assert upload(visitor, seven(), alphabet="runes").status_code == 422


def test_form_without_token_is_refused(visitor: Visitor) -> None:
    answer = upload(visitor, seven(), csrf_token="")
    assert answer.status_code == 400
    assert "expired" in answer.text


def test_script_gets_json(visitor: Visitor) -> None:
    data = {"csrf_token": visitor.token()}
    answer = visitor.http.post("/upload", data=data, headers={**HEADERS, "Accept": "application/json"})
    assert answer.json["error"]["code"] == "missing_input"  # type: ignore[index]


def test_server_without_networks_says_so(make_app: AppMaker) -> None:
    answer = upload(Visitor(make_app(RECOGNITION=FakeRoom(usable=False))), seven())
    assert answer.status_code == 503
    assert "no network" in answer.text


def test_chosen_alphabet_is_shown(visitor: Visitor) -> None:
    assert visitor.http.get("/upload?alphabet=character").text != visitor.http.get("/upload").text
    assert visitor.http.get("/upload?alphabet=runes").text.count("runes") == 0
