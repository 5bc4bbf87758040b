"""What is decided about samples: by reviewers, many at once, and by a rule."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Engine, Update, case, func, select, update
from sqlalchemy.orm import Session

from app.database import WRITES, now
from app.samples.opinions import Opinion, RecognizerOf, opinions
from app.samples.service import check_label
from app.samples.tables import ACCEPTED, NEW, QUARANTINED, REJECTED, UNDECIDED, Sample

ACCEPT, REJECT, RELABEL, UNDO = "accept", "reject", "relabel", "undo"
VERDICTS = (ACCEPT, REJECT, RELABEL, UNDO)

_BATCH = 256

_IS_UNDECIDED = Sample.state.in_(UNDECIDED)
_WAITED_AS = case((_IS_UNDECIDED, Sample.state), else_=func.coalesce(Sample.waited_as, NEW))


def judge(
    session: Session, ids: Sequence[str], verdict: str, reviewer_id: int | None, label: str = ""
) -> int:
    """Accept, reject or relabel samples, or undo what was decided; how many. Unknown ids are passed over.

    What was in quarantine before it was decided is there again when that is undone. Does not commit. Raises
    UnknownLabel when `label` is missing in the alphabet of one of them.
    """
    chosen = Sample.id.in_(ids)
    if verdict == RELABEL:
        for alphabet in session.scalars(select(Sample.alphabet).where(chosen).distinct()):
            check_label(label, alphabet)
    reviewed = {"reviewer_id": reviewer_id, "reviewed_at": now(), "waited_as": _WAITED_AS}
    undecided = {"reviewer_id": None, "reviewed_at": None, "waited_as": None}
    changes: dict[str, dict[str, Any]] = {
        ACCEPT: {"state": ACCEPTED, "accepted_label": Sample.label, **reviewed},
        REJECT: {"state": REJECTED, "accepted_label": None, **reviewed},
        RELABEL: {"state": ACCEPTED, "accepted_label": label, **reviewed},
        UNDO: {"state": _WAITED_AS, "accepted_label": None, **undecided},
    }
    return _num_changed(session, update(Sample).where(chosen).values(**changes[verdict]))


def accept_below(session: Session, alphabet: str, doubt: float) -> int:
    """Accept all new samples of an alphabet whose doubt is below `doubt`, as nobody's decision; how many.

    Those in quarantine stay there. Does not commit.
    """
    chosen = (Sample.alphabet == alphabet, Sample.state == NEW, Sample.doubt < doubt)
    changes = {"state": ACCEPTED, "accepted_label": Sample.label, "reviewed_at": now(), "waited_as": NEW}
    return _num_changed(session, update(Sample).where(*chosen).values(**changes))


def reconsider(engine: Engine, recognizer_of: RecognizerOf) -> tuple[int, int]:
    """Doubt every waiting sample anew, by what is known now: (how many, how many went to quarantine).

    Nothing leaves the quarantine but by a person's decision.
    """
    with Session(engine) as session:
        waiting = session.scalars(select(Sample.id).where(_IS_UNDECIDED)).all()
    num_quarantined = 0
    for start in range(0, len(waiting), _BATCH):
        with Session(engine) as session:
            chosen = select(Sample).where(Sample.id.in_(waiting[start : start + _BATCH]))
            found = opinions(session, session.scalars(chosen).all(), recognizer_of)
        with Session(engine.execution_options(**WRITES)) as session:  # short: people's answers wait for it
            num_quarantined += sum(_note(session, each, opinion) for each, opinion in found.items())
            session.commit()
    return len(waiting), num_quarantined


def _note(session: Session, sample_id: str, opinion: Opinion) -> int:
    """Write the doubt down; 1 if the sample went to quarantine by it."""
    session.execute(update(Sample).where(Sample.id == sample_id).values(doubt=opinion.doubt))
    if not opinion.is_impossible:
        return 0
    still_new = (Sample.id == sample_id, Sample.state == NEW)
    return _num_changed(session, update(Sample).where(*still_new).values(state=QUARANTINED))


def _num_changed(session: Session, statement: Update) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(cast("CursorResult[Any]", result).rowcount)
