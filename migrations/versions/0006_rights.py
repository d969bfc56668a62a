"""rights of the person: erasing, whose direct message a card is, how long things are kept, a register without names

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step. What is sealed stays as it is: only who has the key could seal it anew."""
    with op.batch_alter_table("members") as batch:
        batch.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("register") as batch:
        batch.add_column(sa.Column("format", sa.Integer(), nullable=False, server_default=sa.text("1")))
        batch.create_check_constraint(op.f("ck_register_format"), "format IN (1, 2)")
    with op.batch_alter_table("postings") as batch:
        batch.add_column(sa.Column("member_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_postings_partnership_id_member_id"),
            "members",
            ["partnership_id", "member_id"],
            ["partnership_id", "id"],
        )
        batch.create_index(op.f("ix_postings_member_id"), ["member_id"], unique=False)
    op.create_table(
        "keepings",
        sa.Column("partnership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("left_days", sa.Integer(), nullable=True),
        sa.CheckConstraint("days BETWEEN 7 AND 3650", name=op.f("ck_keepings_days")),
        sa.CheckConstraint("left_days BETWEEN 1 AND 36500", name=op.f("ck_keepings_left_days")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_keepings_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", name=op.f("pk_keepings")),
    )


def downgrade() -> None:
    """Take the step back."""
    op.drop_table("keepings")
    with op.batch_alter_table("postings") as batch:
        batch.drop_index(op.f("ix_postings_member_id"))
        batch.drop_constraint(op.f("fk_postings_partnership_id_member_id"), type_="foreignkey")
        batch.drop_column("member_id")
    with op.batch_alter_table("register") as batch:
        batch.drop_constraint(op.f("ck_register_format"), type_="check")
        batch.drop_column("format")
    with op.batch_alter_table("members") as batch:
        batch.drop_column("erased_at")
