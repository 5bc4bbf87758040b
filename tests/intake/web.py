"""The web of the tests: a listener nobody should reach, servers that say one thing, and a wire that drips."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from app.config import load_settings
from app.intake.outside import Outside

PUBLIC = "93.184.215.14"
"""An address of the public internet. No test connects to it: every connector here leads to this machine."""

PNG = b"\x89PNG\r\n\x1a\n and so on"


def link_settings(**changes: Any) -> dict[str, Any]:
    """The settings of a production server."""
    return load_settings(changes, {})


class Listener:
    """Listens on loopback, and knows whether anybody came."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.port: int = self._socket.getsockname()[1]

    def was_reached(self) -> bool:
        try:
            self._socket.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._socket.close()


@contextmanager
def web_server(*answers: bytes) -> Iterator[int]:
    """A server that gives one answer after another, one for each connection, and hangs up; its port."""
    waiting = list(answers)

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            with suppress(OSError):  # whoever has had enough hangs up
                self.wfile.write(waiting.pop(0))

    with socketserver.TCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def answer(body: bytes = PNG, *headers: str, status: str = "200 OK", kind: str = "image/png") -> bytes:
    """An HTTP answer without a Content-Length, unless `headers` has one."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers, "\r\n")
    return "\r\n".join(lines).encode() + body


def redirect(location: str) -> bytes:
    return answer(b"", f"Location: {location}", status="302 Found")


def world(port: int, **names: list[str]) -> Outside:
    """An outside where every name is public unless `names` says otherwise, and every way leads to `port` here."""
    return Outside(
        resolve=lambda name, _timeout_s: names.get(name.partition(".")[0], [PUBLIC]),
        connect=lambda _address, _port, timeout_s: socket.create_connection(("127.0.0.1", port), timeout_s),
    )


class Clock:
    """Time that passes only when something takes it."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class DrippingWire:
    """A server that sends a byte a second, for as long as somebody listens."""

    def __init__(self, clock: Clock, answer: bytes, bytes_at_once: int = 1) -> None:
        self._clock, self._answer, self._bytes_at_once = clock, answer, bytes_at_once
        self.num_sent = 0
        self.is_closed = False

    def settimeout(self, value: float | None, /) -> None:
        assert value, "a wire without a timeout may wait for ever"

    def sendall(self, data: bytes, /) -> None:
        assert data.startswith(b"GET ")

    def recv_into(self, buffer: memoryview, /) -> int:
        is_head = self.num_sent < len(self._answer)
        piece = self._answer if is_head else b"x" * min(self._bytes_at_once, len(buffer))
        buffer[: len(piece)] = piece
        self.num_sent += len(piece)
        self._clock.now_s += 0 if is_head else 1
        return len(piece)

    def close(self) -> None:
        self.is_closed = True
