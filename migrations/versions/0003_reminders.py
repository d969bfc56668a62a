"""reminders: occurrences, how people want them, and each board's digest

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "digest_rhythms",
        sa.Column("partnership_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("holidays", sa.String(length=3), nullable=False),
        sa.CheckConstraint("holidays IN ('ENG', 'WLS', 'SCT', 'NIR')", name=op.f("ck_digest_rhythms_holidays")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_digest_rhythms_minute")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 4", name=op.f("ck_digest_rhythms_weekday")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_digest_rhythms_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", name=op.f("pk_digest_rhythms")),
    )
    op.create_table(
        "digests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_digests_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digests")),
        sa.UniqueConstraint("partnership_id", "day", name=op.f("uq_digests_partnership_id_day")),
    )
    op.create_table(
        "reminder_preferences",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_to", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=6), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.CheckConstraint("digest IN ('daily', 'weekly', 'off')", name=op.f("ck_reminder_preferences_digest")),
        sa.CheckConstraint("quiet_from BETWEEN 0 AND 1439", name=op.f("ck_reminder_preferences_quiet_from")),
        sa.CheckConstraint("quiet_to BETWEEN 0 AND 1439", name=op.f("ck_reminder_preferences_quiet_to")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_reminder_preferences_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_reminder_preferences_partnership_id")
        ),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_reminder_preferences")),
    )
    op.create_table(
        "reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("concern", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("card", sa.String(length=40), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_reminders_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_reminders_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint("key", name=op.f("uq_reminders_key")),
    )
    op.create_index("ix_reminders_card", "reminders", ["card"], unique=False)
    op.create_index("ix_reminders_member_id_due_at", "reminders", ["member_id", "due_at"], unique=False)
    op.create_index("ix_reminders_partnership_id", "reminders", ["partnership_id"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    for table in ("reminders", "reminder_preferences", "digests", "digest_rhythms"):
        op.drop_table(table)
