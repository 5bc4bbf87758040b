"""Since when the answers to a person learn from that person, and what was shown instead of the network's answer."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("hand_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("samples") as table:
        table.add_column(sa.Column("shown", sa.String(1), nullable=True))
        for whose in ("visitor", "user_id"):
            table.create_index(f"ix_samples_{whose}_alphabet_created_at", [whose, "alphabet", "created_at"])


def downgrade() -> None:
    with op.batch_alter_table("samples") as table:
        for whose in ("visitor", "user_id"):
            table.drop_index(f"ix_samples_{whose}_alphabet_created_at")
        table.drop_column("shown")
    with op.batch_alter_table("users") as table:
        table.drop_column("hand_since")
