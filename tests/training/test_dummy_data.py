"""Made-up people: hands of their own, answers that are true, and a mark on everything they give."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from app.extensions import db
from app.samples.tables import Sample
from app.training.datasets import Labelled
from app.training.dummy_data import Style, Tally, fill, some_style, write
from app.training.visitor import Visitor, VisitorRefused
from tests.conftest import AppMaker

PLAIN = Style(0.0, 0.0, "as it is")


def bar() -> np.ndarray:
    """An upright line."""
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:16] = 255
    return image


@pytest.fixture
def site(make_app: AppMaker) -> Iterator[tuple[Flask, str]]:
    """An app that reads everything as 7, behind a real port."""
    app = make_app(APP_ENV="development", RATE_LIMIT_STORAGE_URL="memory://")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield app, f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def samples(app: Flask) -> list[Sample]:
    with app.app_context(), Session(db.engine) as session:
        return list(session.scalars(select(Sample)))


def angle(ink: np.ndarray) -> float:
    """Degrees by which the ink leans from upright, counter-clockwise."""
    y, x = np.nonzero(ink > 128)
    return float(np.degrees(np.arctan(np.polyfit(y, x, 1)[0])))


@pytest.mark.parametrize("turn", [-30.0, 30.0])
def test_hand_turns_what_it_writes(turn: float) -> None:
    drawn = [angle(write(bar(), Style(turn, 0.0, "as it is"), np.random.default_rng(i))) for i in range(20)]
    assert np.mean(drawn) == pytest.approx(turn, abs=3)


def test_hand_slants_what_it_writes() -> None:
    drawn = [angle(write(bar(), Style(0.0, 0.5, "as it is"), np.random.default_rng(i))) for i in range(20)]
    assert abs(np.mean(drawn)) == pytest.approx(np.degrees(np.arctan(0.5)), abs=4)


def test_pens_are_thin_and_thick() -> None:
    ink = [
        write(bar(), Style(0.0, 0.0, pen), np.random.default_rng(0)).sum()
        for pen in ("thin", "as it is", "thick")
    ]
    assert ink[0] < 0.8 * ink[1] < 0.8 * 0.8 * ink[2]


def test_nobody_writes_the_same_twice() -> None:
    rng = np.random.default_rng(0)
    assert not np.array_equal(write(bar(), PLAIN, rng), write(bar(), PLAIN, rng))


def test_hands_keep_to_their_limits() -> None:
    rng = np.random.default_rng(0)
    turns = [abs(some_style(rng, 10, 30).turn_degrees) for _ in range(200)]
    assert 10 <= min(turns) < 12
    assert 28 < max(turns) <= 30


def test_people_confirm_and_correct_through_the_door(site: tuple[Flask, str]) -> None:
    app, url = site
    images = Labelled("made up", np.stack([bar(), bar()]), np.array(["7", "1"]))
    tally = fill(lambda: Visitor(url), "digit", images, [PLAIN, PLAIN], drawings=6)
    kept = samples(app)
    assert tally == Tally(sum(s.correct for s in kept), sum(not s.correct for s in kept))
    assert {(s.label, s.predicted) for s in kept} == {("7", "7"), ("1", "7")}
    assert len({s.visitor for s in kept}) == 2


def test_everything_is_marked_as_made_up(site: tuple[Flask, str]) -> None:
    app, url = site
    images = Labelled("made up", bar()[None], np.array(["1"]))
    fill(lambda: Visitor(url), "digit", images, [PLAIN], drawings=2)
    assert {sample.source for sample in samples(app)} == {"dummy"}


def test_people_stop_when_there_are_enough_corrections(site: tuple[Flask, str]) -> None:
    images = Labelled("made up", bar()[None], np.array(["1"]))
    styles = [PLAIN] * 10
    tally = fill(lambda: Visitor(site[1]), "digit", images, styles, drawings=2, corrections=4, at_once=1)
    assert tally == Tally(corrected=4)


def test_visitor_is_told_why_a_server_refuses(site: tuple[Flask, str]) -> None:
    visitor = Visitor(site[1])
    with pytest.raises(VisitorRefused, match=r"/api/v1/recognize answers 422: There is no alphabet 'kanji'"):
        visitor.ask("kanji", "data:image/png;base64,")
    with pytest.raises(VisitorRefused, match="must begin with http"):
        Visitor("file:///etc/passwd")
    with pytest.raises(VisitorRefused, match="does not answer"):
        Visitor("http://127.0.0.1:9")
