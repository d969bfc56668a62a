"""Moving and cancelling meetings, one or what is left of a series; everyone whom it concerns is told."""

import datetime
from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays
from core.commands import Person
from core.errors import Refused
from core.meetings import queries
from core.meetings.models import AHEAD, Meeting, MeetingSeries
from core.meetings.planning import Plan, check_plan, put_on_record, show_to_all, tell
from core.meetings.rhythm import papers_due


async def move(
    session: AsyncSession, meeting: Meeting, plan: Plan, why: str, by: Person, now: datetime.datetime
) -> None:
    """Another time, place or chair; everyone whom it concerns is told, and calendars get the change."""
    meeting.check_ahead()
    check_plan(plan)
    before = (meeting.starts_at, meeting.minutes, meeting.way, meeting.place, meeting.link)
    after = (plan.starts_at, plan.minutes, plan.way, plan.place, plan.link)
    if before == after and (meeting.chair_id, meeting.deputy_id) == (plan.chair_id, plan.deputy_id):
        raise Refused("That is how it is planned already. Change its time or place first.", field="when")
    meeting.starts_at, meeting.minutes, meeting.way, meeting.place, meeting.link = after
    meeting.chair_id, meeting.deputy_id = plan.chair_id, plan.deputy_id
    meeting.papers_due_at = papers_due(meeting.starts_at, meeting.papers_days, by.zone, bank_holidays(), now)
    if before != after:
        meeting.sequence, meeting.changed_at = meeting.sequence + 1, now
    place = await put_on_record(session, meeting, "meeting moved", why, by, now)
    say = f"{by.name} ({by.organisation_name}) changed when or where this meeting is: {why}"
    told = await queries.concerned(session, meeting, but=by.member)
    await tell(session, meeting, say, told, now, key=f"{meeting.ref}:{place}")
    await show_to_all(session, meeting, now, key=f"moved:{meeting.ref}:{place}", but=told)


async def cancel(
    session: AsyncSession, meeting: Meeting, why: str, by: Person, now: datetime.datetime, *, series: bool = False
) -> int:
    """It does not take place, and with `series` none of the later ones either; how many were cancelled."""
    meeting.check_ahead()
    gone, place = [meeting], 0
    if series and meeting.series_id is not None:
        gone += await _end_series(session, meeting, now)
    told: set[int] = set()
    for each in reversed(gone):
        each.state, each.cancelled_why = "cancelled", why
        each.sequence, each.changed_at = each.sequence + 1, now
        told |= set(await queries.concerned(session, each, but=by.member))
        place = await put_on_record(session, each, "meeting cancelled", why, by, now)
    more = f", and the {len(gone) - 1} after it" if len(gone) > 1 else ""
    say = f"{by.name} ({by.organisation_name}) cancelled this meeting{more}: {why}"
    await tell(session, meeting, say, sorted(told), now, key=f"{meeting.ref}:{place}")
    await show_to_all(session, meeting, now, key=f"cancelled:{meeting.ref}:{place}", but=told)
    return len(gone)


async def _end_series(session: AsyncSession, meeting: Meeting, now: datetime.datetime) -> Sequence[Meeting]:
    """No more meetings of its series; those after it, locked: by the day that names each, or by when it is now.

    The series is locked before they are looked for, because the clock may be writing more of them down.
    """
    whole = await session.execute(
        select(MeetingSeries)
        .where(MeetingSeries.partnership_id == meeting.partnership_id, MeetingSeries.id == meeting.series_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    whole.scalar_one().ended_at = now
    later = await session.execute(
        select(Meeting)
        .where(
            Meeting.partnership_id == meeting.partnership_id,
            Meeting.series_id == meeting.series_id,
            Meeting.id != meeting.id,
            or_(Meeting.day > meeting.day, Meeting.starts_at > meeting.starts_at),
            Meeting.state.in_(AHEAD),
        )
        .order_by(Meeting.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return later.scalars().all()
