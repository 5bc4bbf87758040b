"""POST /api/v1/recognize: what it answers, and that nothing sent to it makes it fall over."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.browser.room import MoodyRoom
from tests.conftest import AppMaker
from tests.fakes import SEVEN, FakeRoom
from tests.images import blank, seven

URL = "/api/v1/recognize"


def data_url(file: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(file).decode()


def ask(client: FlaskClient, **question: object) -> Any:
    return client.post(URL, json={"alphabet": "digit", **question})


def post(client: FlaskClient, body: str | bytes) -> Any:
    return client.post(URL, data=body, content_type="application/json")


@pytest.mark.parametrize("question", [{"strokes": SEVEN}, {"image": data_url(seven())}])
def test_answer_ranks_every_candidate(client: FlaskClient, question: dict[str, object]) -> None:
    answer = ask(client, **question)
    assert answer.status_code == 200
    assert sorted(answer.json) == ["candidates", "confidence", "other_case", "receipt", "rejected", "release"]
    candidates = answer.json["candidates"]
    probabilities = [candidate["probability"] for candidate in candidates]
    assert candidates[0]["character"] == "7"
    assert sorted(candidate["character"] for candidate in candidates) == list("0123456789")
    assert probabilities == sorted(probabilities, reverse=True)
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)
    assert answer.json["rejected"] is None


def test_letters_have_52_candidates(client: FlaskClient) -> None:
    assert len(ask(client, alphabet="character", strokes=SEVEN).json["candidates"]) == 52


@pytest.mark.parametrize("second", ["C", "e"])
def test_other_case_is_said_where_it_is_nearly_as_likely(make_app: AppMaker, second: str) -> None:
    room = MoodyRoom()
    room.leaders = {"c": 0.5, second: 0.4}
    answer = ask(make_app(RECOGNITION=room).test_client(), alphabet="character", strokes=SEVEN).json
    assert answer["other_case"] == (answer["candidates"][1] if second == "C" else None)


def test_form_is_answered_like_json(client: FlaskClient) -> None:
    form = {"alphabet": "digit", "file": (io.BytesIO(seven()), "seven.png")}
    answer = client.post(URL, data=form)
    same = ask(client, image=data_url(seven()))
    assert answer.json["candidates"] == same.json["candidates"]  # type: ignore[index]


def test_time_and_pressure_are_welcome(client: FlaskClient) -> None:
    rich = [[[x, y, i * 16, 0.5] for i, (x, y) in enumerate(SEVEN[0])]]
    assert ask(client, strokes=rich).json["candidates"] == ask(client, strokes=SEVEN).json["candidates"]


@pytest.mark.parametrize(
    ("cap_height", "height"),
    [(160, 1), (320, 0.5), (80.0, 2), (0.001, 3), (999_999, 0.2), (None, None)],
    ids=["as tall", "half as tall", "twice as tall", "beyond measure", "hardly any", "unknown"],
)
def test_height_beside_a_capital_reaches_the_recognizer(
    make_app: AppMaker, cap_height: float | None, height: float | None
) -> None:
    room = FakeRoom()
    client = make_app(RECOGNITION=room).test_client()
    assert ask(client, alphabet="character", strokes=SEVEN, cap_height=cap_height).status_code == 200
    assert room.recognizer("character").heights == [height and pytest.approx(height)]


def test_height_is_unknown_where_nothing_is_said_of_it(make_app: AppMaker) -> None:
    room = FakeRoom()
    client = make_app(RECOGNITION=room).test_client()
    ask(client, alphabet="character", strokes=SEVEN)
    ask(client, alphabet="character", image=data_url(seven()), cap_height=0)
    assert room.recognizer("character").heights == [None, None]


@pytest.mark.parametrize(
    "cap_height", ["0", "-1", "1e6", '"x"', '""', "true", "false", "[100]", "{}", '"NaN"', "NaN", "Infinity"]
)
def test_cap_height_must_be_a_height(client: FlaskClient, cap_height: str) -> None:
    question = {"alphabet": "character", "strokes": SEVEN}
    answer = post(client, json.dumps(question)[:-1] + f', "cap_height": {cap_height}}}')
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "no_usable_stroke")


def test_debug_shows_what_the_network_sees(client: FlaskClient) -> None:
    debug = ask(client, strokes=SEVEN, debug=True).json["debug"]
    glyph = Image.open(io.BytesIO(base64.b64decode(debug["glyph"].partition(",")[2])))
    crop = Image.open(io.BytesIO(base64.b64decode(debug["crop"].partition(",")[2])))
    assert glyph.size == (28, 28)
    assert np.asarray(crop).min() == 0


def test_form_can_ask_for_debug(client: FlaskClient) -> None:
    form = {"alphabet": "digit", "debug": "true", "file": (io.BytesIO(seven()), "seven.png")}
    assert "debug" in client.post(URL, data=form).json  # type: ignore[operator]


@pytest.mark.parametrize(
    ("question", "status", "code"),
    [
        ({}, 400, "missing_input"),
        ({"image": data_url(seven()), "strokes": SEVEN}, 400, "missing_input"),
        ({"strokes": SEVEN, "alphabet": "runes"}, 422, "unknown_alphabet"),
        ({"strokes": SEVEN, "alphabet": None}, 422, "unknown_alphabet"),
        ({"strokes": SEVEN, "alphabet": ["digit"]}, 422, "unknown_alphabet"),
        ({"strokes": SEVEN, "alphabet": {}}, 422, "unknown_alphabet"),
        ({"strokes": []}, 422, "no_usable_stroke"),
        ({"strokes": [[]]}, 422, "no_usable_stroke"),
        ({"strokes": None}, 422, "no_usable_stroke"),
        ({"strokes": "7"}, 422, "no_usable_stroke"),
        ({"strokes": [[[1]]]}, 422, "no_usable_stroke"),
        ({"strokes": [[["1", "2"]]]}, 422, "no_usable_stroke"),
        ({"strokes": [[[True, False]]]}, 422, "no_usable_stroke"),
        ({"strokes": [[[10**400, 0]]]}, 422, "no_usable_stroke"),
        ({"strokes": [[[1, 2]] * 100_000]}, 413, "too_many_points"),
        ({"strokes": [[[1, 2]]] * 501}, 413, "too_many_points"),
        ({"image": None}, 400, "unreadable_image"),
        ({"image": 7}, 400, "unreadable_image"),
        ({"image": "7"}, 400, "unreadable_image"),
        ({"image": "data:image/png;base64,@@@@"}, 400, "unreadable_image"),
        ({"image": "data:image/png;base64,é"}, 400, "unreadable_image"),
        ({"image": data_url(b"<html>")}, 415, "unsupported_image"),
        ({"image": data_url(seven()[:300])}, 400, "unreadable_image"),
        ({"image": data_url(blank())}, 422, "no_ink"),
    ],
)
def test_what_cannot_be_read_is_refused(
    client: FlaskClient, question: dict[str, object], status: int, code: str
) -> None:
    answer = ask(client, **question)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)


@pytest.mark.parametrize("coordinate", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_coordinates_must_be_finite(client: FlaskClient, coordinate: str) -> None:
    answer = post(client, f'{{"alphabet": "digit", "strokes": [[[{coordinate}, 1], [2, 3]]]}}')
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"1" * 5_000, b'{"alphabet": "digit"', b"\x00"]
)
def test_malformed_json_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = post(client, body)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "unreadable_request")


@pytest.mark.parametrize("depth", [*range(800, 1_001, 5), 100_000])
def test_deep_nesting_is_refused(client: FlaskClient, depth: int) -> None:
    nested = "[" * depth + "]" * depth
    for body in (
        nested,
        f'{{"alphabet": "digit", "strokes": {nested}}}',
        f'{{"alphabet": {nested}, "image": "x"}}',
    ):
        assert 400 <= post(client, body).status_code < 500


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "image/png", ""])
def test_other_content_is_refused(client: FlaskClient, kind: str) -> None:
    answer = client.post(URL, data=seven(), content_type=kind)
    assert (answer.status_code, answer.json["error"]["code"]) == (415, "unsupported_body")  # type: ignore[index]


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=b"]
)
def test_broken_form_is_refused(client: FlaskClient, kind: str) -> None:
    answer = client.post(URL, data=b"--b\r\nnonsense", content_type=kind)
    assert answer.status_code == 400


def test_form_without_file_is_refused(client: FlaskClient) -> None:
    answer = client.post(URL, data={"alphabet": "digit", "file": "x"}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "missing_input")  # type: ignore[index]


def test_server_without_networks_answers_503(make_app: AppMaker) -> None:
    answer = ask(make_app(RECOGNITION=FakeRoom(usable=False)).test_client(), strokes=SEVEN)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "no_network")


def test_limits_can_be_turned_off(make_app: AppMaker) -> None:
    client = make_app(MAX_STROKE_POINTS=0, MAX_STROKES=0).test_client()
    assert ask(client, strokes=[[[x, x * 2.0] for x in range(20_000)]]).status_code == 200


def test_image_limits_are_settings(make_app: AppMaker) -> None:
    client = make_app(MAX_IMAGE_SIDE_PX=100).test_client()
    answer = ask(client, image=data_url(seven()))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "image_too_large")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["alphabet", "strokes", "image", "cap_height", "debug"]), values))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_json_is_answered(client: FlaskClient, question: dict[str, object]) -> None:
    answer = post(client, json.dumps({"alphabet": "digit", **question}))
    assert answer.status_code in (200, 400, 413, 415, 422)


@given(st.binary(max_size=200))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_answered(client: FlaskClient, body: bytes) -> None:
    assert post(client, body).status_code == 400
