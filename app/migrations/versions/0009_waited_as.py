"""How a sample waited before it was decided, so that an undone verdict puts it back there."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("samples") as table:
        table.add_column(sa.Column("waited_as", sa.String(12), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("samples") as table:
        table.drop_column("waited_as")
