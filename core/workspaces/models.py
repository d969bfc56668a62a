"""Installations with their encrypted tokens, tenants that boards have allowed, and tenants that have knocked."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, within


class Installation(Model):
    """Folkmoot in one workspace, or in a whole organisation of them. It belongs to no board: one may hold several.

    organisation: whose installation serves this workspace, which then has no token of its own. token: encrypted, and
    gone once the installation has ended. state: installed, revoked (the token is dead), removed (taken out).
    rooms: references of the rooms that were lost when it ended, to be brought back by a new one.
    """

    __tablename__ = "installations"
    __table_args__ = (
        UniqueConstraint("tool", "workspace"),
        CheckConstraint("tool IN ('slack', 'teams')", name="tool"),
        CheckConstraint("state IN ('installed', 'revoked', 'removed')", name="state"),
        CheckConstraint("state = 'installed' OR token = ''", name="ended_without_token"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tool: Mapped[str] = mapped_column(String(10))
    workspace: Mapped[str] = mapped_column(String(100))
    organisation: Mapped[str] = mapped_column(String(100), default="")
    whole: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(200), default="")
    account: Mapped[str] = mapped_column(String(100), default="")
    scopes: Mapped[str] = mapped_column(Text, default="")
    token: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(10), default="installed")
    rooms: Mapped[list[str]]
    installed_at: Mapped[datetime.datetime]
    ended_at: Mapped[datetime.datetime | None]


class AllowedTenant(Model):
    """A tenant whose people this board wants to be heard, besides the operator's own list."""

    __tablename__ = "allowed_tenants"
    __table_args__ = (within("members", "member_id"),)

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), primary_key=True, autoincrement=False)
    tenant: Mapped[str] = mapped_column(String(100), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    member_id: Mapped[int]
    created_at: Mapped[datetime.datetime]


class Knock(Model):
    """A tenant that nobody has allowed and where somebody tried to bring Folkmoot in. Nothing of theirs is kept."""

    __tablename__ = "knocks"

    tenant: Mapped[str] = mapped_column(String(100), primary_key=True)
    first_at: Mapped[datetime.datetime]
    last_at: Mapped[datetime.datetime]
    times: Mapped[int] = mapped_column(default=1, server_default=text("1"))
