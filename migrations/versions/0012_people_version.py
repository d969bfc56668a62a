"""how often a board's people have changed, and how often they had when a vote was opened

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step; votes that are open already have the number of no board, so that people are compared."""
    op.add_column("partnerships", sa.Column("people_version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("agreements", sa.Column("people_version", sa.Integer(), server_default="-1", nullable=False))


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("agreements") as batch:
        batch.drop_column("people_version")
    with op.batch_alter_table("partnerships") as batch:
        batch.drop_column("people_version")
