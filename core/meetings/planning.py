"""Planning meetings, one or a series; everyone whom it concerns is told."""

import dataclasses
import datetime
from collections.abc import Container, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays
from core.commands import Person, Role
from core.db import new_ref
from core.errors import Refused
from core.meetings import queries
from core.meetings.models import Meeting, MeetingSeries
from core.meetings.params import ShowMeeting
from core.meetings.rhythm import AHEAD, MOST, occurrences, papers_due
from core.outbox import announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.actions import next_number
from core.register.actions import append

FEWEST, MOST_MINUTES = 5, 1440
MOST_PAPERS_DAYS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is planned; see `Meeting` for the meaning of each. rule: of a series, else empty."""

    title: str
    starts_at: datetime.datetime
    minutes: int = 120
    way: str = "in person"
    place: str = ""
    link: str = ""
    chair_id: int | None = None
    deputy_id: int | None = None
    group_id: int | None = None
    papers_days: int = 7
    rule: str = ""
    skips_holidays: bool = True


def check_plan(plan: Plan) -> None:
    """Refuse what could never take place. Raises Refused at the field that is wrong."""
    if not FEWEST <= plan.minutes <= MOST_MINUTES:
        raise Refused("Give its length in minutes, from 5 to 1440.", field="minutes")
    if plan.papers_days > MOST_PAPERS_DAYS:
        raise Refused("Papers can be due up to 40 working days before a meeting.", field="papers")
    if plan.chair_id is not None and plan.chair_id == plan.deputy_id:
        raise Refused("Chair and deputy chair are two people. Choose somebody else for one of them.", field="deputy")


async def usual_chair(session: AsyncSession, board: int) -> int | None:
    """The board's chair, who chairs its meetings unless somebody else is named."""
    chairs = await partners.members(session, board, Role.CHAIR)
    return chairs[0].id if chairs else None


async def plan_meetings(session: AsyncSession, plan: Plan, by: Person, now: datetime.datetime) -> list[Meeting]:
    """Write one meeting, or a series as far ahead as it is planned; on record, and the first one in every room.

    Raises Refused for what could never take place, and for a series without any meeting.
    """
    check_plan(plan)
    made = [await write_meeting(session, by.board, plan, now, by.zone)] if not plan.rule else []
    if plan.rule:
        made = await write_series(session, by.board, by.zone, plan, now)
    first = made[0]
    await append(
        session, by.board, "meeting planned" if len(made) == 1 else "meetings planned", subject=first.ref,
        title=first.title, now=now, by=by,
        detail={"starts": first.starts_at.isoformat(), "rule": plan.rule, "number": first.number},
    )  # fmt: skip
    await show_to_all(session, first, now, key=f"card:{first.ref}")
    return made


async def write_series(
    session: AsyncSession, board: int, zone: ZoneInfo, plan: Plan, now: datetime.datetime
) -> list[Meeting]:
    """Write a series and its meetings as far ahead as they are planned, and nothing else.

    Raises Refused for a series without any meeting to come.
    """
    wall = plan.starts_at.astimezone(zone)
    series = MeetingSeries(
        partnership_id=board,
        ref=new_ref("ser"),
        title=plan.title,
        rule=plan.rule,
        begins_on=wall.date(),
        minute=wall.hour * 60 + wall.minute,
        minutes=plan.minutes,
        skips_holidays=plan.skips_holidays,
        papers_days=plan.papers_days,
        way=plan.way,
        place=plan.place,
        link=plan.link,
        chair_id=plan.chair_id,
        deputy_id=plan.deputy_id,
        group_id=plan.group_id,
        planned_to=wall.date() - datetime.timedelta(days=1),
        created_at=now,
    )
    session.add(series)
    await session.flush()
    made = await extend_series(session, series, zone, now)
    if not made:
        raise Refused("This rhythm has no meeting in the year to come. Choose another one, or a later end.")
    return made


async def extend_series(
    session: AsyncSession, series: MeetingSeries, zone: ZoneInfo, now: datetime.datetime
) -> list[Meeting]:
    """Write the meetings of a series that are missing up to `AHEAD`; those that are there, moved or not, stay."""
    until = max(now.astimezone(zone).date(), series.begins_on) + AHEAD
    first = datetime.datetime.combine(series.begins_on, datetime.time(series.minute // 60, series.minute % 60))
    holidays = bank_holidays() if series.skips_holidays else ()
    plan = Plan(
        title=series.title, starts_at=now, minutes=series.minutes, way=series.way, place=series.place,
        link=series.link, chair_id=series.chair_id, deputy_id=series.deputy_id, group_id=series.group_id,
        papers_days=series.papers_days,
    )  # fmt: skip
    here = {each.id for each in await partners.members(session, series.partnership_id)}
    if plan.chair_id is not None and plan.chair_id not in here:  # whoever chaired the series has left the board
        plan = dataclasses.replace(plan, chair_id=await usual_chair(session, series.partnership_id))
    if plan.deputy_id not in here or plan.deputy_id == plan.chair_id:
        plan = dataclasses.replace(plan, deputy_id=None)
    made: list[Meeting] = []
    for day, moment in occurrences(series.rule, first, until, zone, holidays):
        if day <= series.planned_to:
            continue
        if len(made) == MOST:
            until = day - datetime.timedelta(days=1)
            break
        if moment > now:
            this = dataclasses.replace(plan, starts_at=moment)
            made.append(await write_meeting(session, series.partnership_id, this, now, zone, series=series.id, day=day))
    series.planned_to = until
    await session.flush()
    return made


async def write_meeting(
    session: AsyncSession,
    board: int,
    plan: Plan,
    now: datetime.datetime,
    zone: ZoneInfo,
    *,
    series: int | None = None,
    day: datetime.date | None = None,
) -> Meeting:
    """Write one meeting, and nothing else."""
    meeting = Meeting(
        partnership_id=board,
        ref=new_ref("mtg"),
        number=await next_number(session, board, "meeting"),
        title=plan.title,
        series_id=series,
        day=day,
        starts_at=plan.starts_at,
        minutes=plan.minutes,
        way=plan.way,
        place=plan.place,
        link=plan.link,
        chair_id=plan.chair_id,
        deputy_id=plan.deputy_id,
        group_id=plan.group_id,
        papers_days=plan.papers_days,
        papers_due_at=papers_due(plan.starts_at, plan.papers_days, zone, bank_holidays(), now),
        changed_at=now,
        created_at=now,
    )
    session.add(meeting)
    await session.flush()
    await begin_subject(session, board, meeting.ref)
    return meeting


async def show_to_all(
    session: AsyncSession, meeting: Meeting, now: datetime.datetime, *, key: str, but: Container[int] = ()
) -> int:
    """Its live card in every room; a group's, and a board's without rooms, with each person invited.

    but: who has been told already, and needs no second card.
    """
    rooms = tuple(room.id for room in await partners.rooms(session, meeting.partnership_id))
    if meeting.group_id is not None:
        rooms = ()
    people = () if rooms else tuple(each.id for each in await queries.invited(session, meeting) if each.id not in but)
    view = ShowMeeting(meeting.ref)
    await announce(
        session, meeting.partnership_id, view, key=key, now=now, rooms=rooms, members=people, subject=meeting.ref
    )
    return len(rooms)


async def tell(
    session: AsyncSession, meeting: Meeting, say: str, members: Sequence[int], now: datetime.datetime, *, key: str
) -> None:
    """Tell these members what has happened to a meeting, on its live card."""
    view = ShowMeeting(meeting.ref, say[:1000])
    board = meeting.partnership_id
    await announce(session, board, view, key=key, now=now, members=tuple(sorted(members)), subject=meeting.ref)


async def put_on_record(
    session: AsyncSession, meeting: Meeting, kind: str, note: str, by: Person | str, now: datetime.datetime
) -> int:
    """A change of a meeting into the register, and its cards redrawn; its place there is given back."""
    await session.flush()
    entry = await append(
        session, meeting.partnership_id, kind, subject=meeting.ref, title=meeting.title, now=now, by=by,
        detail={"note": note, "number": meeting.number, "starts": meeting.starts_at.isoformat()},
    )  # fmt: skip
    await changed(session, meeting.ref)
    return entry.position


async def series_to_extend(session: AsyncSession, now: datetime.datetime) -> list[tuple[int, str]]:
    """Series whose meetings are not written down far enough ahead any more."""
    far = (now + AHEAD - datetime.timedelta(days=31)).date()
    found = await session.execute(
        select(MeetingSeries.partnership_id, MeetingSeries.ref).where(
            MeetingSeries.ended_at.is_(None), MeetingSeries.planned_to < far
        )
    )
    return [(board, ref) for board, ref in found.tuples()]


async def extend_if_due(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Write a series further; False when somebody else was quicker."""
    found = await session.execute(
        select(MeetingSeries)
        .where(MeetingSeries.partnership_id == board, MeetingSeries.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    series = found.scalar_one()
    if series.ended_at is not None or (board, ref) not in await series_to_extend(session, now):
        return False
    zone = partners.zone_of((await partners.partnership(session, board)).timezone)
    await extend_series(session, series, zone, now)
    return True
