"""workspaces: installations, tenants that boards have allowed, tenants that have knocked, and the teams of rooms

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "installations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("organisation", sa.String(length=100), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=100), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("rooms", sa.JSON(), nullable=False),
        sa.Column("installed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state = 'installed' OR token = ''", name=op.f("ck_installations_ended_without_token")),
        sa.CheckConstraint("state IN ('installed', 'revoked', 'removed')", name=op.f("ck_installations_state")),
        sa.CheckConstraint("tool IN ('slack', 'teams')", name=op.f("ck_installations_tool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installations")),
        sa.UniqueConstraint("tool", "workspace", name=op.f("uq_installations_tool_workspace")),
    )
    op.create_table(
        "allowed_tenants",
        sa.Column("partnership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_allowed_tenants_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_allowed_tenants_partnership_id")
        ),
        sa.PrimaryKeyConstraint("partnership_id", "tenant", name=op.f("pk_allowed_tenants")),
    )
    op.create_index("ix_allowed_tenants_tenant", "allowed_tenants", ["tenant"], unique=False)
    op.create_table(
        "knocks",
        sa.Column("tenant", sa.String(length=100), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("tenant", name=op.f("pk_knocks")),
    )
    op.add_column("rooms", sa.Column("team", sa.String(length=200), server_default=sa.text("''"), nullable=False))


def downgrade() -> None:
    """Take the step back."""
    with op.batch_alter_table("rooms") as batch:
        batch.drop_column("team")
    for table in ("knocks", "allowed_tenants", "installations"):
        op.drop_table(table)
