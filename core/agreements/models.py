"""An agreement, who may vote on it, and everything that was said until it closed."""

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from core.agreements.rules import OBJECTIONS, POSITIONS, Base, Position, Rule, Standing, Terms
from core.db import Model, owned, within
from core.errors import Refused

_RULES = ", ".join(f"'{rule}'" for rule in Rule)
_POSITIONS = ", ".join(f"'{position}'" for position in Position)


class Agreement(Model):
    """A proposal put to the partners.

    state: draft (waits for the chair to open it), open, deciding (advice is in, the decider's word is
    awaited), closed, withdrawn. round: 1, and one more with each amended text that reopens the question.
    quorum_number and quorum_share exclude each other. effect: what a pass means, see `actions.conclude`.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        owned(),
        within("members", "proposer_id"),
        within("members", "decider_id"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint(f"rule IN ({_RULES})", name="rule"),
        CheckConstraint("base IN ('votes cast', 'entitled')", name="base"),
        CheckConstraint("unit IN ('organisation', 'member')", name="unit"),
        CheckConstraint("state IN ('draft', 'open', 'deciding', 'closed', 'withdrawn')", name="state"),
        CheckConstraint("hidden IN ('no', 'until voted', 'until closed')", name="hidden"),
        CheckConstraint("effect IN ('binding', 'ratify', 'approval')", name="effect"),
        CheckConstraint("quorum_number IS NULL OR quorum_share IS NULL", name="one_quorum"),
        CheckConstraint("quorum_number IS NULL OR quorum_number >= 1", name="quorum_number"),
        CheckConstraint("quorum_share IS NULL OR (quorum_share > 0 AND quorum_share <= 1)", name="quorum_share"),
        CheckConstraint("state = 'draft' OR state = 'withdrawn' OR opened_at IS NOT NULL", name="opened"),
        CheckConstraint("(state = 'closed') = (result IS NOT NULL)", name="closed_has_result"),
        CheckConstraint("result IN ('passed', 'not passed', 'no quorum')", name="result"),
        CheckConstraint("rule <> 'advice' OR decider_id IS NOT NULL", name="advice_has_decider"),
        Index("ix_agreements_about", "about"),
        Index(
            "ix_agreements_due",
            "closes_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(default="")
    front: Mapped[dict[str, Any]]  # the paper's front sheet: report of, summary and purpose, contact, …
    proposer_id: Mapped[int | None]
    decider_id: Mapped[int | None]
    rule: Mapped[str] = mapped_column(String(20))
    base: Mapped[str] = mapped_column(String(12), default=Base.CAST.value)
    unit: Mapped[str] = mapped_column(String(12), default="organisation")
    quorum_number: Mapped[int | None]
    quorum_share: Mapped[float | None]
    required_organisations: Mapped[list[Any]]  # keys of organisations; each elector then knows for itself
    required_sectors: Mapped[list[str]]
    hidden: Mapped[str] = mapped_column(String(12), default="no")
    effect: Mapped[str] = mapped_column(String(10), default="binding")
    effect_detail: Mapped[str] = mapped_column(String(300), default="")
    review_on: Mapped[datetime.date | None]
    closes_at: Mapped[datetime.datetime]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    round: Mapped[int] = mapped_column(default=1)
    result: Mapped[str | None] = mapped_column(String(12))
    statement: Mapped[str] = mapped_column(default="")
    confirmed: Mapped[bool | None]  # of ratify and approval: the later word, once it is known
    decision: Mapped[str | None] = mapped_column(String(30))  # its number in the register
    about: Mapped[str] = mapped_column(String(40), default="", server_default=sql_text("''"))  # the ref of its matter
    # The board's when it was opened: unless that has changed since, nobody has come or gone.
    people_version: Mapped[int] = mapped_column(default=-1, server_default=sql_text("-1"))
    created_at: Mapped[datetime.datetime]
    opened_at: Mapped[datetime.datetime | None]
    closed_at: Mapped[datetime.datetime | None]

    def check_takes_stances(self, now: datetime.datetime) -> None:
        """Refuse unless voting is open at this moment; the deadline holds even if the clock has not come round yet."""
        if self.state == "draft":
            raise Refused("Voting on this has not opened yet; the chair or the coordinator opens it.")
        if self.state == "withdrawn":
            raise Refused("This proposal was withdrawn, so there is nothing to vote on any more.")
        if self.state != "open" or now >= self.closes_at:
            raise Refused("Voting on this has closed, so nothing was changed.")

    def check_position(self, word: str, reason: str) -> Position:
        """The position of this word under this rule. Raises Refused for another rule's word, or a missing reason."""
        allowed = POSITIONS[Rule(self.rule)]
        if word not in allowed:
            words = ", ".join(position.value.capitalize() for position in allowed)
            raise Refused(f"Under this rule you can answer {words}.", field="position")
        position = Position(word)
        if position in OBJECTIONS and not reason:
            raise Refused(f"Please say why you {position.value}, so that it can be resolved.", field="reason")
        return position

    def shown_on(self) -> tuple[str, ...]:
        """The subjects whose cards tell how this stands: its own, and that of what it is about."""
        return (self.ref, self.about) if self.about else (self.ref,)

    def terms(self) -> Terms:
        """What the count goes by."""
        return Terms(
            rule=Rule(self.rule),
            base=Base(self.base),
            quorum_number=self.quorum_number,
            quorum_share=self.quorum_share,
            required_sectors=tuple(self.required_sectors),
            unit=self.unit,
        )


class AgreementTheme(Model):
    """A theme that passes with the agreement."""

    __tablename__ = "agreement_themes"
    __table_args__ = (within("agreements", "agreement_id"), within("themes", "theme_id"))

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    agreement_id: Mapped[int] = mapped_column(primary_key=True)
    theme_id: Mapped[int] = mapped_column(primary_key=True)


class Elector(Model):
    """One voter, frozen when voting opened, with its present standing.

    An organisation, or (member_id set) a member. `stance_id` and what follows mirror the stance that
    counts; `rank` tells whether a deputy (1) or the representative (2) took it.
    """

    __tablename__ = "electors"
    __table_args__ = (
        owned(),
        within("agreements", "agreement_id"),
        within("organisations", "organisation_id"),
        within("members", "member_id"),
        Index(
            "uq_electors_organisation",
            "agreement_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("member_id IS NULL"),
            postgresql_where=text("member_id IS NULL"),
        ),
        Index("uq_electors_member", "agreement_id", "member_id", unique=True),
        Index("ix_electors_standing", "partnership_id", "agreement_id", "position", "recused_at", "name"),
        CheckConstraint(f"position IN ({_POSITIONS})", name="position"),
        CheckConstraint("(position IS NULL) = (stance_id IS NULL)", name="position_has_stance"),
        CheckConstraint("position IS NULL OR recused_at IS NULL", name="recused_has_no_position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    agreement_id: Mapped[int]
    organisation_id: Mapped[int]
    member_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    sector: Mapped[str] = mapped_column(String(100), default="")
    required: Mapped[bool] = mapped_column(default=False)
    recused_at: Mapped[datetime.datetime | None]
    position: Mapped[str | None] = mapped_column(String(10))
    stance_id: Mapped[int | None]
    rank: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(default="")
    said_by: Mapped[str] = mapped_column(String(200), default="")
    receipt: Mapped[str] = mapped_column(String(20), default="")

    def take(self, stance: "Stance") -> bool:
        """Let this stance count, unless the representative has spoken and this is a deputy's; tells which."""
        if self.position is not None and stance.rank < self.rank:
            return False
        self.position, self.stance_id, self.rank = stance.position, stance.id, stance.rank
        self.reason, self.said_by, self.receipt = stance.reason, stance.member_name, stance.receipt
        return True

    def clear(self) -> None:
        """No position counts any more: recused, taken back, or asked anew."""
        self.position, self.stance_id, self.rank = None, None, 0
        self.reason, self.said_by, self.receipt = "", "", ""

    def standing(self) -> Standing:
        """What the count needs to know."""
        position = Position(self.position) if self.position else None
        return Standing(self.name, self.sector, position, self.recused_at is not None, self.required)


class Stance(Model):
    """What somebody said for a voter at a moment; never changed, and the last that counts is the voter's."""

    __tablename__ = "stances"
    __table_args__ = (
        within("agreements", "agreement_id"),
        within("electors", "elector_id"),
        within("members", "member_id"),
        CheckConstraint(f"position IN ({_POSITIONS}, 'taken back')", name="position"),
        CheckConstraint("position NOT IN ('object', 'block') OR reason <> ''", name="objection_has_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    agreement_id: Mapped[int] = mapped_column(index=True)
    elector_id: Mapped[int]
    member_id: Mapped[int]
    member_name: Mapped[str] = mapped_column(String(200))
    rank: Mapped[int]
    round: Mapped[int]
    position: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime.datetime]


class Objection(Model):
    """An objection or a block and what became of it: raised, addressed, withdrawn, or stands at the close."""

    __tablename__ = "objections"
    __table_args__ = (
        within("agreements", "agreement_id"),
        within("electors", "elector_id"),
        CheckConstraint("state IN ('raised', 'addressed', 'withdrawn', 'stands')", name="state"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    agreement_id: Mapped[int] = mapped_column(index=True)
    elector_id: Mapped[int]
    round: Mapped[int]
    reason: Mapped[str]
    said_by: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="raised")
    note: Mapped[str] = mapped_column(default="")
    raised_at: Mapped[datetime.datetime]
    settled_at: Mapped[datetime.datetime | None]


class Interest(Model):
    """A declared interest, by which a voter is recused; withdrawn if it was declared in error."""

    __tablename__ = "interests"
    __table_args__ = (
        within("agreements", "agreement_id"),
        within("electors", "elector_id"),
        within("members", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    agreement_id: Mapped[int] = mapped_column(index=True)
    elector_id: Mapped[int]
    member_id: Mapped[int]
    nature: Mapped[str]
    declared_at: Mapped[datetime.datetime]
    withdrawn_at: Mapped[datetime.datetime | None]


class Wording(Model):
    """A text that was put to the vote: the first, and each amended one with what it addresses."""

    __tablename__ = "wordings"
    __table_args__ = (
        within("agreements", "agreement_id"),
        within("members", "member_id"),
        UniqueConstraint("agreement_id", "round"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    agreement_id: Mapped[int]
    round: Mapped[int]
    text: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    member_id: Mapped[int | None]
    at: Mapped[datetime.datetime]
