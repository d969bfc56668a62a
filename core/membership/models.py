"""Founding codes, wrong guesses, two accounts of one person, and deputies for a while."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, within


class Founding(Model):
    """A single-use, expiring code to found a board; only its hash is kept.

    Whoever redeems it claims it for that account, which may then found one board. `partnership_id` is that board,
    once it is there.
    """

    __tablename__ = "foundings"
    __table_args__ = (
        CheckConstraint("tool IN ('slack', 'teams')", name="tool"),
        CheckConstraint("(claimed_at IS NULL) = (account IS NULL)", name="claimed_by_someone"),
        CheckConstraint("partnership_id IS NULL OR claimed_at IS NOT NULL", name="founded_by_someone"),
        Index("ix_foundings_account", "tool", "workspace", "account"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime.datetime]
    created_at: Mapped[datetime.datetime]
    claimed_at: Mapped[datetime.datetime | None]
    tool: Mapped[str | None] = mapped_column(String(10))
    workspace: Mapped[str | None] = mapped_column(String(100))
    account: Mapped[str | None] = mapped_column(String(200))
    partnership_id: Mapped[int | None] = mapped_column(ForeignKey("partnerships.id"), index=True)


class WrongCode(Model):
    """A code that somebody tried and that was not good; of an account, which may belong to no board at all."""

    __tablename__ = "wrong_codes"
    __table_args__ = (
        CheckConstraint("tool IN ('slack', 'teams')", name="tool"),
        Index("ix_wrong_codes_account", "tool", "workspace", "account", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tool: Mapped[str] = mapped_column(String(10))
    workspace: Mapped[str] = mapped_column(String(100))
    account: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime.datetime]


class Link(Model):
    """A code by which a second account becomes the same person; it is about accounts, so it has no board.

    tool, workspace, account: who asked for it.
    """

    __tablename__ = "links"
    __table_args__ = (CheckConstraint("tool IN ('slack', 'teams')", name="tool"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    tool: Mapped[str] = mapped_column(String(10))
    workspace: Mapped[str] = mapped_column(String(100))
    account: Mapped[str] = mapped_column(String(200))
    expires_at: Mapped[datetime.datetime]
    used_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]


class Cover(Model):
    """An observer who is deputy for a while, and observer again after it.

    state: planned, running, over, or cancelled (called off, or overtaken by another change of role).
    """

    __tablename__ = "covers"
    __table_args__ = (
        within("members", "member_id"),
        CheckConstraint("state IN ('planned', 'running', 'over', 'cancelled')", name="state"),
        CheckConstraint("ends_at > starts_at", name="some_time"),
        Index("ix_covers_state", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    member_id: Mapped[int] = mapped_column(index=True)
    starts_at: Mapped[datetime.datetime]
    ends_at: Mapped[datetime.datetime]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    created_at: Mapped[datetime.datetime]
