"""The guide: what it says is so, and leads to where it says."""

import re

import pytest
from flask.testing import FlaskClient

from app.config import ROOT
from tests.conftest import AppMaker
from tests.fakes import FakeRoom

SCRIPTS = ROOT / "app" / "static" / "js"
TOLD = dict(
    found
    for template in (ROOT / "app" / "templates").rglob("*.html")
    for found in re.findall(r'\{\{ module\("([\w-]+)"(.*?)\) \}\}', template.read_text(), re.DOTALL)
)
"""The modules that templates tell the browser of, by the one that asks for them."""


def imported_by(module: str) -> set[str]:
    """The modules that a module imports, and those that these import."""
    found = set(re.findall(r'from "\./([\w-]+)\.js"', (SCRIPTS / f"{module}.js").read_text()))
    return found.union(*map(imported_by, found))


@pytest.mark.parametrize("path", ["/", "/canvas/digit", "/upload", "/networks", "/nowhere"])
def test_every_page_leads_there(client: FlaskClient, path: str) -> None:
    assert 'href="/guide"' in client.get(path).text


def test_guide_leads_to_what_it_explains(client: FlaskClient) -> None:
    main = client.get("/guide").text.split("<main")[1]
    for path in ("/canvas/digit", "/canvas/character", "/upload", "/networks"):
        assert f'href="{path}"' in main


def test_guide_opens_without_networks(make_app: AppMaker) -> None:
    assert make_app(RECOGNITION=FakeRoom(usable=False)).test_client().get("/guide").status_code == 200


def test_largest_upload_is_the_one_that_is_set(make_app: AppMaker) -> None:
    assert "Up to 3 MB" in make_app(MAX_BODY_BYTES=3 * 2**20).test_client().get("/guide").text


@pytest.mark.parametrize("has_auto", [True, False])
def test_auto_is_named_where_it_is(make_app: AppMaker, has_auto: bool) -> None:
    page = make_app(RECOGNITION=FakeRoom(has_auto=has_auto)).test_client().get("/guide").text
    assert ("<em>Auto</em>" in page) is has_auto


def test_every_scene_has_its_words(client: FlaskClient) -> None:
    recorded = re.findall(r"^  (\w+): \{$", (SCRIPTS / "demo-recordings.js").read_text(), re.MULTILINE)
    page = client.get("/guide").text
    told = re.findall(r'<li data-scene="(\w+)">', page)
    assert told == [*recorded, *recorded]  # in the transcript, and where no script runs
    assert f"of {len(recorded)}</p>" in page


@pytest.mark.parametrize("module", sorted(TOLD))
def test_browser_is_told_of_every_module(module: str) -> None:
    assert set(re.findall(r'"([\w-]+)"', TOLD[module])) == imported_by(module)
