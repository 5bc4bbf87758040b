"""What can go wrong with a mail: when it is queued, and when a server is asked to take it."""

from app.errors import UnreadableRequest


class UnsendableMail(UnreadableRequest):
    """A mail was asked for that no server could take: its address is none, or its subject no line of text."""

    code, status = "unsendable_mail", 422


class Undelivered(Exception):
    """Base of what a transport raises; the message is the reason, for whoever runs the server."""


class Refused(Undelivered):
    """This mail will never be taken."""


class PutOff(Undelivered):
    """This mail was not taken now; others may be."""


class Unreachable(Undelivered):
    """No mail can be handed over now, whosever it is."""
