"""items, the pipeline of priorities, actions; what an agreement is about

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("offered_to_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=6), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_why", sa.String(), nullable=False),
        sa.Column("blocked_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("repeats", sa.String(length=12), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("folded", sa.String(), nullable=False),
        sa.CheckConstraint("(state = 'blocked') = (blocked_why <> '')", name=op.f("ck_actions_blocked_has_reason")),
        sa.CheckConstraint("(state IN ('done', 'dropped')) = (closed_on IS NOT NULL)", name=op.f("ck_actions_closed")),
        sa.CheckConstraint("level IN ('system', 'local')", name=op.f("ck_actions_level")),
        sa.CheckConstraint(
            "repeats IN ('', 'weekly', 'fortnightly', 'monthly', 'quarterly')", name=op.f("ck_actions_repeats")
        ),
        sa.CheckConstraint("state <> 'done' OR outcome <> ''", name=op.f("ck_actions_done_has_outcome")),
        sa.CheckConstraint(
            "state IN ('open', 'dropped') OR accepted_at IS NOT NULL", name=op.f("ck_actions_begun_is_accepted")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'in progress', 'blocked', 'done', 'dropped')", name=op.f("ck_actions_state")
        ),
        sa.CheckConstraint("accepted_at IS NULL OR owner_id IS NOT NULL", name=op.f("ck_actions_accepted_has_owner")),
        sa.CheckConstraint(
            "offered_to_id IS NULL OR offered_to_id <> owner_id", name=op.f("ck_actions_offered_to_another")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "blocked_by_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_actions_partnership_id_blocked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "created_by_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_actions_partnership_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "offered_to_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_actions_partnership_id_offered_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_actions_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "owner_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_actions_partnership_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "theme_id"],
            ["themes.partnership_id", "themes.id"],
            name=op.f("fk_actions_partnership_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_actions_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actions")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_actions_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_actions_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_actions_ref")),
    )
    op.create_index(
        "ix_actions_alive",
        "actions",
        ["due_on", "partnership_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('open', 'in progress', 'blocked')"),
        postgresql_where=sa.text("state IN ('open', 'in progress', 'blocked')"),
    )
    op.create_index("ix_actions_offered_to_id", "actions", ["offered_to_id"], unique=False)
    op.create_index(
        "ix_actions_organisation_id_due_on_id", "actions", ["organisation_id", "due_on", "id"], unique=False
    )
    op.create_index("ix_actions_owner_id_due_on", "actions", ["owner_id", "due_on"], unique=False)
    op.create_index("ix_actions_partnership_id_due_on_id", "actions", ["partnership_id", "due_on", "id"], unique=False)
    op.create_index("ix_actions_source", "actions", ["source"], unique=False)
    op.create_index("ix_actions_theme_id_due_on_id", "actions", ["theme_id", "due_on", "id"], unique=False)
    op.create_table(
        "items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("wants", sa.String(length=12), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("raiser_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("confidential", sa.Boolean(), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("became", sa.String(length=40), nullable=False),
        sa.Column("parked_until", sa.Date(), nullable=True),
        sa.Column("triaged_by_id", sa.Integer(), nullable=True),
        sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.CheckConstraint("(state = 'parked') = (parked_until IS NOT NULL)", name=op.f("ck_items_parked_until")),
        sa.CheckConstraint("(state = 'raised') = (triaged_at IS NULL)", name=op.f("ck_items_triaged")),
        sa.CheckConstraint(
            "(state IN ('pipeline', 'action', 'merged')) = (became <> '')", name=op.f("ck_items_became")
        ),
        sa.CheckConstraint(
            "state IN ('raised', 'agenda', 'pipeline', 'action', 'answered', "
            "'parked', 'declined', 'merged', 'withdrawn')",
            name=op.f("ck_items_state"),
        ),
        sa.CheckConstraint("wants IN ('decision', 'discussion', 'noting')", name=op.f("ck_items_wants")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_items_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "raiser_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_items_partnership_id_raiser_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "theme_id"],
            ["themes.partnership_id", "themes.id"],
            name=op.f("fk_items_partnership_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "triaged_by_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_items_partnership_id_triaged_by_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_items_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_items_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_items_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_items_ref")),
    )
    op.create_index("ix_items_became", "items", ["became"], unique=False)
    op.create_index("ix_items_partnership_id_state_id", "items", ["partnership_id", "state", "id"], unique=False)
    op.create_index("ix_items_raiser_id", "items", ["raiser_id"], unique=False)
    op.create_index("ix_items_theme_id_id", "items", ["theme_id", "id"], unique=False)
    op.create_table(
        "priorities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("sponsor_id", sa.Integer(), nullable=True),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("places", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(length=14), nullable=False),
        sa.Column("rested_from", sa.String(length=14), nullable=True),
        sa.Column("stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scoring", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.CheckConstraint(
            "(stage IN ('paused', 'dropped')) = (rested_from IS NOT NULL)", name=op.f("ck_priorities_rested_from")
        ),
        sa.CheckConstraint(
            "stage IN ('proposed', 'discovery', 'mapping', 'system action', 'local action', "
            "'complete', 'paused', 'dropped')",
            name=op.f("ck_priorities_stage"),
        ),
        sa.CheckConstraint("score IS NULL OR (score >= 0 AND score <= 5)", name=op.f("ck_priorities_score")),
        sa.CheckConstraint("score IS NULL OR scoring = false", name=op.f("ck_priorities_scored_when_closed")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "lead_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_priorities_partnership_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "proposer_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_priorities_partnership_id_proposer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "sponsor_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_priorities_partnership_id_sponsor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "theme_id"],
            ["themes.partnership_id", "themes.id"],
            name=op.f("fk_priorities_partnership_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_priorities_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priorities")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_priorities_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_priorities_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_priorities_ref")),
    )
    op.create_index(
        "ix_priorities_partnership_id_stage_id", "priorities", ["partnership_id", "stage", "id"], unique=False
    )
    op.create_index("ix_priorities_source", "priorities", ["source"], unique=False)
    op.create_index("ix_priorities_theme_id_id", "priorities", ["theme_id", "id"], unique=False)
    op.create_table(
        "action_needs",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("needs_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("action_id <> needs_id", name=op.f("ck_action_needs_not_itself")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "action_id"],
            ["actions.partnership_id", "actions.id"],
            name=op.f("fk_action_needs_partnership_id_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "needs_id"],
            ["actions.partnership_id", "actions.id"],
            name=op.f("fk_action_needs_partnership_id_needs_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_action_needs_partnership_id")),
        sa.PrimaryKeyConstraint("action_id", "needs_id", name=op.f("pk_action_needs")),
    )
    op.create_index("ix_action_needs_needs_id", "action_needs", ["needs_id"], unique=False)
    op.create_table(
        "item_supports",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "item_id"],
            ["items.partnership_id", "items.id"],
            name=op.f("fk_item_supports_partnership_id_item_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_item_supports_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_item_supports_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_item_supports_partnership_id")),
        sa.PrimaryKeyConstraint("item_id", "organisation_id", name=op.f("pk_item_supports")),
    )
    op.create_table(
        "priority_scores",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_priority_scores_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_priority_scores_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "priority_id"],
            ["priorities.partnership_id", "priorities.id"],
            name=op.f("fk_priority_scores_partnership_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_priority_scores_partnership_id")
        ),
        sa.PrimaryKeyConstraint("priority_id", "member_id", name=op.f("pk_priority_scores")),
    )
    op.create_table(
        "priority_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("begun_at", sa.String(length=14), nullable=False),
        sa.Column("ended_at", sa.String(length=14), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("by", sa.String(length=420), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('on', 'back', 'paused', 'resumed', 'dropped', 'reopened')", name=op.f("ck_priority_steps_kind")
        ),
        sa.CheckConstraint(
            "kind NOT IN ('back', 'paused', 'dropped', 'reopened') OR why <> ''", name=op.f("ck_priority_steps_why")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "priority_id"],
            ["priorities.partnership_id", "priorities.id"],
            name=op.f("fk_priority_steps_partnership_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_priority_steps_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_steps")),
    )
    op.create_index("ix_priority_steps_priority_id", "priority_steps", ["priority_id"], unique=False)
    op.create_table(
        "task_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("priority_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("remit", sa.String(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "priority_id"],
            ["priorities.partnership_id", "priorities.id"],
            name=op.f("fk_task_groups_partnership_id_priority_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_task_groups_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_groups")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_task_groups_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_task_groups_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_task_groups_ref")),
    )
    op.create_index("ix_task_groups_priority_id", "task_groups", ["priority_id"], unique=False)
    op.create_table(
        "task_group_members",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "group_id"],
            ["task_groups.partnership_id", "task_groups.id"],
            name=op.f("fk_task_group_members_partnership_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_task_group_members_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_task_group_members_partnership_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "member_id", name=op.f("pk_task_group_members")),
    )
    op.add_column(
        "agreements", sa.Column("about", sa.String(length=40), server_default=sa.text("('')"), nullable=False)
    )
    op.create_index("ix_agreements_about", "agreements", ["about"], unique=False)


def downgrade() -> None:
    """Take the step back."""
    op.drop_index("ix_agreements_about", table_name="agreements")
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_column("about")
    for table in (
        "task_group_members",
        "task_groups",
        "priority_scores",
        "priority_steps",
        "priorities",
        "item_supports",
        "items",
        "action_needs",
        "actions",
    ):
        op.drop_table(table)
