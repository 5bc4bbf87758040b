"""Rate limits shared by workers."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from limits.storage import storage_from_string

from app.rate_limits import PURGE_EVERY_S, SQLiteStorage
from tests.conftest import AppMaker, Visitor
from tests.fakes import SEVEN

QUESTION = {"alphabet": "digit", "strokes": SEVEN}


class Clock:
    """A `time` for the storage that stands still until it is told."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("app.rate_limits.time", clock)
    return clock


def storage(folder: Path) -> SQLiteStorage:
    found = storage_from_string(f"sqlite:///{folder / 'rates.sqlite'}")
    assert isinstance(found, SQLiteStorage)
    return found


def hit_often(folder: Path, times: int) -> None:
    mine = storage(folder)
    for _ in range(times):
        mine.incr("visitor", 60)


def test_hits_are_counted_by_key(tmp_path: Path) -> None:
    mine = storage(tmp_path)
    assert [mine.incr("a", 60), mine.incr("a", 60, amount=3), mine.incr("b", 60)] == [1, 4, 1]
    assert mine.get("a") == 4
    assert mine.get("nobody") == 0


def test_window_ends_when_its_time_is_over(tmp_path: Path, clock: Clock) -> None:
    mine = storage(tmp_path)
    mine.incr("a", 60)
    clock.now += 59
    assert mine.incr("a", 60) == 2
    assert mine.get_expiry("a") == 1_060
    clock.now += 1
    assert mine.get("a") == 0
    assert mine.incr("a", 60) == 1


def test_ended_windows_are_removed(tmp_path: Path, clock: Clock) -> None:
    mine = storage(tmp_path)
    for visitor in range(10):
        mine.incr(str(visitor), 1)
    clock.now += PURGE_EVERY_S
    mine.incr("late", 1)
    assert mine._execute("SELECT hits, ends_at FROM windows") == [(1, clock.now + 1)]


def test_workers_share_one_count(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=hit_often, args=(tmp_path, 200)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert storage(tmp_path).get("visitor") == 400


def test_a_new_file_is_opened_by_many_at_once(tmp_path: Path) -> None:
    for number in range(40):
        folder = tmp_path / str(number)
        folder.mkdir()
        with ThreadPoolExecutor(6) as pool:
            hits = [pool.submit(storage(folder).incr, "visitor", 60) for _ in range(6)]
        assert sorted(hit.result() for hit in hits) == [1, 2, 3, 4, 5, 6]


def test_clear_and_reset_forget(tmp_path: Path) -> None:
    mine = storage(tmp_path)
    for key in ("a", "b"):
        mine.incr(key, 60)
    mine.clear("a")
    assert (mine.get("a"), mine.get("b")) == (0, 1)
    mine.reset()
    assert mine.get("b") == 0
    assert mine.check()


def test_visitor_beyond_the_rate_waits(make_app: AppMaker) -> None:
    client = make_app(RECOGNIZE_RATE_LIMIT="2 per minute").test_client()
    answers = [client.post("/api/v1/recognize", json=QUESTION) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json["error"]["code"] == "too_many_requests"  # type: ignore[index]
    assert int(answers[2].headers["Retry-After"]) > 0


def test_upload_and_api_share_a_rate(make_app: AppMaker) -> None:
    client = make_app(READ_RATE_LIMIT="1 per minute", WTF_CSRF_ENABLED=False).test_client()
    assert client.post("/api/v1/read", json={}).status_code == 400
    assert client.post("/upload").status_code == 429


def test_visitors_have_rates_of_their_own(make_app: AppMaker) -> None:
    client = make_app(RECOGNIZE_RATE_LIMIT="1 per minute").test_client()
    for address in ("1.1.1.1", "2.2.2.2"):
        answer = client.post("/api/v1/recognize", json=QUESTION, environ_base={"REMOTE_ADDR": address})
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("addresses", "codes"),
    [
        (("2001:db8:1:2::1", "2001:db8:1:2:ffff::9"), [200, 429]),
        (("2001:db8:1:2::1", "2001:db8:1:3::1"), [200, 200]),
        (("::ffff:192.0.2.1", "192.0.2.1"), [200, 429]),
        (("::ffff:192.0.2.1", "::ffff:192.0.2.2"), [200, 200]),
    ],
)
def test_one_line_has_one_rate_however_many_addresses_it_has(
    make_app: AppMaker, addresses: tuple[str, str], codes: list[int]
) -> None:
    client = make_app(RECOGNIZE_RATE_LIMIT="1 per minute").test_client()
    ask = partial(client.post, "/api/v1/recognize", json=QUESTION)
    assert [ask(environ_base={"REMOTE_ADDR": address}).status_code for address in addresses] == codes


def test_empty_rate_is_off(make_app: AppMaker, tmp_path: Path) -> None:
    visitor = Visitor(make_app(RECOGNIZE_RATE_LIMIT=""))
    for _ in range(20):
        visitor.draw()
    assert not (tmp_path / "rates.sqlite").exists()


def test_broken_store_lets_requests_pass_and_says_so(
    make_app: AppMaker, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "rates.sqlite").write_text(
        "this is no database, and longer than its header of 100 bytes" * 10
    )
    Visitor(make_app()).draw()
    assert "file is not a database" in caplog.text
