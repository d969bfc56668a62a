"""membership: founding a board, wrong codes, linked accounts, deputies for a while, how a board decides

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tool IN ('slack', 'teams')", name=op.f("ck_links_tool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_links_code_hash")),
    )
    op.create_table(
        "wrong_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tool IN ('slack', 'teams')", name=op.f("ck_wrong_codes_tool")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_codes")),
    )
    op.create_index("ix_wrong_codes_account", "wrong_codes", ["tool", "workspace", "account", "at"], unique=False)
    op.create_table(
        "foundings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tool", sa.String(length=10), nullable=True),
        sa.Column("workspace", sa.String(length=100), nullable=True),
        sa.Column("account", sa.String(length=200), nullable=True),
        sa.Column("partnership_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("tool IN ('slack', 'teams')", name=op.f("ck_foundings_tool")),
        sa.CheckConstraint("(claimed_at IS NULL) = (account IS NULL)", name=op.f("ck_foundings_claimed_by_someone")),
        sa.CheckConstraint(
            "partnership_id IS NULL OR claimed_at IS NOT NULL", name=op.f("ck_foundings_founded_by_someone")
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_foundings_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_foundings")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_foundings_code_hash")),
    )
    op.create_index("ix_foundings_account", "foundings", ["tool", "workspace", "account"], unique=False)
    op.create_index(op.f("ix_foundings_partnership_id"), "foundings", ["partnership_id"], unique=False)
    op.create_table(
        "practices",
        sa.Column("partnership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("quorum", sa.String(length=20), nullable=False),
        sa.Column("guided", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "rule IN ('consent', 'consensus', 'simple majority', 'two-thirds', 'unanimous', 'advice')",
            name=op.f("ck_practices_rule"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_practices_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", name=op.f("pk_practices")),
    )
    op.create_table(
        "covers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('planned', 'running', 'over', 'cancelled')", name=op.f("ck_covers_state")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_covers_some_time")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_covers_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_covers_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
        sa.UniqueConstraint("ref", name=op.f("uq_covers_ref")),
    )
    op.create_index(op.f("ix_covers_member_id"), "covers", ["member_id"], unique=False)
    op.create_index("ix_covers_state", "covers", ["state"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_covers_state", table_name="covers")
    op.drop_index(op.f("ix_covers_member_id"), table_name="covers")
    op.drop_table("covers")
    op.drop_table("practices")
    op.drop_index(op.f("ix_foundings_partnership_id"), table_name="foundings")
    op.drop_index("ix_foundings_account", table_name="foundings")
    op.drop_table("foundings")
    op.drop_index("ix_wrong_codes_account", table_name="wrong_codes")
    op.drop_table("wrong_codes")
    op.drop_table("links")
