"""Which reminders there are, how each person wants them, and when each board's digest goes out."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, within
from core.partners.preferences import Preference, clock_time

__all__ = ["Digest", "Occurrence", "Preference", "Rhythm", "clock_time"]


class Occurrence(Model):
    """One occasion on which one member is reminded of one thing; the key makes it one, whoever finds it first.

    Those of one member that fall due together share a card: `card` names it, and the Outgoing row that brings it.
    """

    __tablename__ = "reminders"
    __table_args__ = (
        within("members", "member_id"),
        Index("ix_reminders_card", "card"),
        Index("ix_reminders_member_id_due_at", "member_id", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), index=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    member_id: Mapped[int]
    concern: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(40))
    step: Mapped[str] = mapped_column(String(60))
    card: Mapped[str] = mapped_column(String(40))
    due_at: Mapped[datetime.datetime]
    until: Mapped[datetime.datetime]
    urgent: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime.datetime]


class Rhythm(Model):
    """When a board's digest goes out; without a row, on Mondays at 09:00.

    weekday: 0 is Monday, None is never. minute: since midnight on the board's clocks. holidays: the part of the
    United Kingdom whose bank holidays the board keeps.
    """

    __tablename__ = "digest_rhythms"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 4", name="weekday"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("holidays IN ('ENG', 'WLS', 'SCT', 'NIR')", name="holidays"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), primary_key=True, autoincrement=False)
    weekday: Mapped[int | None] = mapped_column(default=0)
    minute: Mapped[int] = mapped_column(default=9 * 60)
    holidays: Mapped[str] = mapped_column(String(3), default="ENG")


class Digest(Model):
    """One digest of one board: `day` is the day that its rhythm names, `due_at` when it goes out."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("partnership_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    day: Mapped[datetime.date]
    due_at: Mapped[datetime.datetime]
    created_at: Mapped[datetime.datetime]
