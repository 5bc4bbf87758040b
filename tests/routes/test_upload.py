"""Uploading one image by a form, as a browser without JavaScript does."""

import html
import io
import json
import re
from typing import Any

import pytest

from tests.browser.room import MoodyRoom
from tests.conftest import AppMaker, Visitor
from tests.fakes import FakeRoom
from tests.images import blank, seven
from tests.intake.pdfs import locked, scan
from tests.intake.test_links import HOSTILE_HOSTS
from tests.intake.web import Listener
from tests.photos import photo

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
    assert "data:image/jpeg;base64," in answer.text
    assert "data:image/png;base64," in answer.text


def test_a_single_digit_is_spelled_out(visitor: Visitor) -> None:
    assert "7 [Seven]" in upload(visitor, seven()).text


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
        (None, 400, "Nothing was chosen"),
        (b"", 415, "no image or document"),
        (b"<html>hello</html>", 415, "no image or document"),
        (locked(), 422, "password"),
        (b"%PDF-1.7\nnothing", 422, "PDF"),
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


@pytest.mark.parametrize(
    "fields", [{"alphabet": "runes"}, {"expect": "runes"}, {"mask": "99?"}, {"check": "runes"}]
)
def test_expectation_that_cannot_be_honoured_is_refused(visitor: Visitor, fields: dict[str, str]) -> None:
    assert upload(visitor, seven(), **fields).status_code == 422


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


@pytest.mark.parametrize("query", ["expect=letters", "alphabet=character"])
def test_what_one_expects_is_chosen(visitor: Visitor, query: str) -> None:
    assert '<option value="letters" selected>' in visitor.http.get(f"/upload?{query}").text
    assert 'value="runes"' not in visitor.http.get("/upload?expect=runes").text


def test_server_that_reads_no_letters_offers_what_it_has(visitor: Visitor) -> None:
    form = visitor.http.get("/upload").text
    assert '<option value="digits" selected>' in form
    assert 'value="any"' not in form


def test_several_characters_become_a_line_to_check(make_app: AppMaker) -> None:
    room = MoodyRoom()
    room.leaders = {"7": 0.6, "1": 0.3}
    page = upload(Visitor(make_app(RECOGNITION=room)), photo(["717"]))
    assert page.status_code == 200
    assert page.text.count('class="glyph doubtful"') == 3
    assert len(set(re.findall(r'name="receipt" value="([^"]+)"', page.text))) == 3
    assert 'name="text" value="777"' in page.text


def test_every_page_of_every_file_is_there(visitor: Visitor) -> None:
    answer = upload_many(visitor, scan(2), seven())
    assert answer.text.count('<section class="page"') == 3
    assert "page 2 of 2" in answer.text


def test_a_file_that_cannot_be_read_leaves_the_others(visitor: Visitor) -> None:
    answer = upload_many(visitor, locked(), seven(), blank())
    assert answer.status_code == 200
    assert "locked by a password" in answer.text
    assert "the picture is blank" in answer.text
    assert answer.text.count("page-picture") == 2


def test_name_of_a_file_is_text_everywhere(visitor: Visitor) -> None:
    name = "'><script>alert(1)</script>&.png"
    answer = upload(visitor, photo(["71"]), name=name)
    assert "<script>alert" not in answer.text
    [place] = re.findall(r'name="place" value="([^"]*)"', answer.text)
    assert json.loads(html.unescape(place))[0] == name


def test_pages_of_all_files_count_against_the_limit(make_app: AppMaker) -> None:
    answer = upload_many(Visitor(make_app(MAX_PAGES=2)), scan(2), seven())
    assert "2 pages are read at once" in answer.text


def test_each_page_counts_against_the_rate(make_app: AppMaker) -> None:
    visitor = Visitor(make_app(READ_RATE_LIMIT="5 per minute", RATE_LIMIT_STORAGE_URL="memory://"))
    assert [upload(visitor, scan(3)).status_code for _ in range(2)] == [200, 429]


def test_pages_stream_one_by_one(visitor: Visitor) -> None:
    data = {"csrf_token": visitor.token(), "part": "4", "file": (io.BytesIO(scan(2)), "scan.pdf")}
    answer = visitor.http.post("/upload/pages", data=data, headers=HEADERS)
    pages = [json.loads(line) for line in answer.text.splitlines()]
    assert [(page["number"], page["pages"]) for page in pages] == [(1, 2), (2, 2)]
    assert 'id="page-4-2"' in pages[1]["html"]


def test_stream_says_what_is_wrong_with_a_status(visitor: Visitor) -> None:
    data = {"csrf_token": visitor.token(), "file": (io.BytesIO(seven()), "7.png"), "expect": "runes"}
    answer = visitor.http.post("/upload/pages", data=data, headers={**HEADERS, "Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "bad_expectation")  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("csv", "list.png,1,1,'=1+1,0.5,2,"),
        ("txt", "=1+1\n42\n"),
        ("json", '"text": "=1+1"'),
    ],
)
def test_lines_are_downloaded_as_they_stand(visitor: Visitor, kind: str, words: str) -> None:
    places = [json.dumps(["list.png", 1, number, 0.5, 2]) for number in (1, 2)]
    data = {"csrf_token": visitor.token(), "place": places, "text": ["=1+1", "42"]}
    answer = visitor.http.post(f"/upload/lines.{kind}", data=data, headers=HEADERS)
    assert words in answer.text
    assert answer.headers["Content-Disposition"] == f'attachment; filename="lines.{kind}"'


@pytest.mark.parametrize("place", ["", "[", "[1]", '["a", "b", 1, 1, 1]', "{}", "[" * 100_000])
def test_damaged_lines_are_refused(visitor: Visitor, place: str) -> None:
    data = {"csrf_token": visitor.token(), "place": place, "text": "1"}
    assert visitor.http.post("/upload/lines.csv", data=data, headers=HEADERS).status_code == 400


@pytest.mark.parametrize("host", HOSTILE_HOSTS)
def test_link_into_a_private_network_is_refused(visitor: Visitor, host: str) -> None:
    answer = upload(visitor, None, link=f"http://{host}/a.png")
    assert answer.status_code == 422
    assert 'id="upload-error"' in answer.text


@pytest.mark.parametrize(
    "link", ["file:///etc/passwd", "ftp://example.org/a.png", "http://a@example.org/", "gopher://x", "//x"]
)
def test_link_that_is_none_is_refused(visitor: Visitor, link: str) -> None:
    assert upload(visitor, None, link=link).status_code == 422


def test_refused_link_reaches_nobody(visitor: Visitor) -> None:
    listener = Listener()
    for host in ("127.0.0.1", "localhost", "[::ffff:127.0.0.1]"):
        assert upload(visitor, None, link=f"http://{host}:{listener.port}/a.png").status_code == 422
    assert not listener.was_reached()
    listener.close()


def test_links_can_be_turned_off(make_app: AppMaker) -> None:
    answer = upload(Visitor(make_app(LINKS="off")), None, link="https://example.org/a.png")
    assert answer.status_code == 403


def upload_many(visitor: Visitor, *files: bytes) -> Any:
    data = {"csrf_token": visitor.token(), "file": [(io.BytesIO(file), "a file") for file in files]}
    return visitor.http.post("/upload", data=data, headers=HEADERS)
