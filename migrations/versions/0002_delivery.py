"""delivery: lanes, expiry, doubt, cause; workspaces that have shut us out

Revision: 0002, after 0001

New columns have defaults in the database, because a server of the version before may still write while this runs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "pauses",
        sa.Column("lane", sa.String(length=120), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("who", sa.String(length=10), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probe_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("who IN ('platform', 'operator')", name=op.f("ck_pauses_who")),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_pauses")),
    )
    # One by one and not in a batch, which would copy the table on SQLite: adding a column is cheap there, too.
    op.add_column("outgoing", sa.Column("lane", sa.String(length=120), nullable=False, server_default=sa.text("''")))
    op.add_column("outgoing", sa.Column("doubt", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("outgoing", sa.Column("cause", sa.String(length=20), nullable=False, server_default=sa.text("''")))
    op.add_column("outgoing", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_outgoing_room_id_state_id", "outgoing", ["room_id", "state", "id"], unique=False)
    op.create_index("ix_outgoing_member_id_state_id", "outgoing", ["member_id", "state", "id"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_outgoing_member_id_state_id", table_name="outgoing")
    op.drop_index("ix_outgoing_room_id_state_id", table_name="outgoing")
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.drop_column("expires_at")
        batch_op.drop_column("cause")
        batch_op.drop_column("doubt")
        batch_op.drop_column("lane")
    op.drop_table("pauses")
