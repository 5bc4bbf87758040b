"""Keeping drawings for the people who made them, counting them, and deleting them again."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.tables import User
from app.accounts.transaction import writing
from app.database import WRITES
from app.extensions import db
from app.history.tables import Drawing
from app.samples.receipts import Receipt
from app.samples.service import check_label


def keep(user: User | None, receipt: Receipt, label: str | None = None) -> bool:
    """Keep the drawing of `receipt`, and what the person said it is; whether it is there now and was not before.

    Nothing is kept for somebody who is not signed in, or wants no history. The same receipt again only adds its label.
    A receipt whose drawing is somebody else's changes nothing. Raises UnknownLabel.
    """
    if user is None or not user.keeps_history:
        return False
    if label is not None:
        check_label(label, receipt.alphabet)
    drawing = _drawing(receipt, user.id, label)
    with Session(db.engine.execution_options(**WRITES)) as session:
        session.add(drawing)
        try:
            session.commit()
        except IntegrityError:
            session.rollback()
            if label is not None:
                session.execute(update(Drawing).where(_is_one(user, [receipt.id])).values(label=label))
                session.commit()
            return False
    return True


def count(user: User) -> int:
    """How many drawings `user` has."""
    return db.session.scalar(select(func.count()).where(Drawing.user_id == user.id)) or 0


def forget(user: User, drawing_ids: Collection[str]) -> int:
    """Delete those drawings of `user`; how many there were. Others' are none of them."""
    return _delete(_is_one(user, drawing_ids))


def forget_all(user: User) -> int:
    """Delete every drawing of `user`; how many there were."""
    return _delete(Drawing.user_id == user.id)


def switch(user: User, is_on: bool) -> None:
    """Keep drawings from now on, or keep none. Those there are stay until they are deleted."""
    with writing():
        user.keeps_history = is_on


def _delete(which: ColumnElement[bool]) -> int:
    with Session(db.engine.execution_options(**WRITES)) as session:
        gone = session.scalars(delete(Drawing).where(which).returning(Drawing.id)).all()
        session.commit()
    return len(gone)


def _is_one(user: User, drawing_ids: Collection[str]) -> ColumnElement[bool]:
    return Drawing.id.in_(drawing_ids) & (Drawing.user_id == user.id)


def _drawing(receipt: Receipt, user_id: int, label: str | None) -> Drawing:
    return Drawing(
        id=receipt.id,
        user_id=user_id,
        alphabet=receipt.alphabet,
        glyph=receipt.glyph,
        strokes=receipt.strokes,
        predicted=receipt.candidates[0][0],
        confidence=receipt.confidence,
        candidates=receipt.candidates,
        label=label,
        release=receipt.release,
        source=receipt.source,
        predicted_at=receipt.predicted_at,
    )
