"""The whole path with the networks that come with the code: from what a client sends to the right answer."""

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppMaker
from tests.fakes import SEVEN
from tests.images import seven


@pytest.fixture
def client(make_app: AppMaker) -> Iterator[FlaskClient]:
    with make_app(RECOGNITION=None).test_client() as client:
        yield client


def image(**drawn: Any) -> dict[str, str]:
    return {"image": "data:image/png;base64," + base64.b64encode(seven(**drawn)).decode()}


@pytest.mark.parametrize(
    "question",
    [
        {"strokes": SEVEN},
        {"strokes": [[[x / 1000, y / 1000] for x, y in SEVEN[0]]]},
        image(),
        image(paper="black", ink="white"),
        image(kind="JPEG", size=1500, paper="#ccc", ink="#338"),
        image(kind="GIF", size=56),
    ],
    ids=["strokes", "tiny", "png", "inverted", "large-jpeg", "small-gif"],
)
def test_seven_is_read(client: FlaskClient, question: dict[str, object]) -> None:
    answer = client.post("/api/v1/recognize", json={"alphabet": "digit", **question}).json
    assert answer is not None
    assert answer["candidates"][0]["character"] == "7"
    assert answer["rejected"] is None
    assert answer["confidence"] > 0.9


def test_page_about_the_networks_shows_the_releases_in_use(client: FlaskClient) -> None:
    releases = client.get("/healthz").json["releases"]  # type: ignore[index]
    page = client.get("/networks").text
    assert all(release in page for release in releases.values() if release)
