"""Everything that is stored of one person, as a zip to take away.

`data.json` has the account and a list for each table; `strokes.json` the strokes of each drawing and correction by its
id; `pictures/<id>.png` what the network saw. Rows are read and written one by one, so memory does not grow with them.
"""

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from sqlalchemy import ColumnElement, Executable, Select, case, func, select
from sqlalchemy.orm import Session

from app.accounts.tables import ApiToken, AuditEntry, User
from app.database import now
from app.extensions import Base, db
from app.history.tables import Drawing
from app.mail.tables import Mail
from app.recognition.pictures import pixels_from_bytes, png_bytes
from app.samples.tables import Sample

ROWS_AT_ONCE = 10
"""Of at most 2,000 points each: 3 MB."""

ACCOUNT = ("email", "created_at", "confirmed_at", "active", "keeps_history", "hand_since")
READ = ("id", "alphabet", "predicted", "confidence", "candidates", "label", "release", "source")
TIMES = ("predicted_at", "created_at")
COLUMNS: Mapping[type[Base], tuple[str, ...]] = {
    Drawing: (*READ, *TIMES),
    Sample: (*READ, "correct", "visitor", "state", "accepted_label", *TIMES),
    ApiToken: ("name", "scopes", "created_at", "last_used_at"),
    AuditEntry: ("at", "act", "about", "address", "note"),
    Mail: ("recipient", "subject", "state", "created_at", "sent_at"),
}
"""What of each row is told: all but secrets, pictures, strokes, and the numbers that the database gives."""

OF_WHOEVER_DID_IT = ("address", "note")
"""What of the audit log nobody else is told."""


def export(user: User) -> IO[bytes]:
    """A temporary file with the zip, at its beginning; it is gone once closed."""
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        with Session(db.engine) as session, ZipFile(file, "w", ZIP_DEFLATED) as archive:
            _write_pictures(archive, session, user)
            _write(archive, "strokes.json", lambda out: _write_strokes(out, session, user))
            _write(archive, "data.json", lambda out: _write_data(out, session, user))
        file.seek(0)
        stack.pop_all()  # whoever gets the file closes it
    return file


def _rows(user: User) -> dict[str, Select[Any]]:
    """The rows about `user` by their name in data.json."""
    return {
        "drawings": _told(Drawing).where(Drawing.user_id == user.id).order_by(Drawing.predicted_at),
        "corrections": _told(Sample).where(Sample.user_id == user.id).order_by(Sample.created_at),
        "tokens": _told(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id),
        "audit_log": _audit_log(user),
        "mails": _told(Mail)
        .where(Mail.recipient == user.email, Mail.created_at >= _held_since(user))
        .order_by(Mail.id),
    }


def _told(table: type[Base]) -> Select[Any]:
    return select(*(getattr(table, name) for name in COLUMNS[table]))


def _audit_log(user: User) -> Select[Any]:
    """What `user` did; and what others did to the account or tried, but not from where, nor what was noted of it.

    An address may have been somebody else's before: what was done to it until then is no business of `user`, nor
    are the mails that were sent to it.
    """
    is_own = AuditEntry.actor_id == user.id
    is_about = (AuditEntry.about == user.email) & (AuditEntry.at >= _held_since(user))
    columns = [
        _if(is_own, name) if name in OF_WHOEVER_DID_IT else getattr(AuditEntry, name)
        for name in COLUMNS[AuditEntry]
    ]
    return select(*columns).where(is_own | is_about).order_by(AuditEntry.id)


def _held_since(user: User) -> ColumnElement[datetime]:
    """When `user` came to the address."""
    moved_in = select(func.max(AuditEntry.at)).where(
        AuditEntry.actor_id == user.id, AuditEntry.act == "email_changed"
    )
    return func.coalesce(moved_in.scalar_subquery(), user.created_at)


def _if(is_own: ColumnElement[bool], name: str) -> ColumnElement[str]:
    return case((is_own, getattr(AuditEntry, name)), else_="").label(name)


def _inks(session: Session, user: User, column: str) -> Iterator[tuple[str, Any]]:
    """Id and `column`, "glyph" or "strokes", of each drawing and of each correction that is no drawing, too."""
    drawn = select(Drawing.id).where(Drawing.user_id == user.id)
    drawings = select(Drawing.id, getattr(Drawing, column)).where(Drawing.user_id == user.id)
    samples = select(Sample.id, getattr(Sample, column)).where(
        Sample.user_id == user.id, Sample.id.not_in(drawn)
    )
    for rows in (drawings, samples):
        yield from _read(session, rows)


def _write_pictures(archive: ZipFile, session: Session, user: User) -> None:
    for ink_id, glyph in _inks(session, user, "glyph"):
        picture = png_bytes(pixels_from_bytes(glyph))
        archive.writestr(f"pictures/{ink_id}.png", picture, ZIP_STORED)  # a PNG is compressed already


def _write_strokes(out: IO[bytes], session: Session, user: User) -> None:
    strokes = (
        (ink_id, strokes) for ink_id, strokes in _inks(session, user, "strokes") if strokes is not None
    )
    _write_members(out, strokes)


def _write_data(out: IO[bytes], session: Session, user: User) -> None:
    account = {name: _plain(getattr(user, name)) for name in ACCOUNT}
    account["roles"] = sorted(role.name for role in user.roles)
    out.write(b'{"exported_at": ' + _json(now().isoformat()) + b',\n"account": ' + _json(account))
    for name, rows in _rows(user).items():
        out.write(b",\n" + _json(name) + b": [")
        for i, row in enumerate(_read(session, rows).mappings()):
            columns = {column: _plain(value) for column, value in row.items()}
            out.write((b",\n  " if i else b"\n  ") + _json(columns))
        out.write(b"]")
    out.write(b"}\n")


def _write_members(out: IO[bytes], members: Iterator[tuple[str, Any]]) -> None:
    """A JSON object, one member a line."""
    out.write(b"{")
    for i, (name, value) in enumerate(members):
        out.write((b",\n" if i else b"\n") + _json(name) + b": " + _json(value))
    out.write(b"}\n")


def _write(archive: ZipFile, name: str, write: Callable[[IO[bytes]], None]) -> None:
    with archive.open(name, "w", force_zip64=True) as out:
        write(out)


def _read(session: Session, rows: Executable) -> Any:
    return session.execute(rows.execution_options(yield_per=ROWS_AT_ONCE))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value
