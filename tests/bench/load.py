"""A load of HTTP requests from several clients that keep their connections, as browsers do."""

import socket
import threading
import time
from dataclasses import dataclass

import numpy as np


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


def run_load(port: int, request: bytes, num_clients: int, num_requests: int) -> Load:
    """Send `request` `num_requests` times from `num_clients` threads. Raises AssertionError at any answer but 200."""
    shares = [num_requests // num_clients] * num_clients
    latencies: list[list[float]] = [[] for _ in shares]
    threads = [
        threading.Thread(target=_client, args=(port, request, share, found))
        for share, found in zip(shares, latencies, strict=True)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    everything = np.concatenate(latencies) * 1000
    if len(everything) != sum(shares):
        raise AssertionError(f"{sum(shares)} requests were sent, {len(everything)} answered with 200")
    return Load(len(everything), seconds, *np.percentile(everything, [50, 95, 99]).tolist())


def _client(port: int, request: bytes, count: int, latencies: list[float]) -> None:
    """Latencies in seconds, up to the first answer that is not 200."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(count):
            started = time.perf_counter()
            connection.sendall(request)
            if not _read_answer(connection):
                return
            latencies.append(time.perf_counter() - started)


def _read_answer(connection: socket.socket) -> bool:
    """Read one answer to its end; whether its status is 200."""
    received = connection.recv(65536)
    while b"\r\n\r\n" not in received:
        received += connection.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    left = length - len(body)
    while left > 0:
        left -= len(connection.recv(65536))
    return head.startswith(b"HTTP/1.1 200")


def post(path: str, body: bytes) -> bytes:
    """A request with a JSON body, ready to send."""
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body
