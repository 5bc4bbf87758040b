"""`flask sheets …`: what it does, and what it tells an owner to do."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask, current_app

from app.extensions import db
from tests.conftest import AppMaker
from tests.sheets.desk import Desk
from tests.sheets.google import Google
from tests.sheets.google_account import EMAIL, account

pytestmark = pytest.mark.usefixtures("at_once")


def run(*arguments: str) -> Result:
    db.session.remove()  # a command begins with a session of its own
    return current_app.test_cli_runner().invoke(args=["sheets", *arguments])


def test_deliver_counts_what_became_of_the_rows(desk: Desk) -> None:
    desk.keep(3)
    done = run("deliver")
    assert done.output.split() == ["sent", "3", "waiting", "0", "parked", "0"]
    assert (done.exit_code, len(desk.rows())) == (0, 3)


def test_deliver_says_why_rows_were_not_taken(desk: Desk) -> None:
    desk.keep(2)
    desk.google.spreadsheets.clear()
    done = run("deliver")
    assert done.exit_code == 1
    assert f"2 parked: {EMAIL} sees no spreadsheet" in done.output


def test_without_credentials_rows_wait_and_are_counted(make_app: AppMaker, desk: Desk) -> None:
    desk.keep(2)
    with make_app().app_context():
        done = run("deliver")
    assert done.exit_code == 1
    assert "2 deliveries wait for credentials" in done.output


def test_list_counts_and_says_why(desk: Desk) -> None:
    desk.keep(2)
    run("deliver")
    desk.keep(1)
    assert run("list").output.split() == ["waiting", "1", "sending", "0", "sent", "2", "parked", "0"]


def test_retry_releases_what_was_parked(desk: Desk) -> None:
    desk.keep(2)
    [spreadsheet] = desk.google.spreadsheets.values()
    spreadsheet.trashed = True
    run("deliver")
    spreadsheet.trashed = False
    assert run("retry").output == "2 deliveries wait again.\n"
    assert run("deliver").exit_code == 0
    assert len(desk.rows()) == 2


def test_check_is_content_with_a_spreadsheet_that_is_shared(desk: Desk) -> None:
    [spreadsheet] = desk.google.spreadsheets.values()
    done = run("check")
    assert done.exit_code == 0
    assert f"Google knows us as {EMAIL}" in done.output
    assert f"https://docs.google.com/spreadsheets/d/{spreadsheet.id}" in done.output
    assert "Digit, Character, Combined" in done.output


def test_check_changes_nothing(desk: Desk) -> None:
    run("check")
    assert {call.what.split()[0] for call in desk.google.calls} == {"GET"}


@pytest.mark.parametrize(
    ("damage", "advice"),
    [
        (
            lambda google: google.spreadsheets.clear(),
            f"{EMAIL} sees no spreadsheet called “Handwriting-recognition”",
        ),
        (lambda google: google.make(), "Set SHEETS_ID"),
        (lambda google: setattr(google, "knows_us", False), f"Google does not accept the key of {EMAIL}"),
        (lambda google: setattr(next(iter(google.spreadsheets.values())), "can_edit", False), "as an editor"),
    ],
)
def test_check_says_what_to_do(desk: Desk, damage: Callable[[Google], object], advice: str) -> None:
    damage(desk.google)
    done = run("check")
    assert done.exit_code == 1
    assert advice in done.output


@pytest.mark.parametrize(
    ("credentials", "advice"),
    [
        ("", "set GOOGLE_CREDENTIALS"),
        ("/nowhere/key.json", "no file that can be read: No such file"),
        ('{"private_key": "secret"', "holds no JSON"),
        ('{"type": "authorized_user", "private_key": "secret"}', "no key of a service account"),
        ("-----BEGIN PRIVATE KEY----- secret", "no file that can be read"),
    ],
)
def test_check_names_what_is_wrong_with_the_credentials(
    make_app: AppMaker, credentials: str, advice: str
) -> None:
    with make_app(GOOGLE_CREDENTIALS=credentials).app_context():
        done = run("check")
    assert done.exit_code == 1
    assert advice in done.output
    assert "secret" not in done.output


def test_damaged_key_is_named_and_not_shown(make_app: AppMaker) -> None:
    damaged = account().key_file.replace("-----BEGIN PRIVATE KEY-----", "-----BEGIN PRIVATE KEY----- x")
    with make_app(GOOGLE_CREDENTIALS=damaged).app_context():
        done = run("check")
    assert done.exit_code == 1
    assert "damaged" in done.output
    assert "MII" not in done.output


def test_key_file_is_as_good_as_its_content(make_app: AppMaker, google: Google, tmp_path: Path) -> None:
    google.make()
    path = tmp_path / "key.json"
    path.write_text(account().key_file)
    with make_app(GOOGLE_CREDENTIALS=str(path)).app_context():
        assert run("check").exit_code == 0


@pytest.mark.parametrize("form", ["{}", "https://docs.google.com/spreadsheets/d/{}/edit#gid=0"])
def test_id_tells_spreadsheets_of_one_title_apart(make_app: AppMaker, google: Google, form: str) -> None:
    google.make()
    meant = google.make()
    with make_app(GOOGLE_CREDENTIALS=account().key_file, SHEETS_ID=form.format(meant.id)).app_context():
        assert meant.id in run("check").output


def test_title_with_quotes_is_found(make_app: AppMaker, google: Google) -> None:
    google.make(r"Ann's \ sheet")
    with make_app(GOOGLE_CREDENTIALS=account().key_file, SHEETS_TITLE=r"Ann's \ sheet").app_context():
        assert run("check").exit_code == 0


def test_create_makes_worksheets_and_shares_them(sheets_app: Flask, google: Google) -> None:
    with sheets_app.app_context():
        done = run("create", "ann@example.org")
        assert done.exit_code == 0, done.output
        again = run("create", "ann@example.org")
    [spreadsheet] = google.spreadsheets.values()
    assert spreadsheet.shared_with == ["ann@example.org"]
    assert [sheet.title for sheet in spreadsheet.worksheets[1:]] == ["Digit", "Character", "Combined"]
    assert "already" in again.output
