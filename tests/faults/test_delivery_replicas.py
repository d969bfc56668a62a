"""Three replicas plan and send the same thousand reminders, and every two seconds one of them is killed."""

import asyncio
import contextlib
import datetime
import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import opening
from core.agreements.models import Agreement, Wording
from core.outbox import Outgoing
from core.partners.models import Member, Partnership
from core.reminders.models import Occurrence
from core.transactions import Transactions
from tests.faults import post
from tests.faults.platforms import Arrived, Platforms, platforms
from tests.world import free_port

SPACES = [("slack", 1), ("teams", 2), ("slack", 3), ("teams", 4)]
HOUR = datetime.timedelta(hours=1)


async def write_occasions(records: Transactions, both: Platforms, each: int, due_in: float) -> datetime.datetime:
    """A board of members who all vote, and a vote so short that its only reminder comes at any hour; when that is due.

    It is due an hour before the close, because the vote lasts two hours (core/agreements/reminding.py).
    """
    people = await records.write(lambda session: post.write_people(session, both, SPACES, each))
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - real servers go by the real clock
    due = now + datetime.timedelta(seconds=due_in)

    async def work(session: AsyncSession) -> None:
        board = (await session.execute(select(Member.partnership_id).where(Member.id == people[0]))).scalar_one()
        await session.execute(update(Partnership).values(voting_unit="member"))
        draft = opening.Draft(title="Share one venue", closes_at=due + HOUR)
        await opening.open_voting(session, await opening.write_draft(session, board, draft, None, now), "a test", now)
        await session.execute(update(Agreement).values(opened_at=due - HOUR))
        await session.execute(update(Wording).values(at=due - HOUR))

    await records.write(work)
    return due


async def planned_and_sent(records: Transactions) -> tuple[int, int]:
    """How many occasions have a row, and how many of their messages are marked as sent."""

    async def work(session: AsyncSession) -> tuple[int, int]:
        rows = await session.execute(select(func.count()).select_from(Occurrence))
        sent = select(func.count()).where(Outgoing.view == "reminders.card", Outgoing.state == "sent")
        return rows.scalar_one(), (await session.execute(sent)).scalar_one()

    return await records.read(work)


class Fleet:
    """Servers of which one is killed at a time, and started again at once."""

    def __init__(self, servers: Sequence[post.Server], records: Transactions, both: Platforms) -> None:
        self._servers, self._records, self._both = servers, records, both
        self.in_flight: set[str] = set()  # taken by a platform, and not marked as sent when a server died
        self.kills = 0
        self._starting: set[asyncio.Task[None]] = set()

    async def haunt(self, pause: float) -> None:
        """Kill one every so many seconds, in turn, of those that answer; where starting takes long, not the last."""
        for server in itertools.cycle(self._servers):
            began = time.monotonic()
            alive = [each for each in self._servers if await each.healthy()]
            if server in alive and len(alive) > 1:
                server.kill()
                await server.gone()
                self.kills += 1
                self.in_flight |= await post.claimed(self._records) & set(self._both.stamps())
                self._starting.add(asyncio.create_task(self._start(server)))
            await asyncio.sleep(max(0.05, pause - (time.monotonic() - began)))

    async def _start(self, server: post.Server) -> None:
        with contextlib.suppress(AssertionError):  # killed before it answered
            await server.start()


@pytest.mark.faults
@pytest.mark.postgresql
async def test_three_replicas_of_which_one_is_killed_every_two_seconds(
    postgres: object, postgres_migrated_url: str, tmp_path: Path, report: Callable[[str], None]
) -> None:
    url = postgres_migrated_url
    async with platforms() as both, post.records_of(url) as records:
        servers = [post.Server(url, both, free_port(), tmp_path) for _ in range(3)]
        await asyncio.gather(*(server.start() for server in servers))

        def slowly(_: Arrived) -> float:
            return 1.0  # so that much is in flight whenever one dies

        both.after = slowly
        each = 250
        wanted = each * len(SPACES)
        due = await write_occasions(records, both, each, 70)
        # They look ahead once a minute; the killing begins when the sending does.
        await post.until(lambda: bool(both.taken), seconds=180, what="the first reminder")
        fleet = Fleet(servers, records, both)
        haunting = asyncio.create_task(fleet.haunt(2.0))
        try:
            await post.until(lambda: _all(records, wanted), seconds=900, what="that all are sent")
        finally:
            haunting.cancel()
            await asyncio.gather(haunting, return_exceptions=True)
            for server in servers:
                server.kill()
                await server.gone()
        rows, _ = await planned_and_sent(records)
        check(both, fleet, due, wanted, rows, report)


async def _all(records: Transactions, wanted: int) -> bool:
    return (await planned_and_sent(records))[1] == wanted


def check(
    both: Platforms, fleet: Fleet, due: datetime.datetime, wanted: int, rows: int, report: Callable[[str], None]
) -> None:
    """One row each, one message each but for what was in flight, and none a minute late."""
    stamps = [each for each in both.stamps() if each.startswith("rem_")]  # beside each partner's card of the vote
    twice = {tool: {stamp for stamp, times in both.stamps(tool).items() if times > 1} for tool in ("slack", "teams")}
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - to tell the monotonic clock's time of day
    due_at = time.monotonic() + (due - now).total_seconds()
    first: dict[str, float] = {}
    for arrived in both.taken:
        if arrived.stamp.startswith("rem_"):
            first.setdefault(arrived.stamp, arrived.at - due_at)
    late = sorted(first.values())
    p99 = late[int(len(late) * 0.99)]
    report(
        f"3 replicas, {wanted} occasions, {fleet.kills} kills, one every 2 s: {rows} rows, {len(stamps)} sent, "
        f"{wanted - len(stamps)} lost; sent twice {len(twice['slack'])} in Slack, {len(twice['teams'])} in Teams "
        f"({len(fleet.in_flight)} in flight at a kill); late p50 {statistics.median(late):.1f} s, p99 {p99:.1f} s, "
        f"longest {late[-1]:.1f} s"
    )
    assert rows == wanted
    assert len(stamps) == wanted
    assert not twice["slack"]
    assert twice["teams"] <= fleet.in_flight
    assert fleet.kills >= 3
    assert p99 <= 60
