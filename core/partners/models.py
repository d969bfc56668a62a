"""Partnership, organisation, member, identity, room and invitation."""

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within


class Partnership(Model):
    """A board. One server holds many; none ever sees another's."""

    __tablename__ = "partnerships"
    __table_args__ = (CheckConstraint("voting_unit IN ('organisation', 'member')", name="voting_unit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    code: Mapped[str] = mapped_column(String(12))  # stands before register numbers: BPB-2026-014
    name: Mapped[str] = mapped_column(String(200), unique=True)
    place: Mapped[str] = mapped_column(String(200), default="")
    purpose: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str] = mapped_column(String(60), default="Europe/London")
    voting_unit: Mapped[str] = mapped_column(String(12), default="organisation")
    principles: Mapped[list[str]]
    criteria: Mapped[list[Any]]  # [{"name": …, "weight": …}]
    convener: Mapped[str] = mapped_column(String(200), default="")
    people_version: Mapped[int] = mapped_column(default=0, server_default=text("0"))  # counts who came, went, changed
    created_at: Mapped[datetime.datetime]


class Organisation(Model):
    """A partner. `voting` tells whether it has a say in agreements."""

    __tablename__ = "organisations"
    __table_args__ = (owned(), UniqueConstraint("partnership_id", "name"))

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sector: Mapped[str] = mapped_column(String(100), default="")
    voting: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime.datetime]


class Member(Model):
    """A person in an organisation, with one role on this board. Who leaves keeps a history."""

    __tablename__ = "members"
    __table_args__ = (
        owned(),
        within("organisations", "organisation_id"),
        UniqueConstraint("partnership_id", "email"),
        CheckConstraint("role IN ('chair', 'coordinator', 'representative', 'deputy', 'observer')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    organisation_id: Mapped[int] = mapped_column(index=True)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime.datetime]
    left_at: Mapped[datetime.datetime | None]
    erased_at: Mapped[
        datetime.datetime | None
    ]  # who it was is forgotten: the name is a pseudonym, nothing else is left


class Identity(Model):
    """A member's account in one tool. One member may have several; one account is one member of a board.

    `conversation` is the one-to-one chat with the bot, once known; `service_url` and `bot` go with it in Teams.
    `seen_at` tells when the account last acted, so that direct messages go to the tool that the person uses.
    """

    __tablename__ = "identities"
    __table_args__ = (
        within("members", "member_id"),
        UniqueConstraint("partnership_id", "tool", "workspace", "account"),
        Index("ix_identities_account", "tool", "workspace", "account"),
        CheckConstraint("tool IN ('slack', 'teams')", name="tool"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    member_id: Mapped[int] = mapped_column(index=True)
    tool: Mapped[str] = mapped_column(String(10))
    workspace: Mapped[str] = mapped_column(String(100))
    account: Mapped[str] = mapped_column(String(200))
    conversation: Mapped[str] = mapped_column(String(300), default="")
    service_url: Mapped[str] = mapped_column(String(300), default="")
    bot: Mapped[str] = mapped_column(String(100), default="")
    seen_at: Mapped[datetime.datetime | None]
    chosen_at: Mapped[datetime.datetime | None]  # by a person of several boards, when this one was meant
    created_at: Mapped[datetime.datetime]


class Room(Model):
    """A channel or team conversation where the board's cards are shown.

    A conversation belongs to at most one board, so that what is said in it has one meaning. `team`: what the channel
    belongs to in Teams, so that it is lost with it.
    """

    __tablename__ = "rooms"
    __table_args__ = (
        owned(),
        CheckConstraint("tool IN ('slack', 'teams')", name="tool"),
        CheckConstraint("state IN ('connected', 'lost', 'left')", name="state"),
        Index(
            "uq_rooms_connected",
            "tool",
            "workspace",
            "conversation",
            unique=True,
            sqlite_where=text("state <> 'left'"),
            postgresql_where=text("state <> 'left'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), index=True)
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    tool: Mapped[str] = mapped_column(String(10))
    workspace: Mapped[str] = mapped_column(String(100))
    conversation: Mapped[str] = mapped_column(String(300))
    service_url: Mapped[str] = mapped_column(String(300), default="")
    bot: Mapped[str] = mapped_column(String(100), default="")
    team: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))
    state: Mapped[str] = mapped_column(String(10), default="connected")
    created_at: Mapped[datetime.datetime]


class Invitation(Model):
    """A single-use, expiring code for a named member; only its hash is kept."""

    __tablename__ = "invitations"
    __table_args__ = (within("members", "member_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    member_id: Mapped[int]
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]


class Counter(Model):
    """Running numbers of a partnership: agreements, and decisions of each year."""

    __tablename__ = "counters"

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[int]


class Practice(Model):
    """How a board usually decides, and whether home still leads through setting it up; without a row, by consent.

    rule, quorum: what a proposal starts with; the quorum as it is typed, empty for none.
    """

    __tablename__ = "practices"
    __table_args__ = (
        CheckConstraint(
            "rule IN ('consent', 'consensus', 'simple majority', 'two-thirds', 'unanimous', 'advice')", name="rule"
        ),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), primary_key=True, autoincrement=False)
    rule: Mapped[str] = mapped_column(String(20), default="consent")
    quorum: Mapped[str] = mapped_column(String(20), default="")
    guided: Mapped[bool] = mapped_column(default=False)
