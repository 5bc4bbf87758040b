"""`flask users …`: the accounts, from the command line of whoever runs the server."""

import sys

import click
from flask.cli import AppGroup

from app.accounts import people
from app.accounts.mail import normalized
from app.accounts.passwords import fault_in, normalize
from app.accounts.tables import ROLES, User
from app.database import now
from app.extensions import db

users = AppGroup("users", help="Make, list and change accounts.")


_from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from the first line of standard input."
)


@users.command("create-owner")
@click.argument("email")
@_from_stdin
def create_owner(email: str, password_stdin: bool) -> None:
    """Make an account with all rights, or give them to the one there is."""
    address = normalized(email)
    if address is None:
        raise click.BadParameter(f"{email!r} is no e-mail address that we can write to.")
    user = people.find(address)
    # whoever registered an address without confirming it knows a password that its owner may not
    password = _password(address, password_stdin) if user is None or user.confirmed_at is None else None
    people.make_owner(user, address, password, now())
    db.session.commit()
    click.echo(f"{address} is an owner now.")


@users.command("password")
@click.argument("email")
@_from_stdin
def set_password(email: str, password_stdin: bool) -> None:
    """Give an account a new password, and sign it out everywhere."""
    user = account(email)
    people.set_password(user, _password(user.email, password_stdin))
    db.session.commit()


@users.command("list")
def list_users() -> None:
    """One line for each account."""
    for user in people.everyone():
        state = "disabled" if not user.active else "confirmed" if user.confirmed_at else "unconfirmed"
        roles = ",".join(sorted(role.name for role in user.roles))
        click.echo(f"{user.email}\t{state}\t{roles}\t{user.created_at:%Y-%m-%d}")


@users.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Lock an account, and sign it out everywhere."""
    people.disable(account(email))
    db.session.commit()


@users.command("enable")
@click.argument("email")
def enable(email: str) -> None:
    """Unlock an account."""
    people.enable(account(email))
    db.session.commit()


@users.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--take", is_flag=True, help="Take the role away.")
def role(email: str, role: str, take: bool) -> None:
    """Give a role to an account."""
    change = people.take_role if take else people.give_role
    change(account(email), role)
    db.session.commit()


def account(email: str) -> User:
    """The account of an address, however it is spelled. Raises click.ClickException when there is none."""
    if user := people.find(normalized(email) or ""):
        return user
    raise click.ClickException(f"There is no account {email!r}.")


def _password(address: str, from_stdin: bool) -> str:
    """A good password in its normal form."""
    text = sys.stdin.readline().rstrip("\r\n") if from_stdin else _ask()
    password = normalize(text)
    if fault := fault_in(password, address):
        raise click.ClickException(fault)
    return password


def _ask() -> str:
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
