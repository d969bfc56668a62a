"""Reminders of a whole board due at one moment: what each costs, how long all take, and what clicks feel of it."""

import asyncio
import contextlib
import datetime
import time
from collections.abc import AsyncIterator

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Wording
from core.outbox import Outgoing
from core.partners.models import Identity, Partnership
from core.reminders.planning import REMINDERS, plan
from core.transactions import Transactions
from tests.bench import boards
from tests.bench.boards import Size
from tests.faults.post import records_of

CROWD = Size("crowd", organisations=50, people=2_000, unit="member")
SPACES = 20
LEAD = 25  # seconds in which the rows are written and the server starts
HOUR = datetime.timedelta(hours=1)


async def write(url: str, vendors: str, tool: str) -> datetime.datetime:
    """A board whose people all live in this tool, in several workspaces; when all of them are to be reminded."""
    await boards.write(url, vendors, CROWD)
    async with records_of(url) as records:
        await records.write(lambda session: _settle(session, vendors, tool))
        due = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=LEAD)  # noqa: TID251 - a real server's
        await records.write(lambda session: _hurry(session, due))
        board = await records.read(_board)
        now = due - datetime.timedelta(seconds=LEAD)
        while await records.write(lambda session: plan(session, board, REMINDERS, now)):
            pass
    return due


async def _board(session: AsyncSession) -> int:
    return (await session.execute(select(Partnership.id))).scalar_one()


async def _settle(session: AsyncSession, vendors: str, tool: str) -> None:
    """One account each, in one of the workspaces, in a chat that is known already."""
    people = (await session.execute(select(Identity).order_by(Identity.id))).scalars().all()
    for number, each in enumerate(people):
        if each.tool != tool:
            await session.delete(each)
            continue
        each.workspace = f"{'T' if tool == 'slack' else 'tenant'}{number % SPACES:02}"
        each.conversation = f"{'D' if tool == 'slack' else 'a:'}{number:06}"
        each.service_url, each.bot = ("", "") if tool == "slack" else (f"{vendors}/connector/", "28:bot")


async def _hurry(session: AsyncSession, due: datetime.datetime) -> None:
    """The vote lasts two hours, so that its only reminder is urgent and comes half way through."""
    await session.execute(update(Agreement).values(opened_at=due - HOUR, closes_at=due + HOUR))
    await session.execute(update(Wording).values(at=due - HOUR))


async def sent(records: Transactions) -> int:
    """How many reminders have gone."""

    async def work(session: AsyncSession) -> int:
        there = select(func.count()).where(Outgoing.view == "reminders.card", Outgoing.state == "sent")
        return (await session.execute(there)).scalar_one()

    return await records.read(work)


async def wait_for(due: datetime.datetime) -> None:
    """Until that moment."""
    left = due - datetime.datetime.now(datetime.UTC)  # noqa: TID251 - a real server's
    await asyncio.sleep(max(0.0, left.total_seconds()))


@contextlib.asynccontextmanager
async def counting(url: str) -> AsyncIterator[Transactions]:
    """The database, to count in."""
    async with records_of(url) as records:
        yield records


async def all_sent(records: Transactions, seconds: float) -> float:
    """Wait until all have gone; how long it took. Raises RuntimeError."""
    began = time.perf_counter()
    while await sent(records) < CROWD.people:
        if time.perf_counter() - began > seconds:
            raise RuntimeError(f"{await sent(records)} of {CROWD.people} reminders after {seconds} s")
        await asyncio.sleep(0.1)
    return time.perf_counter() - began
