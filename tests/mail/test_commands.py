"""`flask mail …`."""

from datetime import UTC, datetime

import pytest
from click.testing import Result
from flask import Flask

from tests.mail.conftest import Clock, MailRoom
from tests.mail.post_office import PostOffice


@pytest.fixture
def clock(clock: Clock) -> Clock:
    """In the past, for the commands take the time from the system."""
    clock.now = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    return clock


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["mail", *arguments])


def test_deliver_counts_what_became_of_the_mails(app: Flask, room: MailRoom, office: PostOffice) -> None:
    for _ in range(4):
        room.queue()
    office.answers_to_recipient.extend(["450 Later", "550 Never"])
    done = run(app, "deliver")
    assert done.output.split() == ["sent", "2", "waiting", "1", "failed", "1"]
    assert done.exit_code == 1


def test_deliver_is_content_when_all_were_taken(app: Flask, room: MailRoom) -> None:
    assert run(app, "deliver").exit_code == 0
    room.queue()
    assert run(app, "deliver").exit_code == 0


def test_list_shows_what_became_of_the_mails(app: Flask, room: MailRoom, office: PostOffice) -> None:
    room.queue("ann@example.com", "First")
    room.queue("bob@example.com", "Second")
    office.answers_to_recipient.append("550 Nobody of that name")
    room.deliver()
    lines = run(app, "list").output.splitlines()
    assert lines == [
        "     2  sent    2020-01-02 03:04:05+00:00    1  bob@example.com  Second",
        "     1  failed  2020-01-02 03:04:05+00:00    1  ann@example.com  First  [550 Nobody of that name]",
    ]
    assert run(app, "list", "--limit", "1").output.splitlines() == lines[:1]


def test_list_shows_no_content(app: Flask, room: MailRoom) -> None:
    room.queue()
    assert "Open this." not in run(app, "list").output
