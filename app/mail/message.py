"""A mail as the bytes that go over the wire: the same bytes however often it is sent."""

from email import policy
from email.message import EmailMessage
from email.utils import parseaddr

from app.mail.tables import Mail


def render(mail: Mail, sender: str) -> bytes:
    """`mail` as an RFC 5322 message in ASCII, lines ending in CRLF: a text and an HTML part.

    `sender` is the From header: an address, or a name and an address in angle brackets.
    """
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = mail.created_at
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: an "I am on holiday" does not answer it
    message.set_content(mail.text, cte="quoted-printable")  # servers need not take 8-bit text
    message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
    message.set_boundary("=_" + mail.message_id.strip("<>").partition("@")[0])
    return message.as_bytes()


def address_of(sender: str) -> str:
    """The address in a From header."""
    return parseaddr(sender)[1]


def domain_of(sender: str) -> str:
    """What stands after the @ in a From header."""
    return address_of(sender).rpartition("@")[2]
