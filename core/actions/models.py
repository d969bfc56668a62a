"""An action: a promise with an owner and a date, and what it waits for."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within
from core.errors import Refused

STATES = ("open", "in progress", "blocked", "done", "dropped")
ALIVE = ("open", "in progress", "blocked")
REPEATS = ("", "weekly", "fortnightly", "monthly", "quarterly")
_ALIVE = ", ".join(f"'{state}'" for state in ALIVE)


class Action(Model):
    """What somebody promised to do for the board.

    owner_id: the member who promised; none while nobody has taken it (declined, left). organisation_id: whose promise
    it is. offered_to_id: asked to take it over and not yet answered. accepted_at: empty until the owner has said yes.
    promised_on: the first date that was promised; due_on: the one that holds now. source: the reference of what it
    came from (item, priority, agreement, action), link: the message it came from. folded: its words for searching.
    """

    __tablename__ = "actions"
    __table_args__ = (
        owned(),
        within("members", "owner_id"),
        within("members", "offered_to_id"),
        within("members", "created_by_id"),
        within("organisations", "organisation_id"),
        within("organisations", "blocked_by_id"),
        within("themes", "theme_id"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"),
        CheckConstraint("level IN ('system', 'local')", name="level"),
        CheckConstraint(f"repeats IN ({', '.join(repr(each) for each in REPEATS)})", name="repeats"),
        CheckConstraint("(state IN ('done', 'dropped')) = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint("state <> 'done' OR outcome <> ''", name="done_has_outcome"),
        CheckConstraint("(state = 'blocked') = (blocked_why <> '')", name="blocked_has_reason"),
        CheckConstraint("state IN ('open', 'dropped') OR accepted_at IS NOT NULL", name="begun_is_accepted"),
        CheckConstraint("accepted_at IS NULL OR owner_id IS NOT NULL", name="accepted_has_owner"),
        CheckConstraint("offered_to_id IS NULL OR offered_to_id <> owner_id", name="offered_to_another"),
        Index("ix_actions_partnership_id_due_on_id", "partnership_id", "due_on", "id"),
        Index("ix_actions_owner_id_due_on", "owner_id", "due_on"),
        Index("ix_actions_offered_to_id", "offered_to_id"),
        Index("ix_actions_organisation_id_due_on_id", "organisation_id", "due_on", "id"),
        Index("ix_actions_theme_id_due_on_id", "theme_id", "due_on", "id"),
        Index("ix_actions_source", "source"),
        Index(
            "ix_actions_alive",
            "due_on",
            "partnership_id",
            sqlite_where=text(f"state IN ({_ALIVE})"),
            postgresql_where=text(f"state IN ({_ALIVE})"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(default="")
    owner_id: Mapped[int | None]
    offered_to_id: Mapped[int | None]
    organisation_id: Mapped[int]
    theme_id: Mapped[int | None]
    level: Mapped[str] = mapped_column(String(6), default="system")
    place: Mapped[str] = mapped_column(String(200), default="")
    due_on: Mapped[datetime.date]
    promised_on: Mapped[datetime.date]
    state: Mapped[str] = mapped_column(String(12), default="open")
    accepted_at: Mapped[datetime.datetime | None]
    blocked_why: Mapped[str] = mapped_column(default="")
    blocked_by_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    noted_at: Mapped[datetime.datetime | None]
    outcome: Mapped[str] = mapped_column(default="")
    repeats: Mapped[str] = mapped_column(String(12), default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    created_by_id: Mapped[int | None]
    created_at: Mapped[datetime.datetime]
    closed_on: Mapped[datetime.date | None]
    folded: Mapped[str] = mapped_column(default="")

    def check_alive(self) -> None:
        """Refuse what can only be done to an action that is not yet done or dropped."""
        if self.state not in ALIVE:
            raise Refused(f"This action is {self.state} already. Reopen it first if there is more to do.")

    def is_late(self, today: datetime.date) -> bool:
        """Whether its date has passed and it is neither done nor dropped."""
        return self.state in ALIVE and self.due_on < today


class ActionNeed(Model):
    """An action that has to wait for another one."""

    __tablename__ = "action_needs"
    __table_args__ = (
        within("actions", "action_id"),
        within("actions", "needs_id"),
        CheckConstraint("action_id <> needs_id", name="not_itself"),
        Index("ix_action_needs_needs_id", "needs_id"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    action_id: Mapped[int] = mapped_column(primary_key=True)
    needs_id: Mapped[int] = mapped_column(primary_key=True)
