"""an index by which a large electorate is counted and its first names are found

Revision: 0007, after 0006
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_index("ix_electors_standing", "electors", ["agreement_id", "position", "recused_at", "name"])
    op.drop_index("ix_electors_agreement_id", "electors")


def downgrade() -> None:
    """Take it back."""
    op.create_index("ix_electors_agreement_id", "electors", ["agreement_id"])
    op.drop_index("ix_electors_standing", "electors")
