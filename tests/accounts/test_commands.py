"""`flask users …`."""

import pytest
from click.testing import Result
from flask import Flask

from tests.accounts.conftest import ADDRESS, PASSWORD, SECOND_PASSWORD, Person, acts


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    return app.test_cli_runner().invoke(args=["users", *arguments], input=typed)


def roles_of(person: Person) -> set[str]:
    return {role.name for role in person.record().roles}


def test_an_owner_is_made(app: Flask) -> None:
    done = run(app, "create-owner", "Ada@example.org", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    owner = Person(app)
    owner.sign_in()
    assert owner.is_signed_in()
    assert roles_of(owner) == {"owner", "member"}


def test_an_owner_is_made_by_a_script(app: Flask) -> None:
    assert run(app, "create-owner", ADDRESS, "--password-stdin", typed=f"{PASSWORD}\n").exit_code == 0
    owner = Person(app)
    owner.sign_in()
    assert owner.is_signed_in()


def test_a_member_becomes_an_owner_and_keeps_the_password(member: Person, app: Flask) -> None:
    assert run(app, "create-owner", ADDRESS).exit_code == 0
    assert roles_of(member) == {"owner", "member"}
    assert member.is_signed_in()


def test_an_unconfirmed_account_gets_a_new_password(newcomer: Person, app: Flask) -> None:
    """Anybody can register the address of the owner to be; their password must not come along."""
    typed = f"{SECOND_PASSWORD}\n"
    assert run(app, "create-owner", ADDRESS, "--password-stdin", typed=typed).exit_code == 0
    newcomer.sign_in()
    assert not newcomer.is_signed_in()
    newcomer.password = SECOND_PASSWORD
    newcomer.sign_in()
    assert newcomer.is_signed_in()


@pytest.mark.parametrize("password", ["short", "password", "Legible1", ADDRESS, ""])
def test_a_bad_password_makes_no_owner(app: Flask, password: str) -> None:
    assert run(app, "create-owner", ADDRESS, "--password-stdin", typed=f"{password}\n").exit_code == 1
    assert run(app, "list").output == ""


def test_no_address_no_owner(app: Flask) -> None:
    assert run(app, "create-owner", "ada", "--password-stdin", typed=PASSWORD).exit_code == 2


@pytest.mark.usefixtures("member")
def test_everybody_is_listed(app: Flask) -> None:
    Person(app, "new@example.org").register()
    lines = [line.split("\t")[:3] for line in run(app, "list").output.splitlines()]
    assert lines == [[ADDRESS, "confirmed", "member"], ["new@example.org", "unconfirmed", ""]]


def test_roles_come_and_go(member: Person, app: Flask) -> None:
    assert run(app, "role", ADDRESS, "reviewer").exit_code == 0
    assert roles_of(member) == {"member", "reviewer"}
    assert run(app, "role", ADDRESS, "reviewer", "--take").exit_code == 0
    assert roles_of(member) == {"member"}
    assert run(app, "role", ADDRESS, "king").exit_code == 2


def test_a_password_is_set(member: Person, app: Flask) -> None:
    """For an owner who forgot it where no mail goes out; who knew the old one is signed out."""
    assert run(app, "password", ADDRESS, "--password-stdin", typed="short\n").exit_code == 1
    assert member.is_signed_in()
    assert run(app, "password", ADDRESS, "--password-stdin", typed=f"{SECOND_PASSWORD}\n").exit_code == 0
    assert not member.is_signed_in()
    member.password = SECOND_PASSWORD
    member.sign_in()
    assert member.is_signed_in()
    assert "password_set" in acts(app)


def test_an_account_is_deleted(newcomer: Person, app: Flask) -> None:
    """One that was never confirmed, say; its address may be registered again."""
    assert run(app, "delete", newcomer.address).exit_code == 0
    assert run(app, "list").output == ""
    newcomer.register()
    assert "unconfirmed" in run(app, "list").output


def test_the_only_owner_is_not_deleted(app: Flask) -> None:
    run(app, "create-owner", ADDRESS, "--password-stdin", typed=f"{PASSWORD}\n")
    done = run(app, "delete", ADDRESS)
    assert (done.exit_code, "is the only owner" in done.output) == (1, True)
    assert ADDRESS in run(app, "list").output


@pytest.mark.parametrize("command", [["disable"], ["enable"], ["role"], ["password"], ["delete"]])
def test_an_account_that_is_not_there(app: Flask, command: list[str]) -> None:
    done = run(app, command[0], "nobody@example.org", *(["owner"] if command == ["role"] else []))
    assert done.exit_code == 1
    assert "There is no account" in done.output


def test_the_library_adds_no_commands_of_its_own(app: Flask) -> None:
    assert "roles" not in app.cli.commands
    ours = {"create-owner", "password", "list", "disable", "enable", "role", "delete"}
    assert set(app.cli.commands["users"].commands) == ours  # type: ignore[attr-defined]
