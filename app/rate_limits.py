"""Rate limits by address, shared by all workers of one machine in an SQLite file of their own."""

import ipaddress
import logging
import math
import sqlite3
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import wraps
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from limits import RateLimitItem, parse_many
from limits.storage import Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

log = logging.getLogger(__name__)

View = Callable[..., ResponseReturnValue]


class RateLimits:
    """An app's rates, by the name of their setting, and what counts the hits."""

    def __init__(self, storage: Storage, rates: Mapping[str, str]) -> None:
        self._limiter = FixedWindowRateLimiter(storage)
        self._items = {name: parse_many(rate) if rate else [] for name, rate in rates.items()}

    def hit(self, name: str, address: str, cost: int = 1) -> None:
        """Count a request as `cost`. Raises TooManyRequests beyond the rate; a store that is broken lets it pass."""
        for item in self._items[name]:
            try:
                self._count(item, name, address, cost)
            except self._limiter.storage.base_exceptions as error:
                log.warning("Requests are not counted, the store of rate limits is broken: %s", error)

    def _count(self, item: RateLimitItem, name: str, address: str, cost: int) -> None:
        if not self._limiter.hit(item, name, address, cost=cost):
            ends_at = self._limiter.get_window_stats(item, name, address).reset_time
            raise TooManyRequests(retry_after=max(1, math.ceil(ends_at - time.time())))


def init_app(app: Flask) -> None:
    """Give the app its limits."""
    storage = cast("Storage", storage_from_string(app.config["RATE_LIMIT_STORAGE_URL"]))
    rates = {name: rate for name, rate in app.config.items() if name.endswith("_RATE_LIMIT")}
    app.extensions["rate_limits"] = RateLimits(storage, rates)


def rate_limited(name: str) -> Callable[[View], View]:
    """Limit a view by the rate that the setting `name` holds; views with the same name share it.

    It counts by `callers_network`, unless `g.rate_limit_key` says who is calling.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def limited(*args: object, **kwargs: object) -> ResponseReturnValue:
            charge(name)
            return view(*args, **kwargs)

        return limited

    return decorate


def charge(name: str, cost: int = 1) -> None:
    """Count this request as `cost` against the rate `name`, for whoever is calling. Raises TooManyRequests."""
    if cost > 0:
        key = g.get("rate_limit_key") or callers_network()
        current_app.extensions["rate_limits"].hit(name, key, cost)


def callers_network() -> str:
    """The address that this request came from; of IPv6 its first 64 bits, for one line has all that begin with them."""
    text = request.remote_addr or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address), 64), strict=False))


PURGE_EVERY_S = 60

_WAL_TRIES = 50

TABLE = "CREATE TABLE IF NOT EXISTS windows (key TEXT PRIMARY KEY, hits INTEGER, ends_at REAL) WITHOUT ROWID"

HIT = """
    INSERT INTO windows (key, hits, ends_at) VALUES (:key, :amount, :now + :length_s)
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN ends_at > :now THEN hits + :amount ELSE :amount END,
        ends_at = CASE WHEN ends_at > :now THEN ends_at ELSE :now + :length_s END
    RETURNING hits
"""


class SQLiteStorage(Storage):
    """Fixed windows for the `limits` package: `sqlite:///path/to/file`.

    The file is opened with the first hit, so after a server has forked its workers. Nothing in it is worth
    keeping: it is not synced to disk, and may be deleted whenever no server runs.
    """

    STORAGE_SCHEME = ["sqlite"]  # noqa: RUF012 - the base class declares a list

    def __init__(self, uri: str, wrap_exceptions: bool = False, **options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions, **options)
        self._path = Path(uri.removeprefix("sqlite:///"))
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._purge_at = 0.0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` hits in the current window of `key`, `expiry` seconds long; the hits so far."""
        now = time.time()
        with self._lock:
            if now >= self._purge_at:
                self._purge_at = now + PURGE_EVERY_S
                self._execute("DELETE FROM windows WHERE ends_at <= ?", (now,))
            values = {"key": key, "amount": amount, "now": now, "length_s": expiry}
            return int(self._execute(HIT, values)[0][0])

    def get(self, key: str) -> int:
        """Hits in the current window."""
        return int(self._window(key)[0])

    def get_expiry(self, key: str) -> float:
        """When the current window ends, in seconds since the epoch; now, when there is none."""
        return float(self._window(key)[1])

    def check(self) -> bool:
        with self._lock:
            return bool(self._execute("SELECT 1"))

    def reset(self) -> None:
        with self._lock:
            self._execute("DELETE FROM windows")

    def clear(self, key: str) -> None:
        with self._lock:
            self._execute("DELETE FROM windows WHERE key = ?", (key,))

    def _window(self, key: str) -> tuple[int, float]:
        now = time.time()
        with self._lock:
            rows = self._execute(
                "SELECT hits, ends_at FROM windows WHERE key = ? AND ends_at > ?", (key, now)
            )
        return rows[0] if rows else (0, now)

    def _execute(
        self, statement: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> list[tuple[int, float]]:
        if self._connection is None:
            self._connection = self._open()
        with closing(self._connection.execute(statement, values)) as cursor:
            return cursor.fetchall()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=1, isolation_level=None, check_same_thread=False)
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(TABLE)
        return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Write-ahead logging. Workers that open a new file at once all convert it, and SQLite does not let them queue."""
    for _ in range(_WAL_TRIES):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            time.sleep(0.02)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")
