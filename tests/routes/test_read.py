"""POST /api/v1/read: pages in every shape, what they say, and what is refused."""

import base64
import io
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.pages.reader import PageReader
from tests.browser.room import MoodyRoom
from tests.conftest import AppMaker, Visitor
from tests.fakes import FakeRoom
from tests.images import blank, seven
from tests.intake.pdfs import locked, scan
from tests.intake.web import answer as answer_with
from tests.intake.web import web_server
from tests.photos import photo


def read(client: FlaskClient, *files: bytes, **fields: str) -> Any:
    data = {**fields, "file": [(io.BytesIO(file), f"{number}.bin") for number, file in enumerate(files)]}
    return client.post("/api/v1/read", data=data)


def url_of(picture: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def test_a_page_has_lines_of_glyphs(client: FlaskClient) -> None:
    answer = read(client, photo(["717"]), expect="digits").json
    [page] = answer["pages"]
    [line] = page["lines"]
    assert (answer["text"], line["text"], page["rotation"], page["error"]) == ("777", "777", 0, None)
    assert [glyph["character"] for glyph in line["glyphs"]] == ["7", "7", "7"]
    for glyph in line["glyphs"]:
        box = glyph["box"]
        assert 0 <= box["x"] < box["x"] + box["width"] <= page["width"]
        assert len(glyph["candidates"]) == 5


def test_every_glyph_has_a_receipt_of_its_own(visitor: Visitor) -> None:
    glyphs = read(visitor.http, photo(["71"]), expect="digits").json["pages"][0]["lines"][0]["glyphs"]
    answers = [visitor.say(receipt=glyph["receipt"], correct="no", label="1") for glyph in glyphs]
    assert [answer.json["already"] for answer in answers] == [False, False]


def test_doubt_is_said(make_app: AppMaker) -> None:
    room = MoodyRoom()
    room.leaders = {"7": 0.6, "1": 0.3}
    answer = read(make_app(RECOGNITION=room).test_client(), photo(["7"]), expect="digits")
    [glyph] = answer.json["pages"][0]["lines"][0]["glyphs"]
    assert (glyph["doubtful"], glyph["confidence"]) == (True, 0.6)


def test_a_link_that_leads_nowhere_takes_no_file_along(client: FlaskClient) -> None:
    pages = read(client, seven(), expect="digits", link="http://127.0.0.1/a.png").json["pages"]
    assert [page["error"] and page["error"]["code"] for page in pages] == [None, "no_public_server"]
    assert pages[1]["file"] == "http://127.0.0.1/a.png"


def test_pages_of_several_files_come_in_order(client: FlaskClient) -> None:
    pages = read(client, scan(2), seven(), expect="digits").json["pages"]
    assert [(page["file"], page["page"]) for page in pages] == [("0.bin", 1), ("0.bin", 2), ("1.bin", 1)]


def test_a_page_that_cannot_be_read_says_why(client: FlaskClient) -> None:
    pages = read(client, seven(), locked(), blank(), expect="digits").json["pages"]
    assert [page["error"] and page["error"]["code"] for page in pages] == [
        None,
        "encrypted_document",
        "no_ink",
    ]
    assert pages[1]["lines"] == []


def test_an_image_comes_as_a_data_url_too(client: FlaskClient) -> None:
    answer = client.post("/api/v1/read", json={"image": url_of(seven()), "expect": "digits"})
    assert answer.json["text"] == "7"  # type: ignore[index]


def test_a_link_is_followed(make_app: AppMaker) -> None:
    client = make_app(APP_ENV="development", LINK_ALLOW_PRIVATE="on").test_client()
    with web_server(answer_with(seven())) as port:
        answer = client.post("/api/v1/read", json={"link": f"http://127.0.0.1:{port}/7.png"})
    assert answer.json["pages"][0]["file"] == "7.png"  # type: ignore[index]


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({}, 400, "missing_input"),
        ({"image": 7}, 400, "unreadable_image"),
        ({"image": "x", "link": "y"}, 400, "missing_input"),
        ({"image": url_of(blank())}, 422, "no_ink"),
        ({"link": "http://127.0.0.1/"}, 422, "no_public_server"),
        ({"image": url_of(seven()), "expect": "runes"}, 422, "bad_expectation"),
        ({"image": url_of(seven()), "expect": 9}, 422, "bad_expectation"),
        ({"image": url_of(seven()), "expect": "letters", "check": "luhn"}, 422, "bad_expectation"),
        ({"image": url_of(seven()), "check": ["luhn"]}, 422, "bad_expectation"),
        ({"image": url_of(seven()), "expect": "any"}, 503, "no_network"),
    ],
)
def test_what_cannot_be_read_is_refused(
    client: FlaskClient, question: dict[str, Any], status: int, code: str
) -> None:
    answer = client.post("/api/v1/read", json=question)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)  # type: ignore[index]


def test_body_of_another_kind_is_refused(client: FlaskClient) -> None:
    assert client.post("/api/v1/read", data="x", content_type="text/plain").status_code == 415


def test_server_without_networks_says_so(make_app: AppMaker) -> None:
    answer = read(make_app(RECOGNITION=FakeRoom(usable=False)).test_client(), seven())
    assert answer.status_code == 503


def test_a_token_counts_for_itself_and_needs_the_scope(client: FlaskClient) -> None:
    headers = {"Authorization": "Bearer legible_wrong"}
    assert client.post("/api/v1/read", json={}, headers=headers).status_code == 401


def test_the_networks_that_come_with_the_code_read_a_photo(make_app: AppMaker) -> None:
    client = make_app(RECOGNITION=None, PAGE_READER=PageReader).test_client()
    answer = read(client, photo(["7014", "3 4 7"]), expect="digits")
    assert answer.json["text"].replace(" ", "") == "7014\n347"
