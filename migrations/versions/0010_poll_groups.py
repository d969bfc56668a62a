"""polls for a task and finish group

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BEFORE = "who IN ('board', 'organisation', 'room')"
AFTER = "who IN ('board', 'organisation', 'room', 'group')"


def upgrade() -> None:
    """Take the step."""
    with op.batch_alter_table("polls") as batch:
        batch.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
        batch.drop_constraint(op.f("ck_polls_who"), type_="check")
        batch.create_check_constraint(op.f("ck_polls_who"), AFTER)
        batch.create_check_constraint(op.f("ck_polls_which_group"), "(who = 'group') = (group_id IS NOT NULL)")
        batch.create_foreign_key(
            op.f("fk_polls_partnership_id_group_id"),
            "task_groups",
            ["partnership_id", "group_id"],
            ["partnership_id", "id"],
        )


def downgrade() -> None:
    """Take it back; what was for a group is for the board then, and closed lest the board votes in it."""
    still = "who = 'group' AND state IN ('open', 'scheduled')"
    op.execute(f"UPDATE polls SET state = 'closed', closed_at = created_at WHERE {still}")  # noqa: S608 - our words
    op.execute("UPDATE polls SET who = 'board', group_id = NULL WHERE who = 'group'")
    with op.batch_alter_table("polls") as batch:
        batch.drop_constraint(op.f("fk_polls_partnership_id_group_id"), type_="foreignkey")
        batch.drop_constraint(op.f("ck_polls_which_group"), type_="check")
        batch.drop_constraint(op.f("ck_polls_who"), type_="check")
        batch.create_check_constraint(op.f("ck_polls_who"), BEFORE)
        batch.drop_column("group_id")
