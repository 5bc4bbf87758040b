"""The page about the networks: what a release's card and report say, however old they are, and nothing beyond."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.figure_words import SETS, ink_name
from app.recognition.releases import BUNDLED
from tests.browser.room import MoodyRoom
from tests.conftest import AppMaker
from tests.fakes import FakeRoom
from tests.routes.cards import MISTAKES, PICTURES, SCORES, card, release_in, words

Opener = Callable[..., FlaskClient]
CARDS = [json.loads(path.read_text()) for path in sorted(BUNDLED.glob("*/*/card.json"))]


@pytest.fixture
def open_site(make_app: AppMaker, tmp_path: Path) -> Opener:
    """A site that reads one alphabet with a release whose card says what it is given."""

    def open_site(alphabet: str = "digit", card_says: dict[str, Any] | None = None) -> FlaskClient:
        room = MoodyRoom()
        room.releases = {alphabet: release_in(tmp_path / alphabet, alphabet, card_says)}
        return make_app(RECOGNITION=room).test_client()

    return open_site


def test_words_come_first(open_site: Opener) -> None:
    page = words(open_site().get("/networks").text)
    assert "Reads 99.6 of 100 right on scanned forms (MNIST test)." in page
    assert "What it finds hardest is Bus tickets: 93.6 of 100." in page
    assert "Of ink that is none of its characters, it refuses 89–97 of 100" in page
    assert "361,684 parameters · 1.4 MB · 0.4 ms for each character" in page


def test_letters_are_counted_with_and_without_their_case(open_site: Opener) -> None:
    page = words(open_site("character").get("/networks").text)
    assert "Reads 95.0 of 100 right on scanned forms (MNIST test), 83.8 if the case must be right" in page
    assert "Either case" in page


@pytest.mark.parametrize(
    "row",
    [
        "MNIST test scanned forms, 10,000 samples 99.64% 99.50–99.74 98.11% 99.99% 0.41% 0.07% 0.38%",
        "Bus tickets 10,000 samples 93.57% 99.50–99.74 90.00%",
        "turned −15° 98.55% 98.55%",
        "symbols a sun, a fish, a cube … 91.20% 91.20%",
    ],
)
def test_tables_set_the_baseline_beside(open_site: Opener, row: str) -> None:
    assert row in words(open_site().get("/networks").text)


@pytest.mark.parametrize(
    "row",
    [
        "Bus tickets 10.000 Proben 93,57 % 99,50–99,74 90,00 %",
        "um −15° gedreht 98,55 % 98,55 %",
        "Symbole eine Sonne, ein Fisch, ein Würfel … 91,20 % 91,20 %",
        "361.684 Parameter · 1,4 MB · 0,4 ms je Zeichen",
    ],
)
def test_names_and_numbers_are_in_the_visitors_language(open_site: Opener, row: str) -> None:
    assert row in words(open_site().get("/networks", headers={"Accept-Language": "de"}).text)


@pytest.mark.parametrize(
    "older",
    [
        {},
        {"evaluation": None, "baseline": None},
        {"evaluation": {}},
        {"evaluation": {"sets": {}, "robustness": {}, "refused": {}, "cost": {}}},
        {"evaluation": {"sets": {"MNIST test": {}}}},
        {"evaluation": {"sets": {"MNIST test": {"accuracy": 99.0}}}, "baseline": {"network": "seed_cnn"}},
        {**card("digit"), "baseline": None},
        *CARDS,
    ],
    ids=lambda value: "-".join(value) or "empty",
)
@pytest.mark.parametrize("alphabet", ["digit", "character"])
def test_older_card_is_shown_as_far_as_it_goes(
    open_site: Opener, alphabet: str, older: dict[str, Any]
) -> None:
    page = open_site(alphabet, older).get("/networks")
    assert page.status_code == 200
    assert f"{alphabet}/9" in page.text
    assert "None" not in words(page.text)


def test_figures_that_a_card_lacks_leave_no_empty_column(open_site: Opener) -> None:
    scores = {key: value for key, value in SCORES.items() if key != "confident_error"}
    page = open_site(card_says={"evaluation": {"sets": {"MNIST test": scores}}}).get("/networks").text
    assert "Wrong though sure" not in page
    assert "–" not in words(page).replace("99.50–99.74", "")


def test_server_without_networks_says_so(make_app: AppMaker) -> None:
    page = make_app(RECOGNITION=FakeRoom(usable=False)).test_client().get("/networks")
    assert page.status_code == 200
    assert page.text.count("no such network") == 2


def test_every_picture_of_the_report_is_shown_and_served(open_site: Opener) -> None:
    client = open_site()
    addresses = re.findall(r'<img src="([^"]+)" alt="\w', client.get("/networks").text)
    assert sorted(re.findall(r"report/([\w-]+)\.png", " ".join(addresses))) == sorted(PICTURES)
    for address in addresses:
        with client.get(address) as answer:
            assert (answer.status_code, answer.mimetype) == (200, "image/png")
            assert "max-age=86400" in answer.headers["Cache-Control"]
            assert "Set-Cookie" not in answer.headers


def test_picture_of_another_release_has_another_address(open_site: Opener) -> None:
    assert f"/networks/digit/report/{MISTAKES}.png?release=9" in open_site().get("/networks").text


@pytest.mark.parametrize(
    "name",
    [
        "missing.png",
        "figures.json",
        "figures.json.png",
        "secret.png",
        "../secret.png",
        "..%2fsecret.png",
        "..%5csecret.png",
        "%2e%2e/secret.png",
        f"{MISTAKES}",
        f"{MISTAKES}.PNG",
        f"{MISTAKES}%00.png",
        f"./{MISTAKES}%2f.png",
        "*.png",
        ".png",
    ],
)
def test_nothing_but_the_report_is_served(open_site: Opener, name: str) -> None:
    assert open_site().get(f"/networks/digit/report/{name}").status_code == 404


@pytest.mark.parametrize("alphabet", ["character", "combined", "klingon", ".."])
def test_no_picture_of_what_is_not_in_use(open_site: Opener, alphabet: str) -> None:
    assert open_site().get(f"/networks/{alphabet}/report/{MISTAKES}.png").status_code == 404


@pytest.mark.parametrize("path", ["/", "/canvas/digit", "/upload", "/nowhere"])
def test_every_page_leads_there(client: FlaskClient, path: str) -> None:
    assert 'href="/networks"' in client.get(path).text


def test_every_set_that_releases_were_judged_on_is_described() -> None:
    assert {name for bundled in CARDS for name in bundled["evaluation"]["sets"]} <= set(SETS)


@pytest.mark.parametrize("kind", ["robustness", "refused"])
def test_every_ink_that_releases_were_tried_on_has_words(app: Flask, kind: str) -> None:
    names = {name for bundled in CARDS for name in bundled["evaluation"][kind]}
    assert names
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert {name for name in names if ink_name(name) == name} == set()


def test_ink_that_is_new_keeps_its_name(app: Flask) -> None:
    with app.test_request_context():
        assert ink_name("folded 3 times") == "folded 3 times"
