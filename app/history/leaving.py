"""Deleting an account, with everything that is its own."""

from flask import render_template
from flask_babel import gettext as _

from app.accounts import people
from app.accounts.mail import send
from app.accounts.tables import User
from app.accounts.transaction import writing
from app.samples.belongings import delete_all_of, make_anonymous


def leave(user: User, keeps_corrections: bool) -> None:
    """Delete the account of `user`; its drawings, tokens and roles go with it, and every session ends.

    Its corrections lose every trace of whose they were, or go too. One transaction with the audit log's row and the
    mail that says farewell.
    """
    with writing():
        if keeps_corrections:
            make_anonymous(user.id)
        else:
            delete_all_of(user.id)
        address = user.email
        people.remove(user)
        words = render_template("history/email/account_deleted.txt", keeps_corrections=keeps_corrections)
        send(address, _("Your account was deleted"), words)
