"""Keeping what a person said about a prediction: once, whole, and not lost once it is acknowledged."""

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from app.database import WRITES
from app.errors import AlreadyAnswered, UnknownLabel
from app.extensions import db
from app.recognition.alphabets import alphabet_named
from app.samples.archive import MADE_UP
from app.samples.doubt import first_doubt
from app.samples.quarantine import first_state
from app.samples.receipts import Receipt
from app.samples.tables import Delivery, Sample

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """The sample that holds an answer, and whether it was there before."""

    sample_id: str
    already: bool


def keep(receipt: Receipt, label: str, visitor: str | None = None, user_id: int | None = None) -> Kept:
    """Store the prediction of `receipt` with `label`, and the row that delivers it, in one transaction.

    What a program made up is not delivered: a row of the spreadsheet does not say so, and could come back as real.
    When the account was deleted meanwhile, the answer is kept as nobody's, as those given before are.
    Raises UnknownLabel for what is no character of the alphabet, AlreadyAnswered when the same receipt was
    kept with another label.
    """
    check_label(label, receipt.alphabet)
    with Session(db.engine.execution_options(**WRITES)) as session:
        sample = sample_of(receipt, label, visitor, user_id)
        sample.state = first_state(session, sample)
        session.add(sample)
        try:
            session.flush()
        except IntegrityError:
            session.rollback()
            if user_id is None or session.get(Sample, receipt.id) is not None:
                return _kept_before(session, receipt.id, label)
        else:
            if receipt.source != MADE_UP:
                session.add(Delivery(sample_id=receipt.id))
            session.commit()
            return Kept(receipt.id, already=False)
    return keep(receipt, label)


def sample_of(receipt: Receipt, label: str, visitor: str | None = None, user_id: int | None = None) -> Sample:
    """The row that says what was predicted, and that somebody called it `label`; in no session yet."""
    predicted = receipt.candidates[0][0]
    return Sample(
        id=receipt.id,
        alphabet=receipt.alphabet,
        glyph=receipt.glyph,
        strokes=receipt.strokes,
        predicted=predicted,
        confidence=receipt.confidence,
        candidates=receipt.candidates,
        label=label,
        doubt=first_doubt(receipt.candidates, label),
        correct=label == predicted,
        release=receipt.release,
        source=receipt.source,
        visitor=visitor,
        user_id=user_id,
        predicted_at=receipt.predicted_at,
        shown=receipt.shown,
    )


def check_label(label: str, alphabet: str) -> None:
    """Raises UnknownLabel for what is no character of the alphabet."""
    if label not in alphabet_named(alphabet):
        raise UnknownLabel(
            "%(label)s is not in the alphabet “%(alphabet)s”. Choose one of its characters.",
            label=repr(label[:20]),
            alphabet=alphabet,
        )


def is_ready() -> bool:
    """Whether the database answers and has our tables."""
    try:
        db.session.execute(select(Sample.id).limit(1))
    except SQLAlchemyError as error:
        log.error("The database is not ready: %s", error)
        return False
    return True


def _kept_before(session: Session, sample_id: str, label: str) -> Kept:
    earlier = session.get_one(Sample, sample_id)
    if earlier.label != label:
        raise AlreadyAnswered("This prediction was already answered with “%(label)s”.", label=earlier.label)
    return Kept(sample_id, already=True)
