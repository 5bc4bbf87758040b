"""How Alembic reaches the database: through the app's own engine."""

from typing import Any, Literal

from alembic import context

from app.extensions import Base, db
from app.samples.tables import UtcDateTime


def render_item(_kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain types, so that they outlive our own."""
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


with db.engine.connect() as connection:
    context.configure(
        connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
