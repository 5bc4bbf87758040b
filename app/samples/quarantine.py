"""What must not be accepted among many: labels that the release excludes, and whatever a suspicious person gives.

Who gives an answer never learns of it: the answer is kept and acknowledged like any other.
"""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.samples.doubt import is_impossible
from app.samples.tables import NEW, QUARANTINED, REJECTED, Sample

LATEST = 20
"""Of a person's answers, so many count."""
BAD_FROM = 5
"""So many of them must be rejected or in quarantine, and more than half, before all the next ones are, too."""


def first_state(session: Session, sample: Sample) -> str:
    """The state in which `sample` is kept. Reads at most `LATEST` rows, by an index."""
    if is_impossible(sample.label, sample.candidates) or _is_suspicious(session, sample):
        return QUARANTINED
    return NEW


def by_same_person(sample: Sample) -> ColumnElement[bool] | None:
    """The condition on samples of whoever gave this one; None when nobody knows who that was."""
    if sample.user_id is not None:
        return Sample.user_id == sample.user_id
    return Sample.visitor == sample.visitor if sample.visitor else None


def _is_suspicious(session: Session, sample: Sample) -> bool:
    mine = by_same_person(sample)
    if mine is None:
        return False
    latest = select(Sample.state).where(mine).order_by(Sample.created_at.desc()).limit(LATEST)
    states = session.scalars(latest).all()
    bad = sum(state in (QUARANTINED, REJECTED) for state in states)
    return bad >= BAD_FROM and 2 * bad > len(states)
