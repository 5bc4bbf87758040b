"""The way out: names to addresses, and sockets that keep to one deadline. Nothing here knows of proxies or cookies."""

import io
import queue
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Protocol

from app.intake.errors import TooBusy

MAX_LOOKUPS = 8
"""Lookups under way in one process. The system's resolver cannot be stopped, so each may outlive its request."""

_lookups = threading.BoundedSemaphore(MAX_LOOKUPS)


class Wire(Protocol):
    """What we need of a socket."""

    def settimeout(self, value: float | None, /) -> None: ...
    def sendall(self, data: bytes, /) -> None: ...
    def recv_into(self, buffer: memoryview, /) -> int: ...
    def close(self) -> None: ...


class Deadline:
    """A moment by which everything together has to be done."""

    def __init__(self, timeout_s: float, clock: Callable[[], float]) -> None:
        self._clock, self._end = clock, clock() + timeout_s

    def left_s(self) -> float:
        """Seconds left, more than 0. Raises TimeoutError when there are none."""
        left_s = self._end - self._clock()
        if left_s <= 0:
            raise TimeoutError("The time is up.")
        return left_s


def resolve(name: str, timeout_s: float) -> list[str]:
    """Every address of a name, as the system knows them. Raises OSError, which TimeoutError is one of."""
    if not _lookups.acquire(blocking=False):
        raise TooBusy("Many links are being opened just now. Try again in a minute.")
    answers: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(name, answers), name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=timeout_s)
    except queue.Empty as error:
        raise TimeoutError("The name server does not answer.") from error
    if isinstance(answer, OSError):
        raise answer
    return answer


def _look_up(name: str, answers: queue.SimpleQueue[list[str] | OSError]) -> None:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        answers.put(list(dict.fromkeys(str(entry[4][0]) for entry in found)))
    except OSError as error:
        answers.put(error)
    except UnicodeError as error:  # a label too long for a name server
        answers.put(OSError(str(error)))
    finally:
        _lookups.release()


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to an IP address: nothing is looked up here, so it cannot lead elsewhere."""
    return socket.create_connection((address, port), timeout_s)


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """The system's certificate authorities, names checked."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Outside:
    """The world as a link meets it; tests put another in its place."""

    resolve: Callable[[str, float], list[str]] = resolve
    connect: Callable[[str, int, float], Wire] = connect
    tls: Callable[[], ssl.SSLContext] = tls_context
    clock: Callable[[], float] = monotonic


class BoundedReader(io.RawIOBase):
    """Bytes from a wire: no more than `max_bytes` in all, none after the deadline."""

    def __init__(self, wire: Wire, deadline: Deadline, max_bytes: int) -> None:
        self._wire, self._deadline, self._left = wire, deadline, max_bytes

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # any buffer, says typeshed
        """As for files. Raises TimeoutError, or OverflowError when there is more than we take."""
        if self._left <= 0:
            raise OverflowError("More bytes than we take.")
        self._wire.settimeout(self._deadline.left_s())
        num_bytes = self._wire.recv_into(memoryview(buffer)[: self._left])
        self._left -= num_bytes
        return num_bytes

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What `http.client.HTTPResponse` asks a socket for."""
        return io.BufferedReader(self)

    def close(self) -> None:
        """Hang up, whatever the other side does."""
        with suppress(OSError):
            self._wire.close()
        super().close()
