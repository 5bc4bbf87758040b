"""What became of each sample in review."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("samples") as table:
        table.add_column(sa.Column("state", sa.String(12), nullable=False, server_default="new"))
        table.add_column(sa.Column("accepted_label", sa.String(1), nullable=True))
        table.add_column(sa.Column("doubt", sa.Double, nullable=True))
        table.add_column(sa.Column("reviewer_id", sa.Integer, nullable=True))
        table.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
        table.create_foreign_key(
            "fk_samples_reviewer_id_users", "users", ["reviewer_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index("ix_samples_state", ["state"])
        table.create_index("ix_samples_visitor_created_at", ["visitor", "created_at", "state"])
        table.create_index("ix_samples_alphabet_created_at", ["alphabet", "created_at"])


def downgrade() -> None:
    with op.batch_alter_table("samples") as table:
        table.drop_index("ix_samples_alphabet_created_at")
        table.drop_index("ix_samples_visitor_created_at")
        table.drop_index("ix_samples_state")
        table.drop_constraint("fk_samples_reviewer_id_users", type_="foreignkey")
        for name in ("reviewed_at", "reviewer_id", "doubt", "accepted_label", "state"):
            table.drop_column(name)
