"""One occasion, one row: however many servers look, however often, and whatever their clocks do."""

import asyncio
import datetime
from collections.abc import Callable
from datetime import UTC, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Wording
from core.db import open_engine
from core.outbox import Outgoing
from core.partners.models import Partnership
from core.register.seal import Seal
from core.reminders.models import Digest, Occurrence, Rhythm
from core.timekeeper import Timekeeper
from core.transactions import Transactions
from tests.reminders.board import Desk, HandClock, a_desk, many, opens

MONDAY = datetime.datetime(2026, 11, 23, 10, tzinfo=UTC)


async def counts(desk: Desk) -> tuple[int, int, int]:
    """Occasions, messages with reminders, and digests."""

    async def work(session: AsyncSession) -> tuple[int, int, int]:
        occasions = await session.execute(select(func.count()).select_from(Occurrence))
        messages = await session.execute(
            select(func.count()).select_from(Outgoing).where(Outgoing.view == "reminders.card")
        )
        digests = await session.execute(select(func.count()).select_from(Digest))
        return occasions.scalar_one(), messages.scalar_one(), digests.scalar_one()

    return await desk.transactions.read(work)


@pytest.mark.parametrize("boards", [4, pytest.param(20, marks=pytest.mark.faults)])
async def test_three_servers_race_for_the_occasions_of_many_boards(
    boards: int, postgres_migrated_url: str, report: Callable[[str], None]
) -> None:
    url = postgres_migrated_url
    clock = HandClock(MONDAY)
    crowds = [many(50, 0, number=number) for number in range(1, boards + 1)]
    everything = (50 * boards, 50 * boards, boards)
    async with a_desk(url, MONDAY, *crowds, clock=clock) as first:
        for board in range(1, boards + 1):
            await opens(first, board, "Share one venue", MONDAY + timedelta(days=4, hours=7))
        servers = [first.timekeeper]
        others = [Transactions(open_engine(url), info={"seal": Seal(["a key for tests only"])}) for _ in range(2)]
        servers += [Timekeeper(each, clock) for each in others]
        await asyncio.gather(*(server.tick() for server in servers))
        assert await counts(first) == everything
        for _ in range(3):
            clock.at += timedelta(minutes=2)
            await asyncio.gather(*(server.tick() for server in servers))
        assert await counts(first) == everything
        report(f"3 servers, {50 * boards} occasions on {boards} boards: a row and a message each, {boards} digests")
        for each in others:
            await each.close()


async def test_a_clock_two_hours_off_and_back_sends_nothing_twice_and_loses_nothing(migrated_url: str) -> None:
    async with a_desk(migrated_url, MONDAY, many(5, 1)) as desk:
        await opens(desk, 1, "Share one venue", MONDAY + timedelta(days=4, hours=7))  # Friday, 17:00
        for hours in (0, 2, 0, -2, 0, 12, 10, 24 + 23, 24 + 21, 24 + 23, 72, 70, 76):
            desk.clock.at = MONDAY + timedelta(hours=hours)
            await desk.tick()
            await desk.post()
        told = [(each.member, each.args["card"]) for each in desk.reminders]
        assert len(told) == len(set(told))
        # Each of five representatives on Tuesday and on Thursday, each of five deputies on Thursday.
        assert len(told) == 15
        assert (await counts(desk))[0] == 15


@pytest.mark.parametrize(
    ("weekday", "minute", "wanted"),
    [
        (4, 30, "2027-04-29T22:00:00+00:00"),  # Friday, 00:30 is skipped in Cairo: 01:00, the first time that exists
        (3, 23 * 60 + 30, "2026-10-29T20:30:00+00:00"),  # Thursday, 23:30 comes twice: once, the first time
    ],
)
async def test_a_digest_on_a_night_on_which_the_clocks_change_is_one_digest(
    migrated_url: str, weekday: int, minute: int, wanted: str
) -> None:
    """Cairo changes its clocks in nights of working days. Two servers look every half hour."""
    moment = datetime.datetime.fromisoformat(wanted)
    async with a_desk(migrated_url, moment - timedelta(hours=5), many(2, 0)) as desk:

        async def settle_in_cairo(session: AsyncSession) -> None:
            await session.execute(update(Partnership).values(timezone="Africa/Cairo"))
            session.add(Rhythm(partnership_id=1, weekday=weekday, minute=minute))

        await desk.transactions.write(settle_in_cairo)
        other = Timekeeper(desk.transactions, desk.clock)
        while desk.clock.at < moment + timedelta(hours=5):
            desk.clock.at += timedelta(minutes=30)
            await asyncio.gather(desk.tick(), other.tick())

        async def due(session: AsyncSession) -> list[datetime.datetime]:
            return list((await session.execute(select(Digest.due_at))).scalars())

        assert await desk.transactions.read(due) == [moment]


async def test_a_server_that_was_down_for_the_hour_sends_at_the_next_welcome_one(migrated_url: str) -> None:
    async with a_desk(migrated_url, MONDAY, many(2, 0)) as desk:
        await opens(desk, 1, "Share one venue", MONDAY + timedelta(days=4, hours=7))
        await desk.tick()
        desk.clock.at = MONDAY + timedelta(days=1, hours=11)  # Tuesday, 21:00: it was due at 09:00
        await desk.tick()
        await desk.post()
        assert desk.reminders == []
        desk.clock.at = MONDAY + timedelta(days=1, hours=22)  # Wednesday, 08:00
        await desk.post()
        assert len(desk.reminders) == 2


async def test_what_comes_too_late_for_a_card_on_its_way_gets_a_card_of_its_own(migrated_url: str) -> None:
    tuesday = MONDAY + timedelta(hours=23)  # 09:00
    async with a_desk(migrated_url, MONDAY - timedelta(days=3), many(2, 0)) as desk:
        await opens(desk, 1, "Share one venue", MONDAY + timedelta(days=4, hours=7))
        desk.clock.at = tuesday - timedelta(seconds=1)
        await desk.tick()
        await opens(desk, 1, "Share one van", MONDAY + timedelta(days=4, hours=7))

        async def date_back(session: AsyncSession) -> None:
            await session.execute(update(Agreement).values(opened_at=MONDAY))
            await session.execute(update(Wording).values(at=MONDAY))

        await desk.transactions.write(date_back)
        desk.clock.at = tuesday
        await desk.post()  # the card of 09:00 is out
        assert len(desk.reminders) == 2
        desk.timekeeper = Timekeeper(desk.transactions, desk.clock)
        await desk.tick()
        desk.clock.at = tuesday + timedelta(minutes=15)
        await desk.post()
        assert [("Share one van" in str(each.card.blocks)) for each in desk.reminders] == [False, False, True, True]


async def test_an_idle_server_writes_nothing(migrated_url: str) -> None:
    async with a_desk(migrated_url, MONDAY, many(3, 0)) as desk:
        await opens(desk, 1, "Share one venue", MONDAY + timedelta(days=4, hours=7))
        await desk.tick()
        commits: list[int] = []
        desk.transactions.committed = lambda: commits.append(1)
        for _ in range(5):
            desk.clock.at += timedelta(minutes=2)
            await desk.tick()
        assert commits == []
