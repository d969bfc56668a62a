"""first slice

Revision: 0001, after
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take the step."""

    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deliveries")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deliveries_at"), ["at"], unique=False)

    op.create_table(
        "partnerships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(length=60), nullable=False),
        sa.Column("voting_unit", sa.String(length=12), nullable=False),
        sa.Column("principles", sa.JSON(), nullable=False),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("convener", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("voting_unit IN ('organisation', 'member')", name=op.f("ck_partnerships_voting_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partnerships")),
        sa.UniqueConstraint("name", name=op.f("uq_partnerships_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_partnerships_ref")),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("view", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("conversation", sa.String(length=300), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("service_url", sa.String(length=300), nullable=False),
        sa.Column("bot", sa.String(length=100), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("edit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('live', 'gone')", name=op.f("ck_postings_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_postings")),
    )
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_postings_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index("ix_postings_subject", ["subject"], unique=False)
        batch_op.create_index("uq_postings_message", ["tool", "workspace", "conversation", "message"], unique=True)

    op.create_table(
        "subjects",
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_subjects")),
    )
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subjects_partnership_id"), ["partnership_id"], unique=False)

    op.create_table(
        "counters",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_counters_partnership_id")),
        sa.PrimaryKeyConstraint("partnership_id", "name", name=op.f("pk_counters")),
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sector", sa.String(length=100), nullable=False),
        sa.Column("voting", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_organisations_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_organisations_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "name", name=op.f("uq_organisations_partnership_id_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_organisations_ref")),
    )
    op.create_table(
        "register",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=30), nullable=True),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(length=420), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "(kind = 'decision') = (number IS NOT NULL)", name=op.f("ck_register_decisions_are_numbered")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_register_position")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_register_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_register_partnership_id_number")),
        sa.UniqueConstraint("partnership_id", "position", name=op.f("uq_register_partnership_id_position")),
        sa.UniqueConstraint("partnership_id", "previous", name=op.f("uq_register_partnership_id_previous")),
    )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_subject"), ["subject"], unique=False)

    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("conversation", sa.String(length=300), nullable=False),
        sa.Column("service_url", sa.String(length=300), nullable=False),
        sa.Column("bot", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('connected', 'lost', 'left')", name=op.f("ck_rooms_state")),
        sa.CheckConstraint("tool IN ('slack', 'teams')", name=op.f("ck_rooms_tool")),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_rooms_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rooms")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_rooms_partnership_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_rooms_ref")),
    )
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rooms_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index(
            "uq_rooms_connected",
            ["tool", "workspace", "conversation"],
            unique=True,
            sqlite_where=sa.text("state <> 'left'"),
            postgresql_where=sa.text("state <> 'left'"),
        )

    op.create_table(
        "members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('chair', 'coordinator', 'representative', 'deputy', 'observer')", name=op.f("ck_members_role")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_members_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_members_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_members")),
        sa.UniqueConstraint("partnership_id", "email", name=op.f("uq_members_partnership_id_email")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_members_partnership_id_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_members_ref")),
    )
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_members_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "themes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("lead_id", sa.Integer(), nullable=True),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("projects", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("agreed_by", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'agreed', 'retired')", name=op.f("ck_themes_state")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "lead_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_themes_partnership_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_themes_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_themes")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_themes_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "name", name=op.f("uq_themes_partnership_id_name")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_themes_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_themes_ref")),
    )
    op.create_table(
        "agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("front", sa.JSON(), nullable=False),
        sa.Column("proposer_id", sa.Integer(), nullable=True),
        sa.Column("decider_id", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("base", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("quorum_number", sa.Integer(), nullable=True),
        sa.Column("quorum_share", sa.Float(), nullable=True),
        sa.Column("required_organisations", sa.JSON(), nullable=False),
        sa.Column("required_sectors", sa.JSON(), nullable=False),
        sa.Column("hidden", sa.String(length=12), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("effect_detail", sa.String(length=300), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=12), nullable=True),
        sa.Column("statement", sa.String(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=True),
        sa.Column("decision", sa.String(length=30), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (result IS NOT NULL)", name=op.f("ck_agreements_closed_has_result")),
        sa.CheckConstraint("base IN ('votes cast', 'entitled')", name=op.f("ck_agreements_base")),
        sa.CheckConstraint("effect IN ('binding', 'ratify', 'approval')", name=op.f("ck_agreements_effect")),
        sa.CheckConstraint("hidden IN ('no', 'until voted', 'until closed')", name=op.f("ck_agreements_hidden")),
        sa.CheckConstraint("result IN ('passed', 'not passed', 'no quorum')", name=op.f("ck_agreements_result")),
        sa.CheckConstraint("rule <> 'advice' OR decider_id IS NOT NULL", name=op.f("ck_agreements_advice_has_decider")),
        sa.CheckConstraint(
            "rule IN ('consent', 'consensus', 'simple majority', 'two-thirds', 'unanimous', 'advice')",
            name=op.f("ck_agreements_rule"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'withdrawn' OR opened_at IS NOT NULL", name=op.f("ck_agreements_opened")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'deciding', 'closed', 'withdrawn')", name=op.f("ck_agreements_state")
        ),
        sa.CheckConstraint("unit IN ('organisation', 'member')", name=op.f("ck_agreements_unit")),
        sa.CheckConstraint("quorum_number IS NULL OR quorum_number >= 1", name=op.f("ck_agreements_quorum_number")),
        sa.CheckConstraint("quorum_number IS NULL OR quorum_share IS NULL", name=op.f("ck_agreements_one_quorum")),
        sa.CheckConstraint(
            "quorum_share IS NULL OR (quorum_share > 0 AND quorum_share <= 1)", name=op.f("ck_agreements_quorum_share")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "decider_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_agreements_partnership_id_decider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "proposer_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_agreements_partnership_id_proposer_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_agreements_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_agreements_partnership_id_id")),
        sa.UniqueConstraint("partnership_id", "number", name=op.f("uq_agreements_partnership_id_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_agreements_ref")),
    )
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.create_index(
            "ix_agreements_due",
            ["closes_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "identities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("tool", sa.String(length=10), nullable=False),
        sa.Column("workspace", sa.String(length=100), nullable=False),
        sa.Column("account", sa.String(length=200), nullable=False),
        sa.Column("conversation", sa.String(length=300), nullable=False),
        sa.Column("service_url", sa.String(length=300), nullable=False),
        sa.Column("bot", sa.String(length=100), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("tool IN ('slack', 'teams')", name=op.f("ck_identities_tool")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_identities_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_identities_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identities")),
        sa.UniqueConstraint(
            "partnership_id",
            "tool",
            "workspace",
            "account",
            name=op.f("uq_identities_partnership_id_tool_workspace_account"),
        ),
    )
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.create_index("ix_identities_account", ["tool", "workspace", "account"], unique=False)
        batch_op.create_index(batch_op.f("ix_identities_member_id"), ["member_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_invitations_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_invitations_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitations_code_hash")),
    )
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("view", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'claimed') = (owner IS NOT NULL)", name=op.f("ck_outgoing_claimed_by_someone")),
        sa.CheckConstraint(
            "state IN ('waiting', 'claimed', 'sent', 'moot', 'parked', 'dead')", name=op.f("ck_outgoing_state")
        ),
        sa.CheckConstraint("(room_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_outgoing_one_address")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_outgoing_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "room_id"],
            ["rooms.partnership_id", "rooms.id"],
            name=op.f("fk_outgoing_partnership_id_room_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_key")),
    )
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_partnership_id"), ["partnership_id"], unique=False)
        batch_op.create_index("ix_outgoing_state_due_at", ["state", "due_at"], unique=False)

    op.create_table(
        "agreement_themes",
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agreement_id"],
            ["agreements.partnership_id", "agreements.id"],
            name=op.f("fk_agreement_themes_partnership_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "theme_id"],
            ["themes.partnership_id", "themes.id"],
            name=op.f("fk_agreement_themes_partnership_id_theme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id"], ["partnerships.id"], name=op.f("fk_agreement_themes_partnership_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "theme_id", name=op.f("pk_agreement_themes")),
    )
    op.create_table(
        "electors",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sector", sa.String(length=100), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("recused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("position", sa.String(length=10), nullable=True),
        sa.Column("stance_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.CheckConstraint(
            "position IN ('consent', 'object', 'agree', 'abstain', 'disagree', 'block')",
            name=op.f("ck_electors_position"),
        ),
        sa.CheckConstraint("(position IS NULL) = (stance_id IS NULL)", name=op.f("ck_electors_position_has_stance")),
        sa.CheckConstraint("position IS NULL OR recused_at IS NULL", name=op.f("ck_electors_recused_has_no_position")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agreement_id"],
            ["agreements.partnership_id", "agreements.id"],
            name=op.f("fk_electors_partnership_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_electors_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            ["organisations.partnership_id", "organisations.id"],
            name=op.f("fk_electors_partnership_id_organisation_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_electors_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_electors")),
        sa.UniqueConstraint("partnership_id", "id", name=op.f("uq_electors_partnership_id_id")),
    )
    with op.batch_alter_table("electors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_electors_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index("uq_electors_member", ["agreement_id", "member_id"], unique=True)
        batch_op.create_index(
            "uq_electors_organisation",
            ["agreement_id", "organisation_id"],
            unique=True,
            sqlite_where=sa.text("member_id IS NULL"),
            postgresql_where=sa.text("member_id IS NULL"),
        )

    op.create_table(
        "wordings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agreement_id"],
            ["agreements.partnership_id", "agreements.id"],
            name=op.f("fk_wordings_partnership_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_wordings_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_wordings_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wordings")),
        sa.UniqueConstraint("agreement_id", "round", name=op.f("uq_wordings_agreement_id_round")),
    )
    op.create_table(
        "interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agreement_id"],
            ["agreements.partnership_id", "agreements.id"],
            name=op.f("fk_interests_partnership_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "elector_id"],
            ["electors.partnership_id", "electors.id"],
            name=op.f("fk_interests_partnership_id_elector_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_interests_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_interests_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interests")),
    )
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interests_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=40), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_objections_reason")),
        sa.CheckConstraint("state IN ('raised', 'addressed', 'withdrawn', 'stands')", name=op.f("ck_objections_state")),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agreement_id"],
            ["agreements.partnership_id", "agreements.id"],
            name=op.f("fk_objections_partnership_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "elector_id"],
            ["electors.partnership_id", "electors.id"],
            name=op.f("fk_objections_partnership_id_elector_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_objections_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("ref", name=op.f("uq_objections_ref")),
    )
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objections_agreement_id"), ["agreement_id"], unique=False)

    op.create_table(
        "stances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partnership_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("elector_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("member_name", sa.String(length=200), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("position", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "position IN ('consent', 'object', 'agree', 'abstain', 'disagree', 'block', 'taken back')",
            name=op.f("ck_stances_position"),
        ),
        sa.CheckConstraint(
            "position NOT IN ('object', 'block') OR reason <> ''", name=op.f("ck_stances_objection_has_reason")
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "agreement_id"],
            ["agreements.partnership_id", "agreements.id"],
            name=op.f("fk_stances_partnership_id_agreement_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "elector_id"],
            ["electors.partnership_id", "electors.id"],
            name=op.f("fk_stances_partnership_id_elector_id"),
        ),
        sa.ForeignKeyConstraint(
            ["partnership_id", "member_id"],
            ["members.partnership_id", "members.id"],
            name=op.f("fk_stances_partnership_id_member_id"),
        ),
        sa.ForeignKeyConstraint(["partnership_id"], ["partnerships.id"], name=op.f("fk_stances_partnership_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stances")),
    )
    with op.batch_alter_table("stances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stances_agreement_id"), ["agreement_id"], unique=False)


def downgrade() -> None:
    """Take it back."""

    with op.batch_alter_table("stances", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stances_agreement_id"))

    op.drop_table("stances")
    with op.batch_alter_table("objections", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objections_agreement_id"))

    op.drop_table("objections")
    with op.batch_alter_table("interests", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interests_agreement_id"))

    op.drop_table("interests")
    op.drop_table("wordings")
    with op.batch_alter_table("electors", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_electors_organisation",
            sqlite_where=sa.text("member_id IS NULL"),
            postgresql_where=sa.text("member_id IS NULL"),
        )
        batch_op.drop_index("uq_electors_member")
        batch_op.drop_index(batch_op.f("ix_electors_agreement_id"))

    op.drop_table("electors")
    op.drop_table("agreement_themes")
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_state_due_at")
        batch_op.drop_index(batch_op.f("ix_outgoing_partnership_id"))

    op.drop_table("outgoing")
    op.drop_table("invitations")
    with op.batch_alter_table("identities", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identities_member_id"))
        batch_op.drop_index("ix_identities_account")

    op.drop_table("identities")
    with op.batch_alter_table("agreements", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_agreements_due", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )

    op.drop_table("agreements")
    op.drop_table("themes")
    with op.batch_alter_table("members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_members_organisation_id"))

    op.drop_table("members")
    with op.batch_alter_table("rooms", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_rooms_connected", sqlite_where=sa.text("state <> 'left'"), postgresql_where=sa.text("state <> 'left'")
        )
        batch_op.drop_index(batch_op.f("ix_rooms_partnership_id"))

    op.drop_table("rooms")
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_subject"))

    op.drop_table("register")
    op.drop_table("organisations")
    op.drop_table("counters")
    with op.batch_alter_table("subjects", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_subjects_partnership_id"))

    op.drop_table("subjects")
    with op.batch_alter_table("postings", schema=None) as batch_op:
        batch_op.drop_index("uq_postings_message")
        batch_op.drop_index("ix_postings_subject")
        batch_op.drop_index(batch_op.f("ix_postings_partnership_id"))

    op.drop_table("postings")
    op.drop_table("partnerships")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deliveries_at"))

    op.drop_table("deliveries")
