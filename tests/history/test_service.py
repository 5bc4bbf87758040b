"""Keeping drawings: once, for those who want it, and until they are deleted."""

import pytest
from flask import Flask

from app.errors import UnknownLabel
from app.history import service
from tests.members import Member


def test_a_drawing_is_kept_as_it_was_read(app: Flask, member: Member) -> None:
    receipt = member.receipt()
    with app.app_context():
        assert service.keep(member.user(), receipt)
    [drawing] = member.drawings()
    assert (drawing.id, drawing.predicted, drawing.label, drawing.source) == (receipt.id, "7", None, "draw")
    assert (drawing.glyph, drawing.strokes) == (receipt.glyph, receipt.strokes)
    assert drawing.predicted_at == receipt.predicted_at


def test_the_same_receipt_counts_once(app: Flask, member: Member) -> None:
    receipt = member.receipt()
    with app.app_context():
        assert [service.keep(member.user(), receipt) for _ in range(2)] == [True, False]
    assert len(member.drawings()) == 1


def test_what_the_person_says_is_added(app: Flask, member: Member) -> None:
    receipt = member.receipt()
    with app.app_context():
        service.keep(member.user(), receipt)
        service.keep(member.user(), receipt, "1")
    assert [drawing.label for drawing in member.drawings()] == ["1"]


def test_keeping_again_forgets_no_label(app: Flask, member: Member) -> None:
    receipt = member.receipt()
    with app.app_context():
        service.keep(member.user(), receipt, "1")
        service.keep(member.user(), receipt)
    assert member.drawings()[0].label == "1"


def test_a_label_of_another_alphabet_is_refused(app: Flask, member: Member) -> None:
    with app.app_context(), pytest.raises(UnknownLabel):
        service.keep(member.user(), member.receipt(), "x")
    assert member.drawings() == []


def test_nothing_is_kept_for_who_is_not_signed_in(app: Flask, member: Member) -> None:
    with app.app_context():
        assert not service.keep(None, member.receipt())
    assert member.drawings() == []


def test_nothing_is_kept_for_who_wants_no_history(app: Flask, member: Member) -> None:
    receipt = member.receipt()
    with app.app_context():
        service.keep(member.user(), receipt)
        service.switch(member.user(), is_on=False)
        assert not service.keep(member.user(), member.receipt())
        assert not service.keep(member.user(), receipt, "1")
    assert [(drawing.id, drawing.label) for drawing in member.drawings()] == [(receipt.id, None)]


def test_somebody_elses_drawing_stays_as_it_is(app: Flask, member: Member, other: Member) -> None:
    receipt = member.receipt()
    with app.app_context():
        service.keep(member.user(), receipt)
        assert not service.keep(other.user(), receipt, "1")
    assert [drawing.label for drawing in member.drawings()] == [None]
    assert other.drawings() == []


def test_only_ones_own_drawings_are_deleted(app: Flask, member: Member, other: Member) -> None:
    mine, theirs = member.keep(), other.keep()
    with app.app_context():
        assert service.forget(member.user(), [mine, theirs, "nothing"]) == 1
    assert member.drawings() == []
    assert [drawing.id for drawing in other.drawings()] == [theirs]


def test_all_of_ones_own_are_deleted_and_nobody_elses(app: Flask, member: Member, other: Member) -> None:
    for _ in range(3):
        member.keep()
    other.keep()
    with app.app_context():
        assert service.forget_all(member.user()) == 3
    with app.app_context():
        assert [service.count(each.user()) for each in (member, other)] == [0, 1]
