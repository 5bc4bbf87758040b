"""Rows of the spreadsheet: nothing in them can become a formula, and pictures come back bit for bit."""

import base64
import io
from contextlib import suppress

import numpy as np
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.orm import Session

from app.cells import guarded
from app.extensions import db
from app.samples.service import keep
from app.samples.tables import Sample
from app.sheets.rows import HEADER, UnfitCell, ink_of, picture_cell, row_of
from tests.sheets.desk import Desk, receipt
from tests.sheets.workbook import Formula, entry, shown
from tests.test_cells import FORMULA_STARTS, PAYLOADS


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payload_is_no_formula_even_if_somebody_enters_it_again(payload: str) -> None:
    """What copying a row by hand, or USER_ENTERED, would do to it."""
    assert not isinstance(entry(guarded(payload), "USER_ENTERED"), Formula)


def test_stand_in_would_take_a_formula_for_one() -> None:
    assert shown(entry("=1+1", "USER_ENTERED")) == "#computed"


@pytest.mark.sqlite("Its columns take any text; those of PostgreSQL refuse most of these.")
def test_payloads_reach_the_sheet_as_text(desk: Desk) -> None:
    """No label can be one; whatever put it into the database, the sheet does not run it."""
    keys = desk.keep(len(PAYLOADS))
    with Session(db.engine) as session:
        for key, payload in zip(keys, PAYLOADS, strict=True):
            sample = session.get_one(Sample, key)
            sample.label, sample.predicted, sample.release = payload, payload, payload
        session.commit()
    desk.deliver()
    rows = {row[0]: row for row in desk.rows()}
    for key, payload in zip(keys, PAYLOADS, strict=True):
        for cell in (rows[key][2], rows[key][4], rows[key][6]):
            assert cell == guarded(payload)
            assert not str(cell).startswith(FORMULA_STARTS)


def test_picture_comes_back_bit_for_bit() -> None:
    glyph = np.random.default_rng(0).integers(0, 256, 784, np.uint8).tobytes()
    assert ink_of(picture_cell(glyph)).tobytes() == glyph
    assert ink_of(f"data:image/png;base64,{picture_cell(glyph)}").tobytes() == glyph


def test_picture_fits_a_cell_many_times() -> None:
    assert len(picture_cell(receipt().glyph)) < 2_000


@pytest.mark.parametrize(
    ("size", "mode", "kind", "reason"),
    [
        ((27, 28), "L", "PNG", "27×28"),
        ((3000, 3000), "1", "PNG", "3000×3000"),
        ((28, 28), "L", "GIF", "no PNG"),
    ],
)
def test_other_picture_is_refused(size: tuple[int, int], mode: str, kind: str, reason: str) -> None:
    file = io.BytesIO()
    Image.new(mode, size).save(file, kind)
    with pytest.raises(UnfitCell, match=reason):
        ink_of(base64.b64encode(file.getvalue()).decode())


def test_transparent_picture_is_on_white_paper() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (28, 28), (0, 0, 0, 0)).save(file, "PNG")
    assert not ink_of(base64.b64encode(file.getvalue()).decode()).any()


@given(st.binary(max_size=200), st.integers(0, 700), st.integers(0, 255))
def test_damaged_picture_is_refused_or_read(noise: bytes, at: int, byte: int) -> None:
    """Whatever is in the cell, it is a picture or UnfitCell."""
    damaged = bytearray(base64.b64decode(picture_cell(bytes(784))))
    damaged[at % len(damaged)] = byte
    for content in (noise, bytes(damaged)):
        with suppress(UnfitCell):
            assert ink_of(base64.b64encode(content).decode()).shape == (28, 28)


def test_sample_without_a_whole_glyph_is_refused(app: Flask) -> None:
    with app.app_context():
        kept = keep(receipt(glyph=b"abc"), "7")
        with pytest.raises(UnfitCell, match="3 bytes"):
            row_of(db.session.get_one(Sample, kept.sample_id))


def test_text_that_fits_no_cell_is_refused(app: Flask) -> None:
    with app.app_context():
        sample = db.session.get_one(Sample, keep(receipt(), "7").sample_id)
        sample.release = "x" * 60_000
        with pytest.raises(UnfitCell, match="60,000 characters"):
            row_of(sample)


def test_header_names_the_eight_columns() -> None:
    assert len(HEADER) == 8
