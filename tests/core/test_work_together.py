"""Work of one kind that waits together is handed over together, and yet each has its own fate."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import open_engine
from core.errors import Refused
from core.transactions import Transactions


@pytest.fixture
async def transactions(migrated_url: str) -> AsyncIterator[Transactions]:
    made = Transactions(open_engine(migrated_url))
    yield made
    await made.close()


async def keep(session: AsyncSession, key: str) -> None:
    statement = text("INSERT INTO deliveries (key, at) VALUES (:key, '2026-11-22 10:00:00+00:00')")
    await session.execute(statement, {"key": key})


async def kept(transactions: Transactions) -> list[str]:
    async def work(session: AsyncSession) -> list[str]:
        return list((await session.execute(text("SELECT key FROM deliveries ORDER BY key"))).scalars())

    return await transactions.read(work)


class Crew:
    """Keeps a row for each item; refuses some, stumbles over others, and remembers how many came at a time."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def __call__(self, session: AsyncSession, items: Sequence[str]) -> list[Any]:
        self.sizes.append(len(items))
        outcomes: list[Any] = []
        for item in items:
            if item.startswith("refused"):
                outcomes.append(Refused("Not this one."))
                continue
            await keep(session, item)
            if item.startswith("stumbles"):
                raise LookupError(item)
            outcomes.append(f"kept {item}")
        return outcomes


async def all_at_once(transactions: Transactions, crew: Crew, *items: str) -> list[Any]:
    return await asyncio.gather(*(transactions.write_with(crew, item) for item in items), return_exceptions=True)


async def test_what_waits_goes_together_and_a_refusal_is_its_own(transactions: Transactions) -> None:
    crew = Crew()
    one, refused, two = await all_at_once(transactions, crew, "one", "refused", "two")
    assert (one, two) == ("kept one", "kept two")
    assert isinstance(refused, Refused)
    assert crew.sizes == [3]
    assert await kept(transactions) == ["one", "two"]


async def test_one_that_stumbles_spoils_no_other_and_leaves_nothing(transactions: Transactions) -> None:
    crew = Crew()
    one, stumbled, two = await all_at_once(transactions, crew, "one", "stumbles", "two")
    assert (one, two) == ("kept one", "kept two")
    assert isinstance(stumbled, LookupError)
    assert crew.sizes == [3, 1, 1, 1]
    assert await kept(transactions) == ["one", "two"]


async def test_one_that_the_database_refuses_spoils_no_other(transactions: Transactions) -> None:
    crew = Crew()
    one, again, two = await all_at_once(transactions, crew, "one", "one", "two")
    assert (one, two) == ("kept one", "kept two")
    assert isinstance(again, Exception)
    assert await kept(transactions) == ["one", "two"]


async def test_other_work_between_keeps_its_place(transactions: Transactions) -> None:
    crew = Crew()
    seen: list[int] = []

    async def count(session: AsyncSession) -> None:
        seen.append(int((await session.execute(text("SELECT count(*) FROM deliveries"))).scalar_one()))

    await asyncio.gather(
        transactions.write_with(crew, "one"), transactions.write(count), transactions.write_with(crew, "two")
    )
    assert seen == [1]
    assert crew.sizes == [1, 1]
