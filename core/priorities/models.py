"""A priority of the pipeline, the steps that it has taken, what members think it is worth, and its group."""

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within
from core.errors import Refused

STAGES = ("proposed", "discovery", "mapping", "system action", "local action", "complete")
RESTING = ("paused", "dropped")
ALIVE = STAGES[:-1]
_STAGES = ", ".join(repr(stage) for stage in (*STAGES, *RESTING))
_KINDS = "'on', 'back', 'paused', 'resumed', 'dropped', 'reopened'"


class Priority(Model):
    """An agreed piece of work.

    stage: where it stands; rested_from: the stage that a paused or dropped one goes back to. sponsor_id: the
    organisation that answers for it, lead_id: the person who leads it. scoring: open until every organisation has
    scored it or the chair has ended that; score: the weighted average of 0 to 5, once it may be seen.
    source: the reference of what it came from.
    """

    __tablename__ = "priorities"
    __table_args__ = (
        owned(),
        within("organisations", "sponsor_id"),
        within("members", "lead_id"),
        within("members", "proposer_id"),
        within("themes", "theme_id"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint(f"stage IN ({_STAGES})", name="stage"),
        CheckConstraint("(stage IN ('paused', 'dropped')) = (rested_from IS NOT NULL)", name="rested_from"),
        CheckConstraint("score IS NULL OR (score >= 0 AND score <= 5)", name="score"),
        CheckConstraint("score IS NULL OR scoring = false", name="scored_when_closed"),
        Index("ix_priorities_partnership_id_stage_id", "partnership_id", "stage", "id"),
        Index("ix_priorities_source", "source"),
        Index("ix_priorities_theme_id_id", "theme_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(default="")
    theme_id: Mapped[int | None]
    sponsor_id: Mapped[int | None]
    lead_id: Mapped[int | None]
    proposer_id: Mapped[int | None]
    places: Mapped[list[str]]
    stage: Mapped[str] = mapped_column(String(14), default="proposed")
    rested_from: Mapped[str | None] = mapped_column(String(14))
    stage_at: Mapped[datetime.datetime]
    scoring: Mapped[bool] = mapped_column(default=True)
    score: Mapped[float | None]
    outcome: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[datetime.datetime]
    folded: Mapped[str] = mapped_column(default="")

    def next_stage(self) -> str:
        """The stage that comes next. Raises Refused where there is none."""
        if self.stage == "complete":
            raise Refused("This priority is complete already. Reopen it if there is more to do.")
        if self.stage in RESTING:
            raise Refused(f"This priority is {self.stage}. Take it up again first.")
        return STAGES[STAGES.index(self.stage) + 1]

    def check_at(self, stage: str) -> None:
        """Refuse a step that begins at another stage than where this stands."""
        following = self.next_stage()
        if self.stage != stage:
            raise Refused(f"This priority is at {self.stage}, and the next step is {following}. Open its card anew.")


class PriorityStep(Model):
    """A step of a priority: on through a gate with its evidence, back, to rest, or up again, with who and why."""

    __tablename__ = "priority_steps"
    __table_args__ = (
        within("priorities", "priority_id"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
        CheckConstraint("kind NOT IN ('back', 'paused', 'dropped', 'reopened') OR why <> ''", name="why"),
        Index("ix_priority_steps_priority_id", "priority_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    priority_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[str] = mapped_column(String(14))
    ended_at: Mapped[str] = mapped_column(String(14))
    evidence: Mapped[dict[str, Any]]
    links: Mapped[list[str]]
    why: Mapped[str] = mapped_column(default="")
    by: Mapped[str] = mapped_column(String(420))
    at: Mapped[datetime.datetime]


class PriorityScore(Model):
    """What one member thinks a priority is worth, by criterion, 0 to 5."""

    __tablename__ = "priority_scores"
    __table_args__ = (
        within("priorities", "priority_id"),
        within("members", "member_id"),
        within("organisations", "organisation_id"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    priority_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int]
    points: Mapped[dict[str, Any]]
    at: Mapped[datetime.datetime]


class TaskGroup(Model):
    """A task and finish group: people with a remit and an end; it advises and takes no decisions for the board."""

    __tablename__ = "task_groups"
    __table_args__ = (
        owned(),
        within("priorities", "priority_id"),
        UniqueConstraint("partnership_id", "number"),
        Index("ix_task_groups_priority_id", "priority_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    priority_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(200))
    remit: Mapped[str]
    ends_on: Mapped[datetime.date]
    ended_at: Mapped[datetime.datetime | None]
    report: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime.datetime]


class TaskGroupMember(Model):
    """A member of a task and finish group."""

    __tablename__ = "task_group_members"
    __table_args__ = (within("task_groups", "group_id"), within("members", "member_id"))

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    group_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
