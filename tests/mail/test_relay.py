"""The relay and a real SMTP server: every mail arrives, once, and what is refused says why."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError, ProgrammingError  # the latter is PostgreSQL’s
from sqlalchemy.orm import Session

from app.background import FIRST_WAIT, LONGEST_WAIT, POLL_S
from app.extensions import db
from app.mail.relay import LEASE, Relay
from app.mail.tables import Mail
from app.mail.transports import TIMEOUT_S, transport_from
from tests.mail.conftest import MailRoom
from tests.mail.post_office import PostOffice


class Postman:
    """A transport that takes everything, and does something else first."""

    def __init__(self, before: Callable[[Mail], None]) -> None:
        self.before = before
        self.ids: list[int] = []

    def send(self, mail: Mail, _message: bytes) -> None:
        self.before(mail)
        self.ids.append(mail.id)

    def close(self) -> None:
        pass


def die(*_: object) -> None:
    """What happens to a relay that is killed."""
    raise KeyboardInterrupt


def ids(office: PostOffice) -> list[str]:
    return [taken.message_id for taken in office.taken]


def test_mail_arrives_as_it_was_queued(room: MailRoom, office: PostOffice) -> None:
    message_id = room.queue("ann@example.com", "Grüße, 漢字 👋")
    assert room.deliver() == ["sent"]
    [taken] = office.taken
    assert (taken.sender, taken.recipients) == ("legible@example.org", ("ann@example.com",))
    message = taken.message
    assert (message["Subject"], message["Message-ID"]) == ("Grüße, 漢字 👋", message_id)
    assert message["Date"].datetime == room.clock.now
    assert message["Bcc"] is None


def test_sent_mail_keeps_no_content(room: MailRoom) -> None:
    room.queue()
    room.clock.advance(seconds=5)
    room.deliver()
    [mail] = room.mails()
    assert (mail.state, mail.tries, mail.sent_at) == ("sent", 1, room.clock.now)
    assert (mail.text, mail.html) == ("", "")


def test_sent_mail_is_not_sent_again(room: MailRoom, office: PostOffice) -> None:
    room.queue()
    room.deliver()
    room.clock.advance(days=1)
    assert room.deliver() == []
    assert len(office.taken) == 1


def test_oldest_mail_leaves_first(room: MailRoom, office: PostOffice) -> None:
    queued = [room.queue() for _ in range(3)]
    room.deliver()
    assert ids(office) == queued


def test_many_mails_share_connections(room: MailRoom, office: PostOffice) -> None:
    for _ in range(45):
        room.queue()
    assert room.deliver() == ["sent"] * 45
    assert office.num_connections == 3


def test_an_hour_without_a_server_loses_nothing_and_doubles_nothing(
    room: MailRoom, office: PostOffice
) -> None:
    relay, queued = room.relay(), list[str]()
    pause = timedelta(seconds=POLL_S)
    office.close()
    for _ in range(timedelta(hours=1) // pause):
        queued.append(room.queue())
        assert list(relay.deliver()) in (["waiting"], [])
        room.clock.advance(seconds=POLL_S)
    assert {mail.state for mail in room.mails()} == {"waiting"}
    assert sum(mail.tries for mail in room.mails()) > 100, "the port was hardly tried"
    assert "refused" in (room.mails()[0].last_error or "").lower()
    office.open()
    for _ in range(LONGEST_WAIT // pause + 1):
        assert set(relay.deliver()) <= {"sent"}
        room.clock.advance(seconds=POLL_S)
    assert Counter(ids(office)) == Counter(queued)
    assert {(mail.state, mail.last_error) for mail in room.mails()} == {("sent", None)}


@pytest.mark.parametrize("step", ["answers_to_recipient", "answers_to_message"])
def test_temporary_refusal_is_tried_again(room: MailRoom, office: PostOffice, step: str) -> None:
    late, other = room.queue(), room.queue()
    getattr(office, step).append("451 4.3.0 Try again later")
    assert room.deliver() == ["waiting", "sent"]
    mail = room.mails()[0]
    assert (mail.state, mail.tries, mail.last_error) == ("waiting", 1, "451 4.3.0 Try again later")
    assert timedelta() < mail.next_try_at - room.clock.now <= FIRST_WAIT
    assert room.deliver() == []
    room.clock.advance(minutes=1)
    assert room.deliver() == ["sent"]
    assert ids(office) == [other, late]


@pytest.mark.parametrize("step", ["answers_to_recipient", "answers_to_message"])
def test_permanent_refusal_parks_the_mail(room: MailRoom, office: PostOffice, step: str) -> None:
    room.queue()
    good = room.queue()
    getattr(office, step).append("550 5.1.1 Nobody\x1b[31m of that name")
    assert room.deliver() == ["failed", "sent"]
    mail = room.mails()[0]
    assert (mail.state, mail.last_error) == ("failed", "550 5.1.1 Nobody [31m of that name")
    room.clock.advance(days=30)
    assert room.deliver() == []
    assert ids(office) == [good]


def test_server_that_closes_is_left_alone(room: MailRoom, office: PostOffice) -> None:
    for _ in range(3):
        room.queue()
    office.answers_to_recipient.append("421 4.3.2 Closing for the night")
    assert room.deliver() == ["waiting"]
    assert [mail.tries for mail in room.mails()] == [1, 0, 0]
    room.clock.advance(minutes=1)
    assert room.deliver() == ["sent"] * 3


def test_relays_at_once_never_send_the_same_mail(app: Flask, room: MailRoom, office: PostOffice) -> None:
    queued = [room.queue() for _ in range(40)]

    def run() -> None:
        with app.app_context():
            list(room.relay(transport_from(app.config)).deliver())

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(ids(office)) == Counter(queued)


def test_mail_is_taken_by_one_relay_alone(room: MailRoom) -> None:
    for _ in range(3):
        room.queue()
    others: list[str] = []
    second = Postman(before=lambda _mail: None)
    first = Postman(before=lambda _mail: others.extend(room.relay(second).deliver()))
    assert list(room.relay(first).deliver()) == ["sent"]
    assert (first.ids, second.ids, others) == ([1], [2, 3], ["sent", "sent"])


def test_mail_of_a_dead_relay_is_due_when_its_lease_ends(room: MailRoom, office: PostOffice) -> None:
    room.queue()
    with pytest.raises(KeyboardInterrupt):
        list(room.relay(Postman(before=die)).deliver())
    room.clock.advance(seconds=LEASE.total_seconds() - 1)
    assert room.deliver() == []
    room.clock.advance(seconds=1)
    assert room.deliver() == ["sent"]
    assert len(office.taken) == 1


def test_relay_that_slept_through_its_lease_changes_nothing(room: MailRoom, office: PostOffice) -> None:
    room.queue()
    office.answers_to_recipient.append("550 Nobody")

    class Sleeper:
        """Gets its answer, and is stopped for longer than the lease before it can note it."""

        def send(self, mail: Mail, message: bytes) -> None:
            try:
                room.transport.send(mail, message)
            finally:
                room.clock.advance(seconds=LEASE.total_seconds())
                assert room.deliver() == ["sent"]

        def close(self) -> None:
            room.transport.close()

    list(room.relay(Sleeper()).deliver())
    assert [mail.state for mail in room.mails()] == ["sent"]


def test_mail_that_took_the_number_of_a_deleted_one_is_sent(room: MailRoom) -> None:
    room.queue("gone@example.com")

    def delete_and_queue(mail: Mail) -> None:
        sent_to.append(mail.recipient)
        if mail.recipient == "gone@example.com":
            with Session(db.engine) as session:
                session.execute(delete(Mail))
                session.commit()
            room.queue("farewell@example.com")

    sent_to: list[str] = []
    list(room.relay(Postman(before=delete_and_queue)).deliver())
    assert sent_to == ["gone@example.com", "farewell@example.com"]
    assert [mail.state for mail in room.mails()] == ["sent"]


def test_mail_whose_fate_was_not_noted_is_sent_again_as_it_was(
    room: MailRoom, office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.queue()
    with monkeypatch.context() as patch:
        patch.setattr(Relay, "_note_sent", die)
        with pytest.raises(KeyboardInterrupt):
            room.deliver()
    room.clock.advance(seconds=LEASE.total_seconds())
    room.deliver()
    first, second = office.taken
    assert first == second


def test_idle_relay_writes_nothing(room: MailRoom) -> None:
    with Session(db.engine.execution_options(begin_immediate=True)) as session:
        session.connection()  # holds the write lock
        assert room.deliver() == []


def test_relay_without_a_table_says_so(room: MailRoom) -> None:
    Mail.__table__.drop(db.engine)  # type: ignore[attr-defined]
    with pytest.raises((OperationalError, ProgrammingError), match="mails"):
        room.deliver()


def test_lease_outlasts_a_server_that_is_always_late() -> None:
    assert 12 * timedelta(seconds=TIMEOUT_S) < LEASE
