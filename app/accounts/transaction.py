"""One transaction that writes, for views that change accounts."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.database import WRITES
from app.extensions import db


@contextmanager
def writing() -> Iterator[None]:
    """Begin anew, commit at the end, undo everything at an error.

    What was read before, such as who is signed in, is read again within: it may have changed meanwhile.
    """
    db.session.rollback()
    try:
        db.session.connection(execution_options=WRITES)
        yield
        db.session.commit()
    except Exception:
        db.session.rollback()
        raise
