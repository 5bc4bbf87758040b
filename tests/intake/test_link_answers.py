"""What servers answer: lies, floods, drips and wrong things are refused; an image or a PDF is fetched."""

import gzip
import os
import socket
import ssl
import threading
from pathlib import Path

import pytest

from app.errors import AppError
from app.intake import outside as outside_module
from app.intake.errors import (
    LinkFailed,
    LinkTooLarge,
    LinkTooSlow,
    NotADocument,
    TooBusy,
)
from app.intake.links import Fetched, fetch
from app.intake.outside import Outside, resolve
from tests.intake.web import PNG, PUBLIC, Clock, DrippingWire, answer, link_settings, web_server, world

CERTIFICATE = Path(__file__).parents[1] / "mail/localhost.pem"
CHUNKED = "Transfer-Encoding: chunked"


def visit(*answers: bytes, link: str = "http://public.example/a.png", max_bytes: int = 1000) -> Fetched:
    with web_server(*answers) as port:
        return fetch(link, link_settings(LINK_MAX_BYTES=max_bytes), world(port))


def assert_refused(kind: type[AppError], *answers: bytes) -> None:
    with pytest.raises(kind) as caught:
        visit(*answers)
    assert 400 <= caught.value.status < 500
    assert str(caught.value).count(". ") >= 1


@pytest.mark.parametrize(
    "headers", [(), (f"Content-Length: {len(PNG)}",), ("content-encoding: identity",)], ids=str
)
def test_image_is_fetched(headers: tuple[str, ...]) -> None:
    assert visit(answer(PNG, *headers)) == Fetched(PNG, "image/png", "a.png")


def test_image_in_chunks_is_fetched() -> None:
    assert visit(answer(b"%x\r\n%s\r\n0\r\n\r\n" % (len(PNG), PNG), CHUNKED)).data == PNG


def test_pdf_is_fetched() -> None:
    fetched = visit(answer(b"%PDF-1.4 ...", kind="Application/PDF; qs=0.001"))
    assert fetched.content_type == "application/pdf"


def test_request_says_who_we_are_and_nothing_about_the_visitor() -> None:
    sent = bytearray()

    class Wire(DrippingWire):
        def sendall(self, data: bytes, /) -> None:
            sent.extend(data)
            raise ConnectionResetError

    world = Outside(resolve=lambda *_: [PUBLIC], connect=lambda *_: Wire(Clock(), b""))
    with pytest.raises(LinkFailed):
        fetch("http://Public.example/ä?b", link_settings(SITE_URL="https://hand.example"), world)
    lines = sent.decode().split("\r\n")
    assert lines[:3] == [
        "GET /%C3%A4?b HTTP/1.1",
        "Host: public.example",
        "User-Agent: Legible (+https://hand.example)",
    ]
    assert lines[4:] == ["Accept-Encoding: identity", "Connection: close", "", ""]


@pytest.mark.parametrize(
    "lie",
    [
        answer(PNG, "Content-Length: 500"),
        answer(PNG + b"more than was promised", f"Content-Length: {len(PNG)}"),
        answer(b"ff\r\n" + PNG, CHUNKED),
        answer(b"nonsense\r\n" + PNG, CHUNKED),
    ],
    ids=["more promised", "less promised", "half a chunk", "no chunk"],
)
def test_lying_length_is_refused(lie: bytes) -> None:
    assert_refused(LinkFailed, lie)


@pytest.mark.parametrize(
    "flood",
    [
        answer(PNG, "Content-Length: 1001"),
        answer(PNG + bytes(1000)),
        answer(PNG + bytes(200_000), "Content-Length: -5"),
        answer(b"3e9\r\n" + PNG + bytes(0x3E9 - len(PNG)) + b"\r\n0\r\n\r\n", CHUNKED),
        answer(b"1;" + b"x" * 60_000 + b"\r\n\x89\r\n" + b"1;" + b"x" * 60_000 + b"\r\nP\r\n", CHUNKED),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 5000,
    ],
    ids=["promised", "sent", "negative", "chunks", "chunk extensions", "continue"],
)
def test_more_than_we_take_is_refused(flood: bytes) -> None:
    assert_refused(LinkTooLarge, flood)


def test_endless_body_ends_at_the_limit() -> None:
    clock = Clock()
    wire = DrippingWire(clock, answer(PNG), bytes_at_once=10**6)
    world = Outside(resolve=lambda *_: [PUBLIC], connect=lambda *_: wire, clock=lambda: 0)
    with pytest.raises(LinkTooLarge):
        fetch("http://public.example/", link_settings(LINK_MAX_BYTES=100_000), world)
    assert wire.num_sent < 100_000 + 100_000
    assert wire.is_closed


@pytest.mark.parametrize("beginning", [answer(PNG), answer(PNG, "Content-Length: 99"), b"HTTP/1.1 200 O"])
def test_byte_a_second_is_refused_after_five(beginning: bytes) -> None:
    clock = Clock()
    wire = DrippingWire(clock, beginning)
    world = Outside(resolve=lambda *_: [PUBLIC], connect=lambda *_: wire, clock=clock)
    with pytest.raises(LinkTooSlow):
        fetch("http://public.example/", link_settings(), world)
    assert clock.now_s == 5
    assert wire.is_closed


def test_time_of_the_name_server_counts() -> None:
    clock = Clock()

    def resolve_slowly(_name: str, timeout_s: float) -> list[str]:
        clock.now_s += timeout_s + 1
        return [PUBLIC]

    world = Outside(resolve=resolve_slowly, connect=lambda *_: pytest.fail("too late"), clock=clock)
    with pytest.raises(LinkTooSlow):
        fetch("http://public.example/", link_settings(), world)


def test_name_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    is_over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: is_over.wait() and [])
    try:
        for _ in range(outside_module.MAX_LOOKUPS):
            with pytest.raises(TimeoutError):
                resolve("slow.example", 0.001)
        with pytest.raises(TooBusy):
            resolve("slow.example", 0.001)
    finally:
        is_over.set()


@pytest.mark.parametrize(
    "wrong",
    [
        answer(b"<html>", kind="text/html"),
        answer(b"<html><script>", kind="image/png"),
        answer(b"<svg xmlns='http://www.w3.org/2000/svg'/>", kind="image/svg+xml"),
        answer(PNG, kind="text/html"),
        answer(PNG, kind="application/octet-stream"),
        answer(PNG, kind="application/pdf"),
        answer(b"%PDF-1.4", kind="image/png"),
        answer(b"", kind="image/png"),
        answer(gzip.compress(PNG), "Content-Encoding: gzip"),
        answer(gzip.compress(bytes(10**6)), "Content-Encoding: gzip"),
        answer(PNG, "Content-Encoding: identity, br"),
    ],
)
def test_what_is_no_image_in_name_and_content_is_refused(wrong: bytes) -> None:
    assert_refused(NotADocument, wrong)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        answer(status="404 Not Found"),
        answer(status="206 Partial Content"),
        answer(status="302 Found"),
        answer(PNG, *(f"X-{n}: y" for n in range(200))),
        answer(PNG, "X: " + "y" * 70_000),
    ],
    ids=["silence", "another protocol", "404", "206", "redirect to nowhere", "many headers", "long header"],
)
def test_what_is_no_whole_answer_is_refused(broken: bytes) -> None:
    assert_refused(AppError, broken)


def test_next_address_is_tried_when_one_is_dead() -> None:
    with web_server(answer()) as port:

        def connect(address: str, _port: int, timeout_s: float) -> socket.socket:
            if ":" in address:
                raise OSError("Network is unreachable")
            return socket.create_connection(("127.0.0.1", port), timeout_s)

        world = Outside(resolve=lambda *_: ["2606:4700::1111", PUBLIC], connect=connect)
        assert fetch("http://public.example/", link_settings(), world).data == PNG


def test_environment_names_no_proxy_for_us(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setitem(os.environ, name, "http://127.0.0.1:9")
    assert visit(answer()).data == PNG


def visit_encrypted(host: str, context: ssl.SSLContext) -> Fetched:
    """Fetch from a server whose certificate is for “localhost” and signed by itself."""
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(CERTIFICATE)
    ours, theirs = socket.socketpair()

    def serve() -> None:
        try:
            with served.wrap_socket(theirs, server_side=True) as connection:
                connection.recv(10_000)
                connection.sendall(answer(PNG, f"Content-Length: {len(PNG)}"))
        except OSError:
            theirs.close()

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        world = Outside(resolve=lambda *_: [PUBLIC], connect=lambda *_: ours, tls=lambda: context)
        return fetch(f"https://{host}/", link_settings(), world)
    finally:
        thread.join()


def test_encrypted_server_is_known_by_the_name_in_the_link() -> None:
    assert visit_encrypted("localhost", ssl.create_default_context(cafile=CERTIFICATE)).data == PNG


@pytest.mark.parametrize(
    ("host", "authorities"), [("localhost", None), ("public.example", CERTIFICATE)], ids=["stranger", "name"]
)
def test_encrypted_server_with_another_certificate_is_refused(host: str, authorities: Path | None) -> None:
    with pytest.raises(LinkFailed, match="certificate"):
        visit_encrypted(host, ssl.create_default_context(cafile=authorities))
