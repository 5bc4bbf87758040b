"""The pages that only show: the first one and the drawing pads."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import AppMaker
from tests.fakes import FakeRoom


def test_first_page_leads_everywhere(client: FlaskClient) -> None:
    page = client.get("/").text
    for path in ("/canvas/digit", "/canvas/character", "/upload"):
        assert f'href="{path}"' in page


@pytest.mark.parametrize("alphabet", ["digit", "character"])
def test_pad_for_each_alphabet(client: FlaskClient, alphabet: str) -> None:
    answer = client.get(f"/canvas/{alphabet}")
    assert answer.status_code == 200
    assert f'data-alphabet="{alphabet}"' in answer.text


def test_pad_without_alphabet_is_for_digits(client: FlaskClient) -> None:
    assert client.get("/canvas").location == "/canvas/digit"


@pytest.mark.parametrize("alphabet", ["combined", "klingon", "Digit", "digit/x", "%00"])
def test_no_pad_for_anything_else(client: FlaskClient, alphabet: str) -> None:
    assert client.get(f"/canvas/{alphabet}").status_code == 404


@pytest.mark.parametrize("path", ["/", "/canvas/digit", "/upload"])
def test_pages_open_without_networks_and_say_so(make_app: AppMaker, path: str) -> None:
    answer = make_app(RECOGNITION=FakeRoom(usable=False)).test_client().get(path)
    assert answer.status_code == 200
    assert "no network" in answer.text
