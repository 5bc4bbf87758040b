"""Where mails go: what a server may do, and what of it reaches whom."""

import socket
import ssl
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from flask import Flask

from app.mail.errors import Unreachable
from app.mail.tables import Mail
from app.mail.transports import Folder, SmtpServer, outbox_folder, transport_from
from tests.conftest import AppMaker
from tests.mail.conftest import SENDER, Clock, MailRoom
from tests.mail.post_office import PostOffice

CERTIFICATE = Path(__file__).with_name("localhost.pem")
MESSAGE = b"Subject: Hello\r\n\r\nHello\r\n"
PASSWORD = "open sesame"


def check_login(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> AuthResult:
    known = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
    return AuthResult(success=known, handled=False)


@contextmanager
def open_office(**options: Any) -> Iterator[PostOffice]:
    office = PostOffice(**options)
    office.open()
    yield office
    office.close()


@pytest.fixture
def certificate() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the certificate."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))


def send_once(office: PostOffice, security: str, password: str = "", timeout_s: float = 30) -> None:
    user = "legible" if password else ""
    server = SmtpServer("localhost", office.port, security, SENDER, user, password, timeout_s)
    with closing(server):
        server.send(Mail(recipient="ann@example.com"), MESSAGE)


@pytest.mark.usefixtures("_trusted")
def test_starttls_encrypts_before_it_logs_in(certificate: ssl.SSLContext) -> None:
    with open_office(tls_context=certificate, require_starttls=True, authenticator=check_login) as office:
        send_once(office, "starttls", PASSWORD)
        assert [taken.content for taken in office.taken] == [MESSAGE]


@pytest.mark.usefixtures("_trusted")
def test_tls_encrypts_from_the_first_byte(certificate: ssl.SSLContext) -> None:
    with open_office(ssl_context=certificate) as office:
        send_once(office, "tls")
        assert len(office.taken) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_certificate_has_to_be_valid(certificate: ssl.SSLContext, security: str) -> None:
    how = {"ssl_context" if security == "tls" else "tls_context": certificate}
    with open_office(**how) as office:
        with pytest.raises(Unreachable, match="certificate verify failed"):
            send_once(office, security)
        assert office.taken == []


def test_server_without_starttls_gets_nothing(office: PostOffice) -> None:
    with pytest.raises(Unreachable, match="STARTTLS"):
        send_once(office, "starttls", PASSWORD)
    assert office.taken == []


@pytest.mark.usefixtures("_trusted")
@pytest.mark.parametrize("password", ["wrong", "pässword"])
def test_login_that_fails_is_nobodys_refusal(certificate: ssl.SSLContext, password: str) -> None:
    with open_office(tls_context=certificate, auth_required=True, authenticator=check_login) as office:
        with pytest.raises(Unreachable) as caught:
            send_once(office, "starttls", password)
        assert office.taken == []
    assert password not in str(caught.value)
    assert "ä" not in str(caught.value)


def test_password_is_in_no_log_and_no_text(
    make_app: AppMaker, office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    app = make_app(SMTP_HOST="localhost", SMTP_PORT=office.port, SMTP_USER="legible", SMTP_PASSWORD=PASSWORD)
    caplog.set_level("DEBUG")
    transport = transport_from(app.config)
    with pytest.raises(Unreachable) as caught:
        transport.send(Mail(recipient="ann@example.com"), MESSAGE)
    assert PASSWORD not in caplog.text + str(caught.value) + repr(transport)


def test_silent_server_is_given_up() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        server = SmtpServer("127.0.0.1", listener.getsockname()[1], "none", SENDER, timeout_s=0.05)
        with pytest.raises(Unreachable, match="timed out"):
            server.send(Mail(recipient="ann@example.com"), MESSAGE)


def test_server_that_falls_silent_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_office() as office:
        monkeypatch.setattr(office, "handle_DATA", never_answer)
        with pytest.raises(Unreachable, match="timed out"):
            send_once(office, "none", timeout_s=0.2)


async def never_answer(server: SMTP, _session: Session, _envelope: Envelope) -> str:
    await server.loop.create_future()
    raise AssertionError


def test_server_knows_us_by_the_domain_of_the_sender(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: list[str] = []
    monkeypatch.setattr(office, "handle_EHLO", remember(names))
    send_once(office, "none")
    assert names == ["example.org"]


def remember(names: list[str]) -> Callable[..., Any]:
    async def handle(
        _server: SMTP, session: Session, _envelope: Envelope, name: str, answers: list[str]
    ) -> Any:
        session.host_name = name
        names.append(name)
        return answers

    return handle


def test_without_a_server_mails_are_files(make_app: AppMaker, clock: Clock, tmp_path: Path) -> None:
    app = make_app(MAIL_RELAY="off", SMTP_HOST="")
    folder = outbox_folder(app.config)
    with app.app_context():
        room = MailRoom(clock, transport_from(app.config))
        message_id = room.queue()
        assert room.deliver() == ["sent"]
    assert folder == tmp_path / "mails"
    [path] = folder.iterdir()
    assert path.name == "20300102T030405Z-1.eml"
    assert f"Message-ID: {message_id}\r\n".encode() in path.read_bytes()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, path)] == [0o700, 0o600]


def test_with_a_server_there_is_no_folder(app: Flask) -> None:
    assert outbox_folder(app.config) is None


def test_half_a_file_has_no_name(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = Mail(id=1, created_at=clock.now)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError("No space left on device")))
        with pytest.raises(Unreachable, match="No space left"):
            Folder(tmp_path).send(mail, MESSAGE)
    assert list(tmp_path.glob("*.eml")) == []
    for _ in range(2):
        Folder(tmp_path).send(mail, MESSAGE)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [MESSAGE]
