"""meetings: agenda, papers, attendance, what happened, and minutes

Revision: 0011, after 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "calendar_feeds",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_calendar_feeds_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_calendar_feeds_partnership_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("token", name=op.f("uq_calendar_feeds_token")),
    )
    op.create_table(
        "meeting_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("skips_holidays", sa.Boolean(), nullable=False),
        sa.Column("papers_days", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("planned_to", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("rule <> ''", name=op.f("ck_meeting_series_rule")),
        sa.CheckConstraint("way IN ('in person', 'online', 'both')", name=op.f("ck_meeting_series_way")),
        sa.CheckConstraint("minute BETWEEN 0 AND 1439", name=op.f("ck_meeting_series_minute")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_meeting_series_minutes")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "chair_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_meeting_series_partnership_id_chair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "deputy_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_meeting_series_partnership_id_deputy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "group_id"],
            ["task_groups.partnership_id", "task_groups.id"],
            name=op.f("fk_meeting_series_partnership_id_group_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_meeting_series_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_meeting_series_partnership_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_meeting_series_ref")),
    )
    op.create_table(
        "meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("chair_id", sa.Integer(), nullable=True),
        sa.Column("deputy_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("papers_days", sa.Integer(), nullable=False),
        sa.Column("papers_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("current_id", sa.Integer(), nullable=True),
        sa.Column("current_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_why", sa.String(), nullable=False),
        sa.Column("record", sa.String(length=10), nullable=False),
        sa.Column("circulated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_why <> '')", name=op.f("ck_meetings_cancelled_has_reason")
        ),
        sa.CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name=op.f("ck_meetings_ended")),
        sa.CheckConstraint("record = '' OR state = 'ended'", name=op.f("ck_meetings_record_of_ended")),
        sa.CheckConstraint("record IN ('', 'draft', 'circulated', 'approved')", name=op.f("ck_meetings_record")),
        sa.CheckConstraint(
            "state IN ('planned', 'published', 'cancelled') OR opened_at IS NOT NULL", name=op.f("ck_meetings_opened")
        ),
        sa.CheckConstraint(
            "state IN ('planned', 'published', 'open', 'ended', 'cancelled')", name=op.f("ck_meetings_state")
        ),
        sa.CheckConstraint("way IN ('in person', 'online', 'both')", name=op.f("ck_meetings_way")),
        sa.CheckConstraint("minutes BETWEEN 5 AND 1440", name=op.f("ck_meetings_minutes")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_meetings_sequence")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "chair_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_meetings_partnership_id_chair_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "deputy_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_meetings_partnership_id_deputy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "group_id"],
            ["task_groups.partnership_id", "task_groups.id"],
            name=op.f("fk_meetings_partnership_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "series_id"],
            ["meeting_series.partnership_id", "meeting_series.id"],
            name=op.f("fk_meetings_partnership_id_series_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_meetings_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meetings")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_meetings_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_meetings_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_meetings_ref")),
        sa.UniqueConstraint("series_id", "day", name=op.f("uq_meetings_series_id_day")),
    )
    op.create_index(
        "ix_meetings_partnership_id_starts_at_id", "meetings", ["partnership_id", "starts_at", "id"], unique=False
    )

    op.create_table(
        "agenda_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("wants", sa.String(length=10), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('standing', 'item', 'agreement', 'actions', 'priority', 'matter', 'report', 'other')",
            name=op.f("ck_agenda_entries_kind"),
        ),
        sa.CheckConstraint("state IN ('waiting', 'current', 'done', 'parked')", name=op.f("ck_agenda_entries_state")),
        sa.CheckConstraint("wants IN ('decision', 'discussion', 'noting')", name=op.f("ck_agenda_entries_wants")),
        sa.CheckConstraint("minutes BETWEEN 0 AND 600", name=op.f("ck_agenda_entries_minutes")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_agenda_entries_position")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "lead_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_agenda_entries_partnership_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_agenda_entries_partnership_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "theme_id"],
            ["themes.partnership_id", "themes.id"],
            name=op.f("fk_agenda_entries_partnership_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_agenda_entries_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_entries")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_agenda_entries_partnership_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_agenda_entries_ref")),
    )
    op.create_index("ix_agenda_entries_about", "agenda_entries", ["about"], unique=False)
    op.create_index("ix_agenda_entries_meeting_id_position", "agenda_entries", ["meeting_id", "position"], unique=False)

    op.create_table(
        "attendances",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("reply", sa.String(length=10), nullable=False),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("substitute", sa.String(length=200), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=True),
        sa.Column("replied_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(reply = 'substitute') = (substitute <> '')", name=op.f("ck_attendances_substitute")),
        sa.CheckConstraint("reply IN ('', 'yes', 'apologies', 'substitute')", name=op.f("ck_attendances_reply")),
        sa.CheckConstraint("substitute_id IS NULL OR substitute <> ''", name=op.f("ck_attendances_substitute_named")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_attendances_partnership_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_attendances_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "substitute_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_attendances_partnership_id_substitute_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_attendances_partnership_id")),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_attendances")),
    )
    op.create_table(
        "minute_corrections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state <> 'not made' OR answer <> ''", name=op.f("ck_minute_corrections_answer")),
        sa.CheckConstraint("state IN ('asked', 'made', 'not made')", name=op.f("ck_minute_corrections_state")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_minute_corrections_text")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_minute_corrections_partnership_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_minute_corrections_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_minute_corrections_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute_corrections")),
        sa.UniqueConstraint("ref", name=op.f("uq_minute_corrections_ref")),
    )
    op.create_index("ix_minute_corrections_meeting_id", "minute_corrections", ["meeting_id"], unique=False)

    op.create_table(
        "entry_interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("nature <> ''", name=op.f("ck_entry_interests_nature")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "entry_id"],
            ["agenda_entries.partnership_id", "agenda_entries.id"],
            name=op.f("fk_entry_interests_partnership_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_entry_interests_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_entry_interests_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_entry_interests_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_interests")),
    )
    op.create_index("ix_entry_interests_entry_id", "entry_interests", ["entry_id"], unique=False)

    op.create_table(
        "minute_sections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("position >= 1", name=op.f("ck_minute_sections_position")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "entry_id"],
            ["agenda_entries.partnership_id", "agenda_entries.id"],
            name=op.f("fk_minute_sections_partnership_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_minute_sections_partnership_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_minute_sections_partnership_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minute_sections")),
        sa.UniqueConstraint("meeting_id", "position", name=op.f("uq_minute_sections_meeting_id_position")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_minute_sections_partnership_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_minute_sections_ref")),
    )
    op.create_table(
        "papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("report_of", sa.String(length=200), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("wants", sa.String(length=10), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("implications", sa.String(), nullable=False),
        sa.Column("recommendations", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state = 'asked' OR body <> '' OR link <> ''", name=op.f("ck_papers_in_has_text")),
        sa.CheckConstraint("state IN ('asked', 'in')", name=op.f("ck_papers_state")),
        sa.CheckConstraint("wants IN ('decision', 'discussion', 'noting')", name=op.f("ck_papers_wants")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "author_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_papers_partnership_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "entry_id"],
            ["agenda_entries.partnership_id", "agenda_entries.id"],
            name=op.f("fk_papers_partnership_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_papers_partnership_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_papers_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_papers")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_papers_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_papers_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_papers_ref")),
    )
    op.create_index("ix_papers_author_id_state", "papers", ["author_id", "state"], unique=False)
    op.create_index("ix_papers_meeting_id", "papers", ["meeting_id"], unique=False)

    op.create_table(
        "session_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'decision') = (number <> '')", name=op.f("ck_session_notes_decision_is_numbered")),
        sa.CheckConstraint(
            "kind IN ('note', 'decision', 'agreement', 'poll', 'action', 'parked')", name=op.f("ck_session_notes_kind")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('agreement', 'poll', 'action') OR about <> ''", name=op.f("ck_session_notes_about")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_session_notes_text")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "entry_id"],
            ["agenda_entries.partnership_id", "agenda_entries.id"],
            name=op.f("fk_session_notes_partnership_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "meeting_id"],
            ["meetings.partnership_id", "meetings.id"],
            name=op.f("fk_session_notes_partnership_id_meeting_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_session_notes_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_session_notes_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_notes")),
        sa.UniqueConstraint("ref", name=op.f("uq_session_notes_ref")),
    )
    op.create_index("ix_session_notes_about", "session_notes", ["about"], unique=False)
    op.create_index("ix_session_notes_meeting_id", "session_notes", ["meeting_id"], unique=False)

    op.create_table(
        "paper_readers",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("paper_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_paper_readers_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "paper_id"],
            ["papers.partnership_id", "papers.id"],
            name=op.f("fk_paper_readers_partnership_id_paper_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_paper_readers_partnership_id")),
        sa.PrimaryKeyConstraint("paper_id", "member_id", name=op.f("pk_paper_readers")),
    )


def downgrade() -> None:
    """Take the step back."""
    for table in (
        "paper_readers",
        "session_notes",
        "papers",
        "minute_sections",
        "entry_interests",
        "minute_corrections",
        "attendances",
        "agenda_entries",
        "meetings",
        "meeting_series",
        "calendar_feeds",
    ):
        op.drop_table(table)
