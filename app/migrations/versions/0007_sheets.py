"""When a delivery to Google Sheets is tried again, why one was given up, and how often Google is asked."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(
            sa.Column(
                "next_try_at",
                sa.DateTime(timezone=True),
                nullable=False,
                server_default="1970-01-01 00:00:00",
            )
        )
        table.add_column(sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("last_error", sa.String(500), nullable=True))
    op.create_table(
        "call_slots",
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("service", name="pk_call_slots"),
    )


def downgrade() -> None:
    op.drop_table("call_slots")
    with op.batch_alter_table("deliveries") as table:
        for name in ("last_error", "sent_at", "next_try_at"):
            table.drop_column(name)
