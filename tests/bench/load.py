"""A load of HTTP requests from several clients that keep their connections, as browsers do."""

import selectors
import socket
import time
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

ARRIVAL_S = 0.005
"""Between the arrivals of two clients: the workers share out those that do not all come at the same moment."""


@dataclass(frozen=True)
class Load:
    """What came of it: requests a second, and latencies in milliseconds."""

    num_requests: int
    seconds: float
    p50_ms: float
    p95_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        return self.num_requests / self.seconds


class _Client:
    """One connection with one request under way at a time."""

    def __init__(self, port: int, request: bytes) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._request = request

    def send(self) -> None:
        self._received, self._expected = b"", 0
        self._sent_at = time.perf_counter()
        self.connection.sendall(self._request)

    def receive(self) -> float | None:
        """Seconds since the request was sent once its answer is whole, else None. AssertionError if it is not 200."""
        self._received += self.connection.recv(65536)
        if not self._expected and b"\r\n\r\n" in self._received:
            head = self._received.partition(b"\r\n\r\n")[0]
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            self._expected = len(head) + 4 + length
        if not self._expected or len(self._received) < self._expected:
            assert self._received, "the server closed the connection"
            return None
        assert self._received.startswith(b"HTTP/1.1 200"), self._received[:200]
        return time.perf_counter() - self._sent_at


def run_load(port: int, request: bytes, num_clients: int, num_requests: int) -> Load:
    """Send `request` `num_requests` times from `num_clients` connections. AssertionError at any answer but 200.

    One thread waits for all of them: on a small machine, a thread for each would take the cores from the server.
    """
    latencies: list[float] = []
    left = num_requests - num_clients
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        started = time.perf_counter()
        for _ in range(num_clients):
            client = _Client(port, request)
            stack.enter_context(client.connection)
            selector.register(client.connection, selectors.EVENT_READ, client)
            client.send()
            time.sleep(ARRIVAL_S)
        while len(latencies) < num_requests:
            ready = selector.select(60)
            assert ready, "the server answers no more"
            for key, _ in ready:
                if (latency := key.data.receive()) is None:
                    continue
                latencies.append(latency)
                if left > 0:
                    left -= 1
                    key.data.send()
        seconds = time.perf_counter() - started
    return Load(num_requests, seconds, *np.percentile(np.multiply(latencies, 1000), [50, 95, 99]).tolist())


def post(path: str, body: bytes) -> bytes:
    """A request with a JSON body, ready to send."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body
