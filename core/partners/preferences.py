"""How people want to be reached, and on which clocks they read the time."""

import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from core.calendar import Quiet
from core.commands import Person
from core.db import Model, within


def clock_time(minutes: int) -> datetime.time:
    """A time of day from minutes since midnight."""
    return datetime.time(minutes // 60, minutes % 60)


class Preference(Model):
    """How a member wants reminders; without a row, the defaults.

    quiet_from, quiet_to: minutes since midnight on the member's clocks. digest: daily (reminders as they fall
    due, on one card a day), weekly (only Monday's digest and what is urgent), off. zone: empty for the board's.
    """

    __tablename__ = "reminder_preferences"
    __table_args__ = (
        within("members", "member_id"),
        CheckConstraint("digest IN ('daily', 'weekly', 'off')", name="digest"),
        CheckConstraint("quiet_from BETWEEN 0 AND 1439", name="quiet_from"),
        CheckConstraint("quiet_to BETWEEN 0 AND 1439", name="quiet_to"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    quiet_from: Mapped[int] = mapped_column(default=18 * 60)
    quiet_to: Mapped[int] = mapped_column(default=8 * 60)
    digest: Mapped[str] = mapped_column(String(6), default="daily")
    paused_until: Mapped[datetime.datetime | None]
    zone: Mapped[str] = mapped_column(String(60), default="")

    @property
    def quiet(self) -> Quiet:
        """The hours in which this member is left alone."""
        return Quiet(clock_time(self.quiet_from), clock_time(self.quiet_to))

    def is_away(self, now: datetime.datetime) -> bool:
        """Whether reminders are paused."""
        return self.paused_until is not None and self.paused_until > now


async def own_zone(session: AsyncSession, person: Person) -> ZoneInfo:
    """The clocks by which this person lives: those that he or she has set, else the board's."""
    found = await session.execute(
        select(Preference.zone).where(Preference.partnership_id == person.board, Preference.member_id == person.member)
    )
    own = found.scalar_one_or_none()
    return ZoneInfo(own) if own else person.zone
