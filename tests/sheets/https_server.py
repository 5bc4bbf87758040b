"""An HTTPS server that is reached as a proxy: it answers for every host for which its certificate stands."""

import json
import ssl
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


class Hangup(Exception):
    """The connection ends without an answer."""


Answer = Callable[[str, str, bytes, str], tuple[int, dict[str, Any]]]
"""(method, URL, body, bearer token) → status and JSON. Raises Hangup."""


class Server(ThreadingHTTPServer):
    """Answers on a port of its own."""

    def __init__(self, certificate: Path, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(certificate)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that was killed is none of our errors."""


class Handler(BaseHTTPRequestHandler):
    """One connection: a tunnel to one host, and what is asked there."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Server
    _host = ""

    def do_CONNECT(self) -> None:
        self._host = self.path.partition(":")[0]
        self.send_response(200)
        self.end_headers()
        self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            status, said = self.server.answer(self.command, f"https://{self._host}{self.path}", body, token)
        except Hangup:
            self.close_connection = True
            return
        content = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_PUT = do_GET  # noqa: N815

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()
        with suppress(OSError):
            self.connection.close()

    def log_message(self, *_: Any) -> None:
        pass
