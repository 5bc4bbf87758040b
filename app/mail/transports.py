"""Where mails go: to an SMTP server, or into a folder where none is set."""

import os
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from app.background import one_line
from app.mail.errors import PutOff, Refused, Undelivered, Unreachable
from app.mail.message import address_of, domain_of
from app.mail.tables import Mail

TIMEOUT_S = 30.0
"""For every single answer of a server. What it may take in all has to stay below the relay's LEASE."""
MAILS_PER_CONNECTION = 20  # servers count them too, and some stop at 100


class Transport(Protocol):
    """Takes one mail after another."""

    def send(self, mail: Mail, message: bytes) -> None:
        """Hand over `message`, which is `mail` rendered. Raises Refused, PutOff or Unreachable."""

    def close(self) -> None:
        """No more mails for now."""


def transport_from(settings: Mapping[str, Any]) -> Transport:
    """The transport that the settings ask for."""
    folder = outbox_folder(settings)
    if folder is not None:
        return Folder(folder)
    return SmtpServer(
        host=settings["SMTP_HOST"],
        port=settings["SMTP_PORT"],
        user=settings["SMTP_USER"],
        password=settings["SMTP_PASSWORD"],
        security=settings["SMTP_SECURITY"],
        sender=settings["MAIL_FROM"],
    )


def outbox_folder(settings: Mapping[str, Any]) -> Path | None:
    """Where mails are written as .eml files; None when they are really sent."""
    return None if settings["SMTP_HOST"] else Path(settings["INSTANCE_DIR"]) / "mails"


@dataclass(frozen=True)
class Folder:
    """A folder of .eml files, whole or not there, for their owner's eyes. A mail sent again is the same file."""

    path: Path

    def send(self, mail: Mail, message: bytes) -> None:
        path = self.path / f"{mail.created_at:%Y%m%dT%H%M%SZ}-{mail.id}.eml"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft = path.with_suffix(".draft")
            draft.touch(mode=0o600)
            with draft.open("wb") as file:
                file.write(message)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            raise Unreachable(one_line(str(error))) from error

    def close(self) -> None:
        pass


@dataclass
class SmtpServer:
    """Someone's SMTP server. The first mail connects; the connection is kept for MAILS_PER_CONNECTION."""

    host: str
    port: int
    security: str
    """"starttls", "tls" from the first byte, or "none". The certificate has to be valid for `host`."""
    sender: str
    """A From header. Its domain is also what we call ourselves: the machine's own name could be slow to find."""
    user: str = ""
    password: str = field(default="", repr=False)
    timeout_s: float = TIMEOUT_S
    _connection: smtplib.SMTP | None = field(default=None, init=False, repr=False)
    _num_sent: int = field(default=0, init=False)

    def send(self, mail: Mail, message: bytes) -> None:
        if self._num_sent == MAILS_PER_CONNECTION:
            self.close()
        try:
            connection = self._connection or self._connect()
            self._num_sent += 1
            connection.sendmail(address_of(self.sender), [mail.recipient], message)
        except (OSError, UnicodeError) as error:  # every error of smtplib is an OSError
            undelivered = _undelivered(error)
            if isinstance(undelivered, Unreachable):
                self._hang_up()
            raise undelivered from error

    def close(self) -> None:
        """Say goodbye, if there is a connection."""
        if self._connection:
            with suppress(OSError):
                self._connection.quit()
        self._hang_up()

    def _connect(self) -> smtplib.SMTP:
        name = domain_of(self.sender)
        # slow: it reads all authorities
        tls = ssl.create_default_context() if self.security != "none" else None
        self._num_sent = 0
        if self.security == "tls":
            self._connection = smtplib.SMTP_SSL(
                self.host, self.port, name, timeout=self.timeout_s, context=tls
            )
        else:
            self._connection = smtplib.SMTP(self.host, self.port, name, timeout=self.timeout_s)
        if self.security == "starttls":
            self._connection.starttls(context=tls)
        if self.user:
            self._connection.login(self.user, self.password)
        return self._connection

    def _hang_up(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


def _undelivered(error: OSError | UnicodeError) -> Undelivered:
    """What an error of smtplib means for the mail. Only a 5xx to its recipient or its content is for good."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            [(code, reply)] = error.recipients.values()
            return _kind_of(code)(_answer(code, reply))
        case smtplib.SMTPDataError():
            return _kind_of(error.smtp_code)(_answer(error.smtp_code, error.smtp_error))
        case smtplib.SMTPResponseException():  # a greeting, a login or a sender: nothing about this mail
            return Unreachable(_answer(error.smtp_code, error.smtp_error))
        case UnicodeError():  # its own message would quote from a password
            return Unreachable(
                "The server's name, the user or the password has characters that cannot be sent."
            )
        case _:
            return Unreachable(one_line(str(error) or type(error).__name__))


def _kind_of(code: int) -> type[Undelivered]:
    if code == 421:  # the server is closing the connection (RFC 5321, 3.8)
        return Unreachable
    return Refused if code >= 500 else PutOff


def _answer(code: int, reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return one_line(f"{code} {text}")
