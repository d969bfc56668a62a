"""Two people at one meeting at the same moment, on two servers: one does it, the other hears what has become of it."""

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.db import open_engine
from core.errors import Refused
from core.meetings import agenda, changing, planning
from core.meetings import queries as meetings
from core.meetings.agenda_models import AgendaEntry
from core.meetings.gathering import Wanted
from core.meetings.models import Meeting, MeetingSeries
from core.meetings.planning import Plan
from core.minutes import recording, session
from core.minutes.session import Sitting
from core.polls.closing import close
from core.polls.counting import Shape
from core.polls.drafting import Choice, Draft, Question
from core.polls.models import Poll
from core.polls.opening import open_poll, write_poll
from core.polls.queries import find as find_poll
from core.transactions import Transactions
from tests.reminders.board import Desk, a_desk, many, people

START = datetime.datetime(2027, 1, 12, 9, 50, tzinfo=UTC)
Work = Callable[[AsyncSession], Awaitable[Any]]


async def together(desk: Desk, url: str, one: Work, two: Work) -> list[Any]:
    """Both at once, each on a server of its own; what each gave, or what it was refused."""
    other = Transactions(open_engine(url), info=desk.transactions._info)
    try:
        return list(await asyncio.gather(desk.transactions.write(one), other.write(two), return_exceptions=True))
    finally:
        await other.close()


async def test_a_correction_is_settled_once(migrated_url: str) -> None:
    async with a_desk(migrated_url, START, many(2)) as desk:
        me, other = (await people(desk, 1))[:2]
        ref = await desk.transactions.write(lambda session_: circulated(session_, me))
        asked = await desk.transactions.write(lambda session_: ask(session_, ref, other))

        async def settle(session_: AsyncSession, state: str) -> None:
            correction, meeting = await recording.find_correction(session_, me.board, asked)
            await asyncio.sleep(0.05)
            await recording.settle(Sitting(session_, meeting, me, START), correction, state, "It was so.")

        done = await together(desk, migrated_url, lambda s: settle(s, "made"), lambda s: settle(s, "not made"))
        refused = [each for each in done if isinstance(each, Refused)]
        assert (done.count(None), [each.sentence for each in refused]) == (
            1,
            ["What came of this correction was said already."],
        )


async def test_a_poll_is_closed_once_when_its_meeting_ends(migrated_url: str) -> None:
    async with a_desk(migrated_url, START, many(2)) as desk:
        me = (await people(desk, 1))[0]
        ref, polls = await desk.transactions.write(lambda session_: with_polls(session_, me))

        async def end(session_: AsyncSession) -> int:
            meeting = await meetings.find(session_, me.board, ref, to_change=True)
            return await recording.finish(Sitting(session_, meeting, me, START))

        async def close_second(session_: AsyncSession) -> None:
            poll = await find_poll(session_, me.board, polls[1], to_change=True)
            await asyncio.sleep(0.05)
            await close(session_, poll, me, START)

        ended, closed = await together(desk, migrated_url, end, close_second)
        assert ended == 0
        assert closed is None or isinstance(closed, Refused)
        found = await desk.transactions.read(lambda session_: session_.execute(select(Poll.state)))
        assert found.scalars().all() == ["closed", "closed"]


async def test_an_entry_that_two_leave_to_other_meetings_is_on_one(migrated_url: str) -> None:
    async with a_desk(migrated_url, START, many(1)) as desk:
        me = (await people(desk, 1))[0]
        refs = [await desk.transactions.write(lambda session_: planned(session_, me)) for _ in range(2)]

        async def fill(session_: AsyncSession) -> str:
            meeting = await meetings.find(session_, me.board, refs[0])
            return (await agenda.add(session_, meeting, Wanted(title="Lamps"), START)).ref

        entry_ref = await desk.transactions.write(fill)

        async def leave(session_: AsyncSession) -> None:
            entry, meeting = await agenda.find_entry(session_, me.board, entry_ref, to_change=True)
            to = await meetings.find(session_, me.board, refs[1], to_change=True)
            await asyncio.sleep(0.05)
            await agenda.leave_to(session_, entry, meeting, to)

        done = await together(desk, migrated_url, leave, leave)
        assert sum(isinstance(each, Refused) for each in done) == 1, done
        rows = await desk.transactions.read(
            lambda session_: session_.execute(select(AgendaEntry.position, AgendaEntry.meeting_id))
        )
        assert rows.tuples().all() == [(1, 2)]


async def test_a_series_that_is_cancelled_is_not_written_on(migrated_url: str) -> None:
    async with a_desk(migrated_url, START, many(1)) as desk:
        me = (await people(desk, 1))[0]
        plan = Plan(title="Board", starts_at=START + timedelta(days=3), rule="FREQ=MONTHLY;BYMONTHDAY=15")
        made = await desk.transactions.write(lambda s: planning.plan_meetings(s, plan, me, START))
        series = (await desk.transactions.read(lambda s: s.execute(select(MeetingSeries.ref)))).scalar_one()
        later = START + timedelta(days=120)

        async def write_on(session_: AsyncSession) -> bool:
            done = await planning.extend_if_due(session_, me.board, series, later)
            await asyncio.sleep(0.05)
            return done

        async def cancel(session_: AsyncSession) -> int:
            meeting = await meetings.find(session_, me.board, made[5].ref, to_change=True)
            return await changing.cancel(session_, meeting, "No money.", me, later, series=True)

        await together(desk, migrated_url, write_on, cancel)
        found = await desk.transactions.read(
            lambda s: s.execute(select(Meeting.day).where(Meeting.state == "planned").order_by(Meeting.day))
        )
        assert found.scalars().all()[-1] == made[4].day


async def test_all_that_come_after_are_cancelled_wherever_they_were_moved(migrated_url: str) -> None:
    async with a_desk(migrated_url, START, many(1)) as desk:
        me = (await people(desk, 1))[0]
        plan = Plan(title="Board", starts_at=START + timedelta(days=3), rule="FREQ=MONTHLY;BYMONTHDAY=15")

        async def work(session_: AsyncSession) -> list[str]:
            made = await planning.plan_meetings(session_, plan, me, START)
            early = Plan(title="", starts_at=made[1].starts_at - timedelta(days=1))
            await changing.move(session_, made[4], early, "The hall is free.", me, START)
            late = Plan(title="", starts_at=made[6].starts_at + timedelta(days=1))
            await changing.move(session_, made[0], late, "The hall is taken.", me, START)
            await changing.cancel(session_, made[2], "No money.", me, START, series=True)
            return [each.state for each in made]

        states = await desk.transactions.write(work)
        assert states == ["cancelled", "planned", *["cancelled"] * (len(states) - 2)]


async def planned(session_: AsyncSession, me: Person) -> str:
    plan = Plan(title="Board", starts_at=START + timedelta(minutes=10), chair_id=me.member)
    return (await planning.plan_meetings(session_, plan, me, START))[0].ref


async def begun(session_: AsyncSession, me: Person) -> Sitting:
    meeting = await meetings.find(session_, me.board, await planned(session_, me), to_change=True)
    sitting = Sitting(session_, meeting, me, START)
    await session.begin(sitting)
    return sitting


async def circulated(session_: AsyncSession, me: Person) -> str:
    sitting = await begun(session_, me)
    await recording.finish(sitting)
    await recording.circulate(sitting)
    return sitting.meeting.ref


async def ask(session_: AsyncSession, ref: str, by: Person) -> str:
    meeting = await meetings.find(session_, by.board, ref, to_change=True)
    return (await recording.ask_correction(Sitting(session_, meeting, by, START), "It was June.")).ref


async def with_polls(session_: AsyncSession, me: Person) -> tuple[str, list[str]]:
    sitting = await begun(session_, me)
    refs = []
    for title in ("Where?", "When?"):
        draft = Draft(questions=(Question(title, Shape.ONE, (Choice("Here"), Choice("There"))),))
        poll = await write_poll(session_, me.board, draft, me.member, START)
        await open_poll(session_, poll, START)
        await sitting.note("poll", title, about=poll.ref)
        refs.append(poll.ref)
    return sitting.meeting.ref, refs
