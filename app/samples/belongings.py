"""What becomes of a person's samples when the account goes. Both work within the current transaction."""

from sqlalchemy import delete, select, update

from app.extensions import db
from app.samples.tables import Delivery, Sample


def make_anonymous(user_id: int) -> None:
    """Take from the samples of an account what ties them to it, and to each other."""
    db.session.execute(update(Sample).where(Sample.user_id == user_id).values(user_id=None, visitor=None))


def delete_all_of(user_id: int) -> None:
    """Delete the samples of an account, and what still waits to be copied elsewhere."""
    theirs = select(Sample.id).where(Sample.user_id == user_id)
    db.session.execute(
        delete(Delivery).where(Delivery.sample_id.in_(theirs)).execution_options(synchronize_session=False)
    )
    db.session.execute(delete(Sample).where(Sample.user_id == user_id))
