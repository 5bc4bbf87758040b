"""What can go wrong between the database and Google Sheets; each message says to the owner what to do."""

from app.background import one_line


class SheetsError(Exception):
    """Base of them; one line, for a terminal and a column, whatever Google put into it."""

    def __init__(self, reason: str) -> None:
        super().__init__(one_line(reason))


class NotNow(SheetsError):
    """Nothing was written; it may work later."""


class Busy(NotNow):
    """Nothing was written; it may work in some seconds."""


class OutcomeUnknown(SheetsError):
    """It may have been written, or not, or be written yet."""


class Refused(SheetsError):
    """Nothing was written, nor will be, unless somebody changes something."""
