"""The goals of a server at work: reminders, starting, lists, replicas, and how soon clicks are acknowledged."""

import asyncio
import contextlib
import datetime
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator

from core.transactions import Transactions
from tests.bench import lists, load, reminders
from tests.bench.measure import BOARD, KINDS, Bench, ours, times
from tests.bench.servers import ROOT, Server
from tests.bench.stage import folkmoot, vendors


async def goal_7(bench: Bench) -> None:
    """Reminders: the cost of each, how long a board's take, and what clicks feel meanwhile."""
    for kind in KINDS:
        for tool, most in (("slack", 250), ("teams", 300)):
            async with crowd(bench, kind, tool) as (server, records, _, due):
                await reminders.wait_for(due - datetime.timedelta(seconds=0.5))
                before, memory = server.cpu(), server.resident()
                await reminders.wait_for(due)
                took = await reminders.all_sent(records, 120)
                number, spent = reminders.CROWD.people, server.cpu() - before
                each, grown = spent / number * 1e6, server.resident() - memory
            what = f"{tool.capitalize()}, {kind}"
            bench.line("7", f"a reminder, {what}", f"{each:,.0f} us", f"{most} us", times(each / most), each <= most)
            pace = f"{took:.1f} s, {number / took:,.0f}/s"
            bench.line("7", f"{number:,} at once, {what}", pace, "3,333/s", "", number / took >= 3_333)
            bench.line("7", f"memory meanwhile, {what}", f"{grown:+.0f} MB", "50 MB", "", grown < 50)
        async with crowd(bench, kind, "slack") as (server, records, clicks, due):
            idle = await load.paced(server.port, clicks, rate=40, seconds=3)
            await reminders.wait_for(due)
            busy = await load.paced(server.port, clicks, rate=40, seconds=3)
            left = reminders.CROWD.people - await reminders.sent(records)
            ratio = busy.percentile(0.99) / idle.percentile(0.99)
            said = f"{busy.percentile(0.99):.0f} ms, {left:,} left", f"idle: {idle.percentile(0.99):.0f} ms"
            bench.line("7", f"click p99 meanwhile, {kind}", *said, times(ratio), ratio <= 2.0)


@contextlib.asynccontextmanager
async def crowd(
    bench: Bench, kind: str, tool: str
) -> AsyncIterator[tuple[Server, Transactions, Iterator[bytes], datetime.datetime]]:
    """A server with a board of which all are to be reminded at a moment to come, and clicks on its card."""
    url = bench.databases.fresh(kind)
    async with vendors(bench.directory) as vendor:
        due = await reminders.write(url, vendor.base, tool)
        async with folkmoot(url, vendor, bench.directory) as server, reminders.counting(url) as records:
            clicks = (await vendor.cards(reminders.CROWD)).steady(tool, range(64))
            await load.press(server.port, clicks, connections=4, seconds=0.5)
            yield server, records, clicks, due


async def goal_8(bench: Bench) -> None:
    """Starting, memory, help."""
    starts, memory = [], []
    for _ in range(3):
        async with ours(bench, "SQLite", BOARD) as (server, _, (cards,), _url):
            starts.append(server.ready_in)
            await load.press(server.port, cards.steady("slack", range(64)), connections=16, seconds=0.5)
            await load.press(server.port, cards.steady("teams", range(64)), connections=16, seconds=0.5)
            memory.append(server.resident())
    start, resident = statistics.median(starts), statistics.median(memory)
    bench.line("8", "start to first 200", f"{start:.2f} s", "1.5 s", "", start <= 1.5)
    bench.line("8", "resident, both tools, after load", f"{resident:.0f} MB", "150 MB", "", resident <= 150)
    helps = []
    for _ in range(5):
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.cli", "--help", cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
        )
        await process.wait()
        helps.append(time.perf_counter() - began)
    took = statistics.median(helps)
    bench.line("8", "folkmoot --help", f"{took:.2f} s", "0.5 s", "", took <= 0.5)


async def goal_9(bench: Bench) -> None:
    """Lists and search: what other boards have must not be felt."""
    for kind in KINDS:
        urls = {size: bench.databases.fresh(kind) for size in lists.SIZES}
        for name, small, large in await lists.compare(urls, bench.rounds):
            ratio, said = large / small, f"at 1,000: {small:.2f} ms"
            bench.line("9", f"{name}, 100,000 actions, {kind}", f"{large:.2f} ms", said, times(ratio), ratio <= 1.5)


async def goal_10(bench: Bench) -> None:
    """Three servers on one PostgreSQL against one."""
    async with (
        ours(bench, "PostgreSQL", BOARD) as (first, vendor, (cards,), url),
        folkmoot(url, vendor, bench.directory) as second,
        folkmoot(url, vendor, bench.directory) as third,
    ):
        one, three = [], []
        for round_ in range(bench.rounds + 1):
            alone = await load.press(
                first.port, cards.steady("slack", range(64)), connections=63, seconds=bench.seconds
            )
            together = await asyncio.gather(
                *(
                    load.press(
                        server.port,
                        cards.steady("slack", range(64)),
                        connections=21,
                        seconds=bench.seconds,
                    )
                    for server in (first, second, third)
                )
            )
            if not alone.whole or not all(each.whole for each in together):
                raise RuntimeError(f"not all answered 200: {alone.statuses} {[each.statuses for each in together]}")
            if round_:
                one.append(alone.rate)
                three.append(sum(each.rate for each in together))
        ratio = statistics.median(three) / statistics.median(one)
        said = f"{statistics.median(three):,.0f}/s", f"one: {statistics.median(one):,.0f}/s"
        bench.line("10", "three replicas", *said, times(ratio), ratio >= 1.0)


async def acknowledgements(bench: Bench) -> None:
    """trust.md's promise: how soon a click is acknowledged at two hundred a second, half of them from each tool."""
    for kind in KINDS:
        async with ours(bench, kind, BOARD) as (server, _, (cards,), _url):
            slack, teams = cards.steady("slack", range(64)), cards.steady("teams", range(64))
            await load.press(server.port, slack, connections=8, seconds=0.5)
            await load.press(server.port, teams, connections=8, seconds=0.5)
            both = (each for pair in zip(slack, teams, strict=False) for each in pair)
            outcome = await load.paced(server.port, both, rate=200, seconds=5)
            p99 = outcome.percentile(0.99)
            said = f"{outcome.statuses[200]} of {len(outcome.ms)}, p50 {outcome.median:.0f} ms, p99 {p99:.0f} ms"
            bench.line("ack", f"200 clicks/s, {kind}", said, "500 ms", "", outcome.whole and p99 <= 500)
