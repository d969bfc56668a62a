"""What waits for a person in open polls, and the one reminder before a poll closes."""

import datetime
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import is_working_day, working_day_before
from core.cards import Bold, Button, Line
from core.commands import Person, Sight
from core.concerns import MORNING, Concern, Entry, Frame, News, Reminder
from core.polls import electorate
from core.polls.models import Poll
from core.polls.views import ListPolls, ShowPoll
from core.times import at_wall, say_left, say_moment

LEAST = timedelta(hours=24)
"""A poll that is open for less is over before a reminder would help."""
FARTHEST = timedelta(days=14)


def reminder_at(poll: Poll, frame: Frame) -> datetime.datetime | None:
    """The morning of the close, or of the last working day before; None for a poll that is too short for it."""
    if poll.closes_at is None or poll.opened_at is None or poll.closes_at - poll.opened_at < LEAST:
        return None
    closing = poll.closes_at.astimezone(frame.zone).date()
    morning = at_wall(datetime.datetime.combine(closing, MORNING), frame.zone)
    if not is_working_day(closing, frame.holidays) or poll.closes_at - morning < timedelta(hours=2):
        day = working_day_before(closing, 1, frame.holidays)
        morning = at_wall(datetime.datetime.combine(day, MORNING), frame.zone)
    return morning if morning > poll.opened_at else None


async def boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    """The partnerships with an open poll that closes soon enough for a reminder in this span."""
    found = await session.execute(
        select(Poll.partnership_id)
        .where(Poll.state == "open", Poll.who != "room", Poll.closes_at > start, Poll.closes_at < end + FARTHEST)
        .distinct()
    )
    return found.scalars().all()


async def due_reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> list[Reminder]:
    """For each open poll that is about to close, those who may vote and have not."""
    found = await session.execute(
        select(Poll)
        .where(
            Poll.partnership_id == board,
            Poll.state == "open",
            Poll.who != "room",
            Poll.closes_at > start,
            Poll.closes_at < end + FARTHEST,
        )
        .order_by(Poll.id)
    )
    wanted = []
    for poll in found.scalars():
        when = reminder_at(poll, frame)
        if poll.closes_at is None or when is None or when >= end or when < start - timedelta(hours=12):
            continue
        wanted += [
            Reminder(who, poll.ref, _step(poll), when, poll.closes_at)
            for who in await electorate.silent_members(session, poll)
            if who not in frame.away
        ]
    return wanted


def _step(poll: Poll) -> str:
    """Names the occasion; a moved close makes it another one."""
    return f"{poll.closes_at:%Y%m%dT%H%M%SZ}" if poll.closes_at else ""


async def entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    """What this person is told of a poll; None once it has closed, moved or been answered."""
    query = select(Poll).where(Poll.partnership_id == sight.board, Poll.ref == what)
    poll = (await sight.session.execute(query)).scalar_one_or_none()
    if poll is None or poll.state != "open" or _step(poll) != step:
        return None
    if poll.closes_at is not None and poll.closes_at <= sight.now:
        return None
    groups = await electorate.groups_for(sight.session, poll, person)
    if (
        electorate.why_not(poll, person, None, groups)
        or await electorate.voter_of(sight.session, poll, person) is not None
    ):
        return None
    return _entry(poll, person, sight.now)


def _entry(poll: Poll, person: Person, now: datetime.datetime) -> Entry:
    who = f"{person.organisation_name} has" if poll.unit == "organisation" else "you have"
    ends = ""
    if poll.closes_at is not None:
        ends = f" It closes {say_left(poll.closes_at, now)}, {say_moment(poll.closes_at, person.zone)}."
    line: Line = (Bold(poll.title), f" — a poll in which {who} not voted yet.{ends}")
    return Entry(line, (Button("Look at it", ShowPoll(poll.ref)),))


async def waiting(sight: Sight, person: Person) -> list[Entry]:
    """The open polls in which this person may vote and has not, the soonest to close first."""
    found = await electorate.waiting_for(sight.session, person)
    return [_entry(poll, person, sight.now) for poll in found if poll.closes_at is None or poll.closes_at > sight.now]


async def news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    """Open polls, for the week's digest."""
    query = select(Poll).where(Poll.partnership_id == sight.board, Poll.state == "open").order_by(Poll.number)
    waits: list[Line] = []
    for poll in (await sight.session.execute(query)).scalars():
        ends = f"closes {say_moment(poll.closes_at, zone)}" if poll.closes_at else "open until it is closed by hand"
        waits.append((Bold(poll.title), f" — a poll, {ends}; {poll.voters:,} voted."))
    return News(tuple(waits), more=Button("Polls", ListPolls("open")))


CONCERN = Concern(name="polls", boards=boards, due_reminders=due_reminders, entry=entry, waiting=waiting, news=news)
