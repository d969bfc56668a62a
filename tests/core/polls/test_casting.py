"""Votes that come together: each counted once, in order, and never after the close."""

import asyncio
import random

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.polls import closing, pictures, queries
from core.polls.casting import Taken
from core.polls.counting import Shape
from core.polls.models import PollVoter
from core.register.actions import CLOCK
from tests.core.polls.board import NOW, Desk, a_desk, one


async def voters(desk: Desk) -> int:
    """How many rows of voters there are."""

    async def work(session: AsyncSession) -> int:
        return (await session.execute(select(func.count()).select_from(PollVoter))).scalar_one()

    found: int = await desk.records.read(work)
    return found


async def test_whoever_presses_two_options_at_once_has_one_vote(migrated_url: str) -> None:
    async with a_desk(migrated_url) as desk:
        poll = await desk.asks(one("Tue", "Wed", "Thu"))
        presses = [desk.press(who, poll, option) for who in range(8) for option in (1, 2, 3)]
        random.Random(7).shuffle(presses)
        await asyncio.gather(*(desk.cast(each) for each in presses))
        await desk.cast(*presses)  # and once more in one go
        assert await voters(desk) == 8 == (await desk.poll(poll)).voters
        assert sum((await desk.standing(poll)).values()) == 8


async def test_kept_counters_are_what_the_ballots_say(migrated_url: str) -> None:
    chance = random.Random(3)
    async with a_desk(migrated_url) as desk:
        poll = await desk.asks(one(*"ABCDE", shape=Shape.SEVERAL, most=3))
        for _ in range(12):
            some = [desk.press(chance.randrange(8), poll, chance.randint(1, 5)) for _ in range(chance.randint(1, 9))]
            await desk.cast(*some)
            picture = await desk.records.read(lambda session: pictures.picture(session, 1, poll, everyone=True))
            assert picture is not None
            ballots = [voted.marks for voted in picture.voted]
            counted = {option: sum(option in marks for marks in ballots) for option in range(1, 6)}
            assert await desk.standing(poll) == counted
            assert all(1 <= len(marks) <= 3 for marks in ballots)
            assert len(ballots) == picture.poll.voters


async def test_no_vote_is_taken_behind_a_closing(migrated_url: str) -> None:
    async with a_desk(migrated_url) as desk:
        for _ in range(6):
            poll = await desk.asks(one("Yes", "No"))

            async def close(session: AsyncSession, poll: str = poll) -> int:
                found = await queries.find(session, 1, poll, to_change=True)
                await closing.close(session, found, CLOCK, NOW)
                return found.voters

            presses = [desk.cast(desk.press(who, poll, 1 + who % 2)) for who in range(8)]
            closed = desk.do(close)
            done = await asyncio.gather(*presses[:4], closed, *presses[4:])
            announced = done.pop(4)
            taken = [each for (each,) in done if isinstance(each, Taken)]
            late = [each for (each,) in done if isinstance(each, Refused)]
            assert len(taken) == announced == (await desk.poll(poll)).voters
            assert all("This poll has closed" in each.sentence for each in late)
            assert sum((await desk.standing(poll)).values()) == announced


async def test_the_last_vote_that_is_waited_for_shuts_out_the_one_behind_it(migrated_url: str) -> None:
    async with a_desk(migrated_url) as desk:
        poll = await desk.asks(one("Yes", "No"), closes_after=3)
        taken = await desk.cast(*(desk.press(who, poll, 1) for who in range(5)))
        assert [isinstance(each, Taken) for each in taken] == [True, True, True, False, False]
        assert isinstance(taken[2], Taken) and taken[2].full


async def test_what_one_press_cannot_say_is_not_said_by_it(migrated_url: str) -> None:
    async with a_desk(migrated_url) as desk:
        ranked = await desk.asks(one("A", "B", shape=Shape.RANKED, most=2))
        secret = await desk.asks(one("A", "B", shape=Shape.SEVERAL), anonymous=True)
        simple = await desk.asks(one("A", "B"))
        for poll, option in ((ranked, 1), (secret, 1), (simple, 0), (simple, 3), ("pol_nothing", 1)):
            (refused,) = await desk.cast(desk.press(0, poll, option))
            assert isinstance(refused, Refused)
        assert await voters(desk) == 0
