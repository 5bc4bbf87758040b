"""A mail room with a post office down the road, and a clock that stands still until it is told."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.extensions import db
from app.mail.queue import queue_mail
from app.mail.relay import Relay
from app.mail.tables import Mail
from app.mail.transports import Transport, transport_from
from tests.conftest import AppMaker
from tests.mail.post_office import PostOffice

SENDER = "Legible <legible@example.org>"


class Clock:
    """The time for the queue and for relays."""

    def __init__(self) -> None:
        self.now = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


@dataclass(frozen=True)
class MailRoom:
    """What a page and a relay do with mails."""

    clock: Clock
    transport: Transport

    def queue(self, to: str = "ann@example.com", subject: str = "Confirm your address") -> str:
        """Queue one mail and commit; its Message-ID."""
        with Session(db.engine) as session:
            message_id = queue_mail(session, to, subject, "Open this.", "<p>Open this.</p>").message_id
            session.commit()
        return message_id

    def relay(self, transport: Transport | None = None) -> Relay:
        return Relay(db.engine, transport or self.transport, SENDER, self.clock, random.Random(0))

    def deliver(self) -> list[str]:
        """Let a relay send what is due; the states of the mails after."""
        return list(self.relay().deliver())

    def mails(self) -> list[Mail]:
        with Session(db.engine) as session:
            return list(session.scalars(select(Mail).order_by(Mail.id)))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("app.mail.queue.now", clock)
    return clock


@pytest.fixture
def office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()


@pytest.fixture
def app(make_app: AppMaker, office: PostOffice) -> Flask:
    """An app whose server is the post office, and which sends nothing by itself."""
    return make_app(
        MAIL_RELAY="off",
        SMTP_HOST="127.0.0.1",
        SMTP_PORT=office.port,
        SMTP_SECURITY="none",
        MAIL_FROM=SENDER,
    )


@pytest.fixture
def room(app: Flask, clock: Clock) -> Iterator[MailRoom]:
    with app.app_context():
        yield MailRoom(clock, transport_from(app.config))
