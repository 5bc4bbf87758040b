"""Addresses and letters: what counts as an e-mail address, and how Flask-Security's mails are queued."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask import current_app, render_template, request, url_for
from flask_security.mail_util import EmailValidateException, MailUtil

from app.errors import NoSiteUrl
from app.extensions import db
from app.mail.queue import queue_mail


def normalized(address: str) -> str | None:
    """The one spelling of `address` that we keep: lower case, its domain in ASCII; None if it is none.

    Nothing is looked up in the DNS. Letters beyond ASCII before the @ are refused: many mail servers refuse them,
    and two of them may look alike.
    """
    try:
        found = validate_email(
            address.strip(" "), check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        return None
    assert found.ascii_email is not None
    return found.ascii_email.lower()


def check_links_can_be_written() -> None:
    """Raises NoSiteUrl where a link would have to believe the Host header, which anybody can make up."""
    if not current_app.config["SITE_URL"] and current_app.config["APP_ENV"] != "development":
        raise NoSiteUrl("This server cannot send links by mail yet. Whoever runs it has to set SITE_URL.")


def link(endpoint: str, **values: Any) -> str:
    """An absolute link for a letter."""
    check_links_can_be_written()
    site = current_app.config["SITE_URL"] or request.host_url.rstrip("/")
    return str(site + url_for(endpoint, **values))


def send(to: str, subject: str, text: str) -> None:
    """Queue a letter within the current transaction; paragraphs of `text` become those of its HTML."""
    html = render_template("security/email/letter.html", paragraphs=text.strip().split("\n\n"))
    queue_mail(db.session(), to, subject, text.strip() + "\n", html)


class Letters(MailUtil):
    """Addresses as we spell them, and letters through our queue."""

    def normalize(self, email: str) -> str:
        """Raises EmailValidateException."""
        if (address := normalized(email)) is None:
            raise EmailValidateException(current_app.config["SECURITY_MSG_INVALID_EMAIL_ADDRESS"][0])
        return address

    def validate(self, email: str) -> str:
        """The same: an address that cannot be reached shows when its letter does not arrive."""
        return self.normalize(email)

    def send_mail(
        self,
        template: str,  # noqa: ARG002 - it has been rendered
        subject: str,
        recipient: str | tuple[str, str],
        sender: object,  # noqa: ARG002 - the queue knows who sends
        body: str | None,
        html: str | None,  # noqa: ARG002 - made from the text
        **_context: Any,
    ) -> None:
        assert isinstance(recipient, str)
        assert body is not None
        send(recipient, subject, body)
