"""What signed-in people keep of their own drawings, and whose a sample is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawings",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.Integer, nullable=False),
        sa.Column("alphabet", sa.String(16), nullable=False),
        sa.Column("glyph", sa.LargeBinary, nullable=False),
        sa.Column("strokes", sa.JSON, nullable=True),
        sa.Column("predicted", sa.String(1), nullable=False),
        sa.Column("confidence", sa.Double, nullable=False),
        sa.Column("candidates", sa.JSON, nullable=False),
        sa.Column("label", sa.String(1), nullable=True),
        sa.Column("release", sa.String(64), nullable=False),
        sa.Column("source", sa.String(8), nullable=False),
        sa.Column("predicted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_drawings_user_id_users", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_drawings"),
    )
    op.create_index("ix_drawings_user_id_predicted_at", "drawings", ["user_id", "predicted_at"])
    with op.batch_alter_table("users") as table:
        table.add_column(sa.Column("keeps_history", sa.Boolean, nullable=False, server_default=sa.true()))
    with op.batch_alter_table("samples") as table:
        table.add_column(sa.Column("user_id", sa.Integer, nullable=True))
        table.create_foreign_key(
            "fk_samples_user_id_users", "users", ["user_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index("ix_samples_user_id", ["user_id"])


def downgrade() -> None:
    with op.batch_alter_table("samples") as table:
        table.drop_index("ix_samples_user_id")
        table.drop_constraint("fk_samples_user_id_users", type_="foreignkey")
        table.drop_column("user_id")
    with op.batch_alter_table("users") as table:
        table.drop_column("keeps_history")
    op.drop_table("drawings")
