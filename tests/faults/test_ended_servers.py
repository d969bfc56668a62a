"""What a server had in hand when it ended: free soon where that is certain, else when its lease is over."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.process import is_gone, new_name
from core.claims import free, owners
from core.db import DatabaseTime
from core.outbox import Posting
from tests.faults.test_courier import cards
from tests.world import SMALL, World, a_world


def _named_elsewhere() -> str:
    """The name that another process, which has ended by now, gave itself."""
    code = "from bot.process import new_name; print(new_name())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.strip()


def test_only_who_has_surely_ended_is_gone() -> None:
    ended = _named_elsewhere()
    assert is_gone(ended)
    assert not is_gone(new_name()), "this very process"
    assert not is_gone(ended.rpartition(".")[0] + f".{os.getppid()}"), "one that lives"
    chance, _, number = ended.split(".")
    for unknown in (f"{chance}.0123456789ab.{number}", f"{chance}..{number}", "0123456789abcdef", "a.b", ""):
        assert not is_gone(unknown), "it may have run on another machine"


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    async with a_world(migrated_url, SMALL) as world:
        yield world


async def test_a_card_that_a_dead_server_was_editing_is_free_soon(world: World) -> None:
    dead, other = _named_elsewhere(), "0123456789abcdef"
    await cards(world)

    async def take(session: AsyncSession) -> None:
        keys = (await session.execute(select(Posting.id).order_by(Posting.id).limit(2))).scalars().all()
        for key, owner in zip(keys, (dead, other), strict=True):
            held = {"owner": owner, "leased_until": DatabaseTime(600)}
            await session.execute(update(Posting).where(Posting.id == key).values(**held))

    async def until(session: AsyncSession) -> dict[str, float]:
        rows = await session.execute(
            select(Posting.owner, Posting.leased_until, DatabaseTime()).where(Posting.owner.in_([dead, other]))
        )
        return {str(owner): (leased - now).total_seconds() for owner, leased, now in rows.tuples() if leased}

    await world.house.transactions.write(take)
    assert await world.read(owners) >= {dead, other}
    ended = [each for each in (dead, other) if is_gone(each)]
    await world.house.transactions.write(lambda session: free(session, ended))
    left = await world.read(until)
    assert left[dead] <= 5 and left[other] > 500
