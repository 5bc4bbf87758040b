"""Several people, or the same one twice, at the same moment."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from flask import Flask, Response
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.accounts import guard
from app.accounts.tables import User
from app.extensions import db
from tests.accounts.conftest import Person, acts

NUM_PEOPLE = 6


def at_once(people: list[Person]) -> Counter[int]:
    """The statuses of their registering from the same moment on."""
    start = threading.Barrier(len(people))

    def register(person: Person) -> int:
        person.token()
        start.wait()
        return person.register().status_code

    with ThreadPoolExecutor(len(people)) as threads:
        return Counter(threads.map(register, people))


def num_accounts(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(User)) or 0


def test_one_address_registered_at_once_is_one_account(app: Flask) -> None:
    assert at_once([Person(app) for _ in range(NUM_PEOPLE)]) == {302: NUM_PEOPLE}
    assert num_accounts(app) == 1
    assert Counter(acts(app)) == {"registered": 1, "registration_refused": NUM_PEOPLE - 1}


def test_many_register_at_once(app: Flask) -> None:
    people = [Person(app, f"person{n}@example.org") for n in range(NUM_PEOPLE)]
    assert at_once(people) == {302: NUM_PEOPLE}
    assert num_accounts(app) == NUM_PEOPLE


def test_whoever_was_slower_is_told_once(stranger: Person) -> None:
    tries, committed = [], guard._committed

    def slower(*arguments: object) -> Response:
        """Does it all, and then finds at the first try that somebody else has the address by now."""
        tries.append(arguments)
        response = committed(*arguments)  # type: ignore[arg-type]
        if len(tries) == 1:
            raise IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed: users.email"))
        return response

    with patch("app.accounts.guard._committed", slower):
        answer = stranger.register()
    assert (answer.status_code, len(tries)) == (302, 2)
    assert stranger.http.get("/account/login").text.count("We have written to") == 1


def test_what_fails_twice_is_not_tried_for_ever(stranger: Person, caplog: pytest.LogCaptureFixture) -> None:
    error = IntegrityError("INSERT", {}, Exception("CHECK constraint failed"))
    with patch("app.accounts.guard._committed", side_effect=error) as tries:
        assert stranger.register().status_code == 500
    assert tries.call_count == 2
    assert "failed" in caplog.text
