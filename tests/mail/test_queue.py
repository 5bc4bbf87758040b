"""Queueing: in the caller's transaction, and only what no header can be made of."""

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import problem_from
from app.extensions import db
from app.mail.errors import UnsendableMail
from app.mail.queue import latest_mails, queue_mail
from app.mail.tables import MAX_SUBJECT
from tests.mail.conftest import MailRoom
from tests.mail.post_office import PostOffice

LONGEST_ADDRESS = "a" * 64 + "@" + ".".join(["b" * 63, "c" * 63, "d" * 61])


@pytest.fixture
def wakes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows whenever the relay is woken."""
    wakes: list[str] = []
    monkeypatch.setattr(app.extensions["mail"], "wake", lambda: wakes.append("wake"))
    return wakes


def queue(session: Session, to: str = "ann@example.com", subject: str = "Hello") -> str:
    return queue_mail(session, to, subject, "text", "<p>html</p>").message_id


def test_mail_is_queued_and_due_at_once(room: MailRoom) -> None:
    message_id = room.queue()
    [mail] = room.mails()
    assert (mail.message_id, mail.state, mail.tries) == (message_id, "waiting", 0)
    assert mail.created_at == mail.next_try_at == room.clock.now
    assert message_id.endswith("@example.org>")


def test_every_mail_has_its_own_id(room: MailRoom) -> None:
    assert room.queue() != room.queue()


def test_nothing_is_sent_when_the_transaction_is_rolled_back(
    room: MailRoom, office: PostOffice, wakes: list[str]
) -> None:
    with Session(db.engine) as session:
        queue(session)
        session.flush()
        session.rollback()
    assert (room.deliver(), office.taken, wakes) == ([], [], [])


@pytest.mark.usefixtures("room")
def test_one_commit_wakes_the_relay_once(wakes: list[str]) -> None:
    with Session(db.engine) as session:
        queue(session)
        queue(session)
        assert wakes == []
        session.commit()
    assert wakes == ["wake"]


@pytest.mark.usefixtures("room")
def test_savepoint_wakes_nobody(wakes: list[str]) -> None:
    with Session(db.engine) as session:
        with session.begin_nested():
            queue(session)
        assert wakes == []
        session.commit()
    assert wakes == ["wake"]


@pytest.mark.parametrize(
    "address",
    [
        "ann@example.com\r\nBcc: eve@example.com",
        "ann@example.com\n",
        "ann@example.com\0",
        "ann@example.com, eve@example.com",
        "Ann <ann@example.com>",
        "ann@example.com>",
        "ann eve@example.com",
        "änn@example.com",
        "ann@exämple.com",
        "ann@-example.com",
        "ann",
        "@example.com",
        "ann@",
        "",
        "a" * 65 + "@example.com",
        LONGEST_ADDRESS + "d",
    ],
)
def test_address_that_is_none_is_refused(room: MailRoom, address: str) -> None:
    with pytest.raises(UnsendableMail) as caught:
        room.queue(to=address)
    assert repr(address[:50]) in str(caught.value)
    assert problem_from(caught.value).status == 422
    assert room.mails() == []


@pytest.mark.parametrize(
    "address", ["o'hara+a.b@sub.example.com", "x@localhost", "a..b.@x.org", LONGEST_ADDRESS]
)
def test_address_that_is_one_is_reached(room: MailRoom, office: PostOffice, address: str) -> None:
    room.queue(to=address)
    assert room.deliver() == ["sent"]
    assert office.taken[0].recipients == (address,)


@pytest.mark.parametrize(
    "subject",
    [
        "Hello\r\nBcc: eve@example.com",
        "Hello\n",
        "\rHello",
        "Hel\0lo",
        "Hel\x85lo",
        "Hel\u2028lo",
        "Hel\ud800lo",
        "x" * (MAX_SUBJECT + 1),
    ],
)
def test_subject_that_is_no_line_is_refused(room: MailRoom, subject: str) -> None:
    with pytest.raises(UnsendableMail, match="subject"):
        room.queue(subject=subject)
    assert room.mails() == []


def test_errors_of_the_database_do_not_quote_a_mail(room: MailRoom) -> None:
    with Session(db.engine) as session:
        queue_mail(session, "ann@example.com", "Hello", "https://example.org/secret", None)  # type: ignore[arg-type]
        with pytest.raises(IntegrityError) as caught:
            session.flush()
    assert "secret" not in str(caught.value)
    assert room.mails() == []


def test_latest_mails_come_newest_first(room: MailRoom) -> None:
    ids = [room.queue() for _ in range(3)]
    with Session(db.engine) as session:
        assert [mail.message_id for mail in latest_mails(session, limit=2)] == ids[:0:-1]
