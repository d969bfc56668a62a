"""From a draft to a poll that stands in the board's rooms: at once, at its hour, or again and again."""

import calendar
import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.calendar import bank_holidays, is_working_day
from core.db import new_ref
from core.outbox import announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.actions import next_number
from core.polls import electorate, queries
from core.polls.counting import Shape, marks_of
from core.polls.drafting import Choice, Draft, Question
from core.polls.models import Poll, PollCount, PollOption, PollQuestion
from core.polls.views import ShowPoll
from core.times import at_wall

DAYS = {"workdays": 1, "weekly": 7, "fortnightly": 14}


async def write_poll(
    session: AsyncSession, board: int, draft: Draft, author: int | None, now: datetime.datetime
) -> Poll:
    """Put a poll on record, scheduled; `open_poll` opens it."""
    poll = Poll(
        partnership_id=board,
        ref=new_ref("pol"),
        number=await next_number(session, board, "poll"),
        title=draft.questions[0].text,
        author_id=author,
        anonymous=draft.anonymous,
        hidden=draft.hidden,
        adding=draft.adding,
        comments=draft.comments,
        unit=draft.unit,
        who=draft.who,
        organisation_id=draft.organisation_id,
        group_id=draft.group_id,
        room_ids=list(draft.room_ids),
        closes_at=draft.closes_at,
        closes_after=draft.closes_after,
        closes_when_all=draft.closes_when_all,
        opens_at=draft.opens_at or now,
        repeats=draft.repeats,
        series=new_ref("ser") if draft.repeats != "no" else None,
        state="scheduled",
        questions=len(draft.questions),
        withdrawn=[],
        created_at=now,
    )
    session.add(poll)
    await session.flush()
    for position, question in enumerate(draft.questions, start=1):
        await _write_question(session, poll, position, question)
    await begin_subject(session, board, poll.ref)
    return poll


async def _write_question(session: AsyncSession, poll: Poll, position: int, question: Question) -> None:
    row = PollQuestion(
        partnership_id=poll.partnership_id,
        poll_id=poll.id,
        position=position,
        text=question.text,
        shape=question.shape.value,
        most=question.most,
    )
    session.add(row)
    await session.flush()
    for choice in question.options:
        await write_option(session, poll, row, choice, None)


async def write_option(
    session: AsyncSession, poll: Poll, question: PollQuestion, choice: Choice, author: int | None
) -> PollOption:
    """Add an option with its counters; the poll's row is locked, or nobody knows of it yet."""
    poll.options += 1
    option = PollOption(
        partnership_id=poll.partnership_id,
        poll_id=poll.id,
        question_id=question.id,
        number=poll.options,
        text=choice.text,
        starts_at=choice.starts_at,
        author_id=author,
    )
    session.add(option)
    await session.flush()
    session.add_all(
        PollCount(partnership_id=poll.partnership_id, poll_id=poll.id, option=option.number, mark=mark, votes=0)
        for mark in marks_of(Shape(question.shape), question.most)
    )
    await session.flush()
    return option


async def open_poll(session: AsyncSession, poll: Poll, now: datetime.datetime) -> int:
    """Open it and post its card; the number of rooms that will show it. A repeating one gets its successor."""
    poll.state, poll.opened_at = "open", now
    poll.electorate = await electorate.entitled(session, poll) or 0
    await changed(session, poll.ref)
    if poll.repeats != "no":
        await _write_next(session, poll, now)
    return await announce_poll(session, poll, now)


async def announce_poll(session: AsyncSession, poll: Poll, now: datetime.datetime) -> int:
    """Post the live card in its rooms; on a board without rooms, to each person who may vote."""
    rooms = tuple(room.id for room in await partners.rooms(session, poll.partnership_id))
    if poll.who == "room":
        rooms = tuple(room for room in rooms if room in poll.room_ids)
    members = () if rooms else tuple(await electorate.silent_members(session, poll))
    await announce(
        session,
        poll.partnership_id,
        ShowPoll(poll.ref),
        key=f"poll:{poll.ref}:{now.isoformat()}",
        now=now,
        rooms=rooms,
        members=members,
        subject=poll.ref,
    )
    return len(rooms)


async def open_if_due(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Open a scheduled poll whose hour has come; False when somebody else was quicker."""
    poll = await queries.find(session, board, ref, to_change=True)
    if poll.state != "scheduled" or poll.opens_at is None or poll.opens_at > now:
        return False
    await open_poll(session, poll, now)
    return True


def following(opens_at: datetime.datetime, repeats: str, zone: ZoneInfo, now: datetime.datetime) -> datetime.datetime:
    """When a repeating poll is asked next after `now`: the same time of day on the zone's clocks, also in summer."""
    first = opens_at.astimezone(zone).replace(tzinfo=None)
    holidays = bank_holidays()
    for count in range(1, 10_000):
        wall = _later(first, repeats, count)
        moment = at_wall(wall, zone)
        if moment > now and (repeats != "workdays" or is_working_day(wall.date(), holidays)):
            return moment
    raise OverflowError(repeats)


def _later(first: datetime.datetime, repeats: str, count: int) -> datetime.datetime:
    """So many steps later; a month that is too short ends on its last day."""
    if repeats in DAYS:
        return first + datetime.timedelta(days=DAYS[repeats] * count)
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return first.replace(year=year, month=month + 1, day=min(first.day, last))


async def _write_next(session: AsyncSession, poll: Poll, now: datetime.datetime) -> None:
    """The same poll once more, scheduled; one occurrence of a series is one row, whoever writes it."""
    zone = partners.zone_of((await partners.partnership(session, poll.partnership_id)).timezone)
    opens_at = following(poll.opens_at or now, poll.repeats, zone, now)
    there = select(Poll.id).where(Poll.series == poll.series, Poll.opens_at == opens_at)
    if (await session.execute(there)).scalar_one_or_none() is not None:
        return
    lasts = poll.closes_at - (poll.opens_at or now) if poll.closes_at else None
    asked = await queries.questions(session, poll)
    options = await queries.options(session, poll)
    draft = Draft(
        questions=tuple(
            Question(
                each.text,
                Shape(each.shape),
                tuple(Choice(o.text, o.starts_at) for o in options if o.question_id == each.id),
                each.most,
            )
            for each in asked
        ),
        anonymous=poll.anonymous,
        hidden=poll.hidden,
        adding=poll.adding,
        comments=poll.comments,
        closes_at=opens_at + lasts if lasts else None,
        closes_after=poll.closes_after,
        closes_when_all=poll.closes_when_all,
        unit=poll.unit,
        who=poll.who,
        organisation_id=poll.organisation_id,
        group_id=poll.group_id,
        room_ids=poll.room_ids,
        opens_at=opens_at,
        repeats=poll.repeats,
    )
    successor = await write_poll(session, poll.partnership_id, draft, poll.author_id, now)
    successor.series = poll.series
    await session.flush()


async def show_what_is_open(
    session: AsyncSession, board: int, now: datetime.datetime, *, room: int | None = None, member: int | None = None
) -> None:
    """Give a room or a person that came later the live cards of all open polls of the board."""
    found = await session.execute(
        select(Poll).where(Poll.partnership_id == board, Poll.state == "open", Poll.who != "room").order_by(Poll.number)
    )
    for poll in found.scalars():
        await announce(
            session,
            board,
            ShowPoll(poll.ref),
            key=f"poll:{poll.ref}:late:{now.isoformat()}",
            now=now,
            rooms=(room,) if room is not None else (),
            members=(member,) if member is not None else (),
            subject=poll.ref,
        )
