"""One lane for all writers: whatever happens to one turn, everyone else gets the truth."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import open_engine
from core.errors import Refused
from core.transactions import Transactions, Unavailable, Work


@pytest.fixture
async def records(database_url: str) -> AsyncIterator[Transactions]:
    """A table of words, no two alike."""
    transactions = Transactions(open_engine(database_url))

    async def make(session: AsyncSession) -> None:
        await session.execute(text("CREATE TABLE words (word TEXT UNIQUE)"))

    await transactions.write(make)
    yield transactions
    await transactions.close()


def writing(word: str) -> Work[str]:
    async def work(session: AsyncSession) -> str:
        await session.execute(text("INSERT INTO words VALUES (:word)"), {"word": word})
        return word

    return work


async def words(records: Transactions) -> set[str]:
    async def work(session: AsyncSession) -> set[str]:
        return set((await session.execute(text("SELECT word FROM words"))).scalars())

    return await records.read(work)


async def test_one_refusal_spoils_no_other_in_the_same_batch(records: Transactions) -> None:
    async def refused(session: AsyncSession) -> None:
        await writing("refused")(session)
        raise Refused("No.")

    async def nonsense(session: AsyncSession) -> None:
        await session.execute(text("SELECT nothing FROM nowhere"))

    work: list[Work[object]] = [writing("one"), refused, writing("one"), writing("two"), nonsense, writing("three")]
    one, no, twice, two, wrong, three = await asyncio.gather(
        *(records.write(each) for each in work), return_exceptions=True
    )
    assert (one, two, three) == ("one", "two", "three")
    assert isinstance(no, Refused)
    assert isinstance(twice, IntegrityError)
    assert isinstance(wrong, Exception)
    assert await words(records) == {"one", "two", "three"}


async def test_a_failing_commit_answers_everyone_and_keeps_nothing(records: Transactions) -> None:
    fails = 2

    def commit(connection: Connection) -> None:
        nonlocal fails
        if fails:
            fails -= 1
            # What a database says when its disk is full, only now.
            connection.exec_driver_sql("SELECT no_such_function_here()")

    event.listen(records.engine.sync_engine, "commit", commit)
    both = await asyncio.gather(records.write(writing("a")), records.write(writing("b")), return_exceptions=True)
    event.remove(records.engine.sync_engine, "commit", commit)
    kept = {each for each in both if isinstance(each, str)}
    assert len(kept) < 2
    assert await words(records) == kept
    assert await records.write(writing("later")) == "later"


async def test_a_caller_who_goes_away_hinders_nobody(records: Transactions) -> None:
    going = asyncio.Event()

    async def slow(session: AsyncSession) -> str:
        going.set()
        await asyncio.sleep(0.2)
        return await writing("slow")(session)

    gone = asyncio.create_task(records.write(slow))
    await going.wait()
    waiting = [asyncio.create_task(records.write(writing(str(number)))) for number in range(5)]
    await asyncio.sleep(0.01)  # so that all of them wait in the lane
    gone.cancel()
    waiting[2].cancel()
    done = await asyncio.gather(*waiting, return_exceptions=True)
    assert [each for each in done if isinstance(each, str)] == ["0", "1", "3", "4"]
    # What was accepted is done, whether or not anyone still listens.
    assert await words(records) == {"slow", "0", "1", "2", "3", "4"}


async def test_a_full_disk_takes_nobody_elses_work_along(tmp_path: Path) -> None:
    records = Transactions(open_engine(f"sqlite+aiosqlite:///{tmp_path}/full.db"))

    async def make(session: AsyncSession) -> None:
        await session.execute(text("CREATE TABLE words (word TEXT UNIQUE)"))

    async def too_much(session: AsyncSession) -> None:
        pages = (await session.execute(text("PRAGMA page_count"))).scalar_one()
        await session.execute(text(f"PRAGMA max_page_count = {pages + 8}"))
        for number in range(50):
            await session.execute(text("INSERT INTO words VALUES (:word)"), {"word": f"{number}" * 20_000})

    await records.write(make)
    before, full, after = await asyncio.gather(
        records.write(writing("before")),
        records.write(too_much),
        records.write(writing("after")),
        return_exceptions=True,
    )
    # SQLite has rolled back everything by itself: those who were told that theirs stands must find it.
    assert isinstance(full, Unavailable)
    assert (before, after) == ("before", "after")
    assert await words(records) == {"before", "after"}
    await records.close()


async def test_a_database_that_another_process_holds_is_waited_for_and_then_refused(tmp_path: Path) -> None:
    path = tmp_path / "held.db"
    records = Transactions(open_engine(f"sqlite+aiosqlite:///{path}"))

    async def make(session: AsyncSession) -> None:
        await session.execute(text("CREATE TABLE words (word TEXT UNIQUE)"))

    await records.write(make)
    release = threading.Event()
    held = threading.Event()

    def hold() -> None:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        held.set()
        release.wait(20)
        other.execute("COMMIT")
        other.close()

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(held.wait, 5)
    patient = asyncio.create_task(records.write(writing("patient")))
    await asyncio.sleep(0.5)
    assert await words(records) == set(), "readers are not held up by a writer"
    release.set()
    assert await patient == "patient"
    await holding

    release.clear()
    held.clear()
    holding = asyncio.create_task(asyncio.to_thread(hold))
    await asyncio.to_thread(held.wait, 5)
    started = asyncio.get_running_loop().time()
    many = await asyncio.gather(*(records.write(writing(str(n))) for n in range(20)), return_exceptions=True)
    took = asyncio.get_running_loop().time() - started
    assert all(isinstance(each, Unavailable) for each in many)
    assert took < 4.5, f"20 people waited {took:.1f} s for an apology; Slack waits 3"
    release.set()
    await holding
    assert await records.write(writing("after")) == "after"
    assert await words(records) == {"patient", "after"}
    await records.close()


@pytest.mark.parametrize("arrived", [True, False])
async def test_a_commit_whose_answer_is_lost_is_called_unsure(tmp_path: Path, *, arrived: bool) -> None:
    """Whether it arrived cannot be told, so the answer must not say that nothing was changed."""
    transactions = Transactions(open_engine(f"sqlite+aiosqlite:///{tmp_path}/words.db"))

    async def make(session: AsyncSession) -> None:
        await session.execute(text("CREATE TABLE words (word TEXT)"))

    await transactions.write(make)

    def lost(connection: Connection) -> None:
        if arrived:
            connection.connection.commit()
        raise OperationalError("COMMIT", None, Exception("the connection was lost"), connection_invalidated=True)

    event.listen(transactions.engine.sync_engine, "commit", lost)
    with pytest.raises(Unavailable) as away:
        await transactions.write(writing("perhaps"))
    assert away.value.unsure
    event.remove(transactions.engine.sync_engine, "commit", lost)

    def gone(connection: Connection) -> None:
        raise OperationalError("BEGIN", None, Exception("the connection was lost"), connection_invalidated=True)

    event.listen(transactions.engine.sync_engine, "begin", gone)
    with pytest.raises(Unavailable) as away:
        await transactions.write(writing("not at all"))
    assert not away.value.unsure, "what never came to its commit was surely not done"
    event.remove(transactions.engine.sync_engine, "begin", gone)
    await transactions.close()
