"""A real SMTP server for the tests, which answers what it is told to."""

import socket
from collections import deque
from contextlib import closing
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Taken:
    """One mail that the server has taken, and the envelope that it came in."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        parsed = message_from_bytes(self.content, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed

    @property
    def message_id(self) -> str:
        return str(self.message["Message-ID"])


class PostOffice:
    """Listens on a port of its own; closed, the port refuses connections. Options are aiosmtpd's."""

    def __init__(self, **options: Any) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as listener:
            self.port: int = listener.getsockname()[1]
        self.taken: list[Taken] = []
        self.answers_to_recipient: deque[str] = deque()
        """What it says to the next recipients, instead of yes."""
        self.answers_to_message: deque[str] = deque()
        self.num_connections = 0
        self._options = options

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **self._options)
        self._controller.start()

    def close(self) -> None:
        self._controller.stop()

    def step(self, server: SMTP) -> None:
        """Called when somebody greets, names a recipient, or has handed over a mail and waits for the answer."""

    async def handle_EHLO(  # noqa: N802 - these names are aiosmtpd's
        self, server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> list[str]:
        session.host_name = name
        self.num_connections += 1
        self.step(server)
        return answers

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.step(server)
        if self.answers_to_recipient:
            return self.answers_to_recipient.popleft()
        envelope.rcpt_tos.append(address)
        return "250 Here they live"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.answers_to_message:
            return self.answers_to_message.popleft()
        assert isinstance(envelope.content, bytes)
        self.taken.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        self.step(server)
        return "250 Taken"
