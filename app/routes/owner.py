"""What owners alone may see and change: accounts and their roles, mails, the audit log, settings."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import audit, people
from app.accounts.access import for_owners
from app.accounts.errors import LastOwner, Unconfirmed
from app.accounts.tables import OWNER, REVIEWER, User
from app.accounts.transaction import writing
from app.arguments import ROW_ID, day, midnight, row_id
from app.errors import problem_from
from app.extensions import db
from app.mail import queue
from app.overview import counts, settings_in_force
from app.reading import room

blueprint = Blueprint("owner", __name__, url_prefix="/owner")

ROWS = 50
"""On one page."""


@blueprint.get("/")
@for_owners
def show() -> str:
    """How much there is of everything."""
    return render_template("owner/overview.html", counts=counts(), releases=room().status())


@blueprint.get("/accounts")
@for_owners
def accounts() -> str:
    """All of them, or those whose address contains what is looked for."""
    part, after = (
        people.part_of_address(request.args.get("search")),
        request.args.get("after", 0, type=row_id),
    )
    users = people.search(part, ROWS + 1, after)
    return render_template(
        "owner/accounts.html",
        users=users[:ROWS],
        has_more=len(users) > ROWS,
        search=part,
        roles=(OWNER, REVIEWER),
    )


@blueprint.post(f"/accounts/<{ROW_ID}:user_id>/role")
@for_owners
def change_role(user_id: int) -> ResponseReturnValue:
    """Give or take one role."""
    role, taken = request.form.get("role"), request.form.get("change") == "take"
    if role not in (OWNER, REVIEWER):
        abort(400)
    with writing():
        user = _user(user_id)
        if taken:
            if role == OWNER:
                people.check_owner_remains_without(user)
            people.take_role(user, role, people.signed_in())
        else:
            people.check_may_have_roles(user)
            people.give_role(user, role, people.signed_in())
    return _done(_("The roles of %(address)s are changed.", address=user.email))


@blueprint.post(f"/accounts/<{ROW_ID}:user_id>/state")
@for_owners
def change_state(user_id: int) -> ResponseReturnValue:
    """Disable an account, which ends its sessions and tokens, or enable it again."""
    with writing():
        user = _user(user_id)
        if request.form.get("change") == "enable":
            people.enable(user, people.signed_in())
            words = _("%(address)s may sign in again.", address=user.email)
        else:
            people.check_owner_remains_without(user)
            people.disable(user, people.signed_in())
            words = _("%(address)s is signed out everywhere, and may not sign in.", address=user.email)
    return _done(words)


@blueprint.errorhandler(LastOwner)
@blueprint.errorhandler(Unconfirmed)
def say_why_not(error: LastOwner | Unconfirmed) -> ResponseReturnValue:
    """The list again, with the reason."""
    flash(problem_from(error).message, "error")
    return redirect(_list())


@blueprint.get("/mails")
@for_owners
def mails() -> str:
    """The latest first, and what became of each."""
    state, before = request.args.get("state"), request.args.get("before", type=row_id)
    found = queue.latest_mails(db.session(), ROWS + 1, state, before)
    by_state = queue.mails_by_state(db.session())
    return render_template(
        "owner/mails.html", mails=found[:ROWS], has_more=len(found) > ROWS, by_state=by_state, state=state
    )


@blueprint.post(f"/mails/<{ROW_ID}:mail_id>/retry")
@for_owners
def retry_mail(mail_id: int) -> ResponseReturnValue:
    """A mail that was refused for good is tried once more."""
    with writing():
        mail = queue.retry(db.session(), mail_id)
        if mail is None:
            abort(404)
        audit.record("mail_retried", mail.recipient, people.signed_in(), note=mail.subject)
    flash(_("The mail is on its way again."), "success")
    return redirect(url_for("owner.mails"))


@blueprint.get("/log")
@for_owners
def log() -> str:
    """Who did what, the latest first."""
    since, until = day(request.args.get("since")), day(request.args.get("until"))
    search = audit.Search(
        act=request.args.get("act", ""),
        account=people.part_of_address(request.args.get("account")),
        since=midnight(since) if since else None,
        until=midnight(until) + timedelta(days=1) if until else None,
    )
    entries = audit.entries(search, ROWS + 1, request.args.get("before", type=row_id))
    return render_template(
        "owner/log.html", entries=entries[:ROWS], has_more=len(entries) > ROWS, acts=audit.acts()
    )


@blueprint.get("/settings")
@for_owners
def settings() -> str:
    """Every setting as it is now, but no secret."""
    return render_template("owner/settings.html", settings=settings_in_force(current_app.config))


def _user(user_id: int) -> User:
    return db.get_or_404(User, user_id)


def _done(words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(_list())


def _list() -> str:
    return url_for("owner.accounts", search=people.part_of_address(request.form.get("search")) or None)
