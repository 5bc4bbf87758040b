"""Whose hand is learned from which samples: a person's own, since then, and as they are now in every worker."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from app.accounts.tables import User
from app.database import now
from app.extensions import db
from app.samples.hand import KEPT_HANDS, MAX_ANSWERS, NOTHING, Hands, Writer
from app.samples.service import keep
from app.samples.tables import REJECTED, Sample
from app.samples.verdicts import ACCEPT, RELABEL, UNDO, judge
from tests.samples.test_service import receipt

BEGINNING = now()
VISITOR = Writer(None, "someone", BEGINNING)


@pytest.fixture
def hands() -> Hands:
    return Hands("secret")


def answer(visitor: str | None = "someone", user_id: int | None = None, **changes: object) -> str:
    """Kept as in a request of its own: the next question is another, and sees it."""
    kept = keep(receipt(**changes), "1", visitor, user_id)
    db.session.rollback()
    return kept.sample_id


def num_answers(hands: Hands, writer: Writer = VISITOR, alphabet: str = "digit") -> int:
    return hands.learned(writer, alphabet).num_answers


def account(name: str) -> int:
    user = User(email=f"{name}@example.org", password="-", fs_uniquifier=name)
    db.session.add(user)
    db.session.commit()
    return user.id


def test_nothing_is_known_before_the_first_answer(app: Flask, hands: Hands) -> None:
    with app.app_context():
        assert hands.learned(VISITOR, "digit") is NOTHING


def test_an_answer_counts_at_the_next_question_in_every_worker(app: Flask, hands: Hands) -> None:
    other_worker = Hands("secret")
    with app.app_context():
        assert (num_answers(hands), num_answers(other_worker)) == (0, 0)
        answer()
        assert (num_answers(hands), num_answers(other_worker)) == (1, 1)


def test_what_is_known_is_learned_once(app: Flask, hands: Hands) -> None:
    with app.app_context():
        answer()
        assert hands.learned(VISITOR, "digit") is hands.learned(VISITOR, "digit")


def test_one_query_when_nothing_has_changed(app: Flask, hands: Hands) -> None:
    with app.app_context():
        answer()
        hands.learned(VISITOR, "digit")
        queries: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: queries.append(given[2]))
        hands.learned(VISITOR, "digit")
        assert sum(query.startswith("SELECT") for query in queries) == 1


def test_other_visitors_answers_do_not_count(app: Flask, hands: Hands) -> None:
    with app.app_context():
        answer("somebody else")
        answer(None)
        assert num_answers(hands) == 0


def test_an_accounts_answers_are_its_own(app: Flask, hands: Hands) -> None:
    with app.app_context():
        ada, grace = account("ada"), account("grace")
        answer("someone", ada)
        answer("someone")
        counts = [num_answers(hands, Writer(user_id, None, BEGINNING)) for user_id in (ada, grace)]
        assert counts == [1, 0]


def test_a_visitor_learns_nothing_from_who_was_signed_in_before(app: Flask, hands: Hands) -> None:
    with app.app_context():
        answer("someone", account("ada"))
        assert num_answers(hands) == 0


def test_answers_in_another_alphabet_do_not_count(app: Flask, hands: Hands) -> None:
    with app.app_context():
        answer()
        assert num_answers(hands, alphabet="character") == 0


def test_earlier_answers_do_not_count(app: Flask, hands: Hands) -> None:
    with app.app_context():
        answer()
        assert num_answers(hands, Writer(None, "someone", now() + timedelta(seconds=1))) == 0


def test_a_rejected_answer_counts_no_more(app: Flask, hands: Hands) -> None:
    with app.app_context():
        sample_id = answer()
        assert num_answers(hands) == 1
        db.session.execute(update(Sample).where(Sample.id == sample_id).values(state=REJECTED))
        db.session.commit()
        assert num_answers(hands) == 0


def test_an_undone_verdict_is_learned_anew_though_a_later_one_stands(app: Flask, hands: Hands) -> None:
    with app.app_context():
        relabelled, accepted = answer(), answer()
        judge(db.session(), [relabelled], RELABEL, None, "2")
        db.session.commit()
        judge(db.session(), [accepted], ACCEPT, None)
        db.session.commit()
        before = hands.learned(VISITOR, "digit")
        judge(db.session(), [relabelled], UNDO, None)
        db.session.commit()
        assert hands.learned(VISITOR, "digit") is not before


def test_a_relabelled_answer_is_learned_anew(app: Flask, hands: Hands) -> None:
    with app.app_context():
        sample_id = answer()
        before = hands.learned(VISITOR, "digit")
        changes = {"accepted_label": "2", "reviewed_at": now()}
        db.session.execute(update(Sample).where(Sample.id == sample_id).values(**changes))
        db.session.commit()
        assert hands.learned(VISITOR, "digit") is not before


def test_only_the_latest_answers_are_learned(app: Flask, hands: Hands) -> None:
    with app.app_context():
        for _ in range(MAX_ANSWERS + 1):
            answer()
        assert num_answers(hands) == MAX_ANSWERS


def test_few_hands_are_kept_in_memory(app: Flask, hands: Hands) -> None:
    with app.app_context():
        for i in range(KEPT_HANDS + 5):
            hands.learned(Writer(None, f"visitor {i}", BEGINNING), "digit")
    assert len(hands._kept) == KEPT_HANDS


def test_a_note_says_whose_hand_it_is(hands: Hands) -> None:
    for writer in (VISITOR, Writer(7, None, BEGINNING)):
        assert Hands("secret").writer(hands.note(writer)) == writer


@pytest.mark.parametrize("note", ["", "forged", "ü", "WzcsbnVsbCwiMjAyNiJd.aaaa.bbbb"])
def test_a_forged_note_is_nobodys(hands: Hands, note: str) -> None:
    assert hands.writer(note) is None


def test_a_note_of_another_secret_is_nobodys(hands: Hands) -> None:
    assert hands.writer(Hands("another").note(VISITOR)) is None


def test_an_old_note_is_nobodys(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    note = hands.note(VISITOR)
    monkeypatch.setattr("app.samples.hand.NOTE_MAX_AGE_S", -1)
    assert hands.writer(note) is None
