"""The goals of what people press, each measured in one run with what it is measured against; and all goals by name."""

import asyncio
import json
import statistics
import time
from collections.abc import Callable, Iterable

import sqlalchemy

from tests.bench import load, operation
from tests.bench.boards import Size
from tests.bench.measure import BOARD, KINDS, Bench, alternate, ours, quiet, times
from tests.bench.servers import Server
from tests.bench.stage import Cards, reference


async def goal_1(bench: Bench) -> None:
    """A stance over Slack against an empty Bolt handler and against the ideal path."""
    for kind in KINDS:
        async with (
            ours(bench, kind, BOARD) as (server, _, (cards,), _url),
            reference("bolt", "", bench.directory) as bolt,
            reference("ideal", bench.databases.fresh(kind), bench.directory) as ideal,
        ):

            def clicks(cards: Cards = cards) -> Iterable[bytes]:
                return cards.steady("slack", range(64))

            us, empty, best = await alternate(bench, [(server, clicks), (bolt, clicks), (ideal, clicks)])
            ratio, share = us.rate / empty.rate, us.rate / best.rate
            what = f"Slack stance, {kind}"
            bench.line("1", what, str(us), f"empty Bolt: {empty}", times(ratio), ratio >= 1.0)
            bench.line("1", what, "", f"ideal path: {best}", f"{times(share)} (last figure 0.40)", None)


async def goal_2(bench: Bench) -> None:
    """A stance over Teams against the empty stock adapter and against aiohttp with PyJWT."""
    for kind in KINDS:
        async with (
            ours(bench, kind, BOARD) as (server, vendor, (cards,), _),
            reference("cloudadapter", vendor.base, bench.directory) as stock,
            reference("jwt", vendor.base, bench.directory) as bare,
        ):

            def clicks(cards: Cards = cards) -> Iterable[bytes]:
                return cards.steady("teams", range(64))

            us, empty, best = await alternate(bench, [(server, clicks), (stock, clicks), (bare, clicks)])
            ratio, share = us.rate / empty.rate, us.rate / best.rate
            what = f"Teams stance, {kind}"
            bench.line("2", what, str(us), f"empty CloudAdapter: {empty}", times(ratio), ratio >= 6.0)
            bench.line("2", what, "", f"aiohttp and PyJWT: {best}", f"{times(share)} (last figure 0.30)", None)


async def goal_3(bench: Bench) -> None:
    """One connection, and a thousand clicks at once."""
    for kind in KINDS:
        async with ours(bench, kind, BOARD) as (server, _, (cards,), _url):
            clicks = cards.steady("slack", range(64))
            await load.press(server.port, clicks, connections=1, seconds=0.3)
            runs = [await load.press(server.port, clicks, connections=1, seconds=1) for _ in range(3)]
            p50 = statistics.median(each.median for each in runs)
            p99 = statistics.median(each.percentile(0.99) for each in runs)
            said = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms"
            bench.line("3", f"one connection, {kind}", said, "3 ms, 10 ms", "", p50 <= 3 and p99 <= 10)
            crowd = cards.clicks("slack", range(128), each=8)[:1000]
            worst = await load.press(server.port, crowd, connections=1000)
            said = f"{worst.statuses[200]} answered, p99 {worst.percentile(0.99):,.0f} ms"
            holds = worst.whole and len(worst.ms) == 1000 and worst.percentile(0.99) < 1000
            bench.line("3", f"1,000 at once, {kind}", said, "none refused, 1,000 ms", "", holds)


async def goal_4(bench: Bench) -> None:
    """What a vote costs on big boards against small ones; what is asked of Slack meanwhile."""
    small, large = Size("few", 6, 12), Size("many", 60, 120)
    tiny, huge = Size("small", 20, 20, "member"), Size("huge", 20, 20_000, "member")
    for kind in KINDS:
        for less, more, said in ((small, large, "60 organisations"), (tiny, huge, "20,000 voters")):
            async with ours(bench, kind, less, more) as (server, vendor, (few, many), url):
                await quiet(server)  # reminders of all these voters are planned first, in the background
                await vendor.forget()
                for tool in ("slack", "teams"):
                    sides: list[tuple[Server, Callable[[], Iterable[bytes]]]] = [
                        (server, lambda few=few, tool=tool: few.steady(tool, range(12))),  # type: ignore[misc]
                        (server, lambda many=many, tool=tool: many.steady(tool, range(12))),  # type: ignore[misc]
                    ]
                    one, other = await alternate(bench, sides)
                    ratio = other.cost_against(one)
                    what = f"CPU of a {tool} vote, {said}, {kind}"
                    bench.line("4", what, f"{other.cost:.0f} us", f"{one.cost:.0f} us", times(ratio), ratio <= 1.2)
                    await _all_voted(url, "electors WHERE position IS NOT NULL", boards=2)
                asked = (await vendor.seen())["calls"].get("auth.test", 0)
                bench.line("4", f"auth.test while voting, {kind}", str(asked), "0", "", asked == 0)


async def goal_5(bench: Bench) -> None:
    """Edits while Slack is slow, and acknowledgements while it refuses edits."""
    for kind in KINDS:
        async with ours(bench, kind, BOARD) as (server, vendor, (cards,), _):
            await asyncio.sleep(1.2)
            await vendor.behave(delay=0.2)
            await vendor.forget()
            started = time.perf_counter()
            await load.press(server.port, cards.clicks("slack", range(64)), connections=64)
            await asyncio.sleep(4)
            edits = [each for each in (await vendor.seen())["edits"] if each["tool"] == "slack"]
            shown = next((each for each in edits if "64 of 64" in json.dumps(each["blocks"])), None)
            settled = shown["at"] - started if shown else float("nan")
            holds = shown is not None and settled <= 1.5 and len(edits) <= 3
            bench.line("5", f"64 at once settle, {kind}", f"{settled:.2f} s, {len(edits)} edits", "1.5 s, 3", "", holds)
            calm: list[float] = []
            limited: list[float] = []
            for _ in range(3):
                for limit, into in ((False, calm), (True, limited)):
                    await vendor.behave(limited=limit)
                    pressed = await load.press(
                        server.port, cards.steady("slack", range(64)), connections=16, seconds=1.2
                    )
                    into.append(pressed.percentile(0.99))
            ratio = statistics.median(limited) / statistics.median(calm)
            said = f"{statistics.median(limited):.1f} ms", f"{statistics.median(calm):.1f} ms"
            bench.line("5", f"ack p99 under 429s, {kind}", *said, times(ratio), ratio <= 1.2)


async def goal_6(bench: Bench) -> None:
    """Kept after a kill at the last acknowledgement; one vote each of 64 double clickers."""
    for kind in KINDS:
        async with ours(bench, kind, BOARD) as (server, _, (cards,), url):
            outcome = await load.press(server.port, cards.clicks("slack", range(64)), connections=64)
            await server.kill()
            kept = await _count(url)
            holds = outcome.whole and kept == 64
            bench.line("6", f"kept after kill -9, {kind}", f"{kept} of {outcome.statuses[200]}", "64 of 64", "", holds)
        async with ours(bench, kind, BOARD) as (server, _, (cards,), url):
            both = [cards.slack(person, label) for person in range(64) for label in ("Agree", "Disagree")]
            outcome = await load.press(server.port, both, connections=128)
            kept = await _count(url)
            holds = outcome.whole and kept == 64
            bench.line("6", f"double clicks by 64, {kind}", f"{kept} votes", "64", "", holds)


async def _count(url: str, query: str = "SELECT count(*) FROM electors WHERE position IS NOT NULL") -> int:
    engine = sqlalchemy.create_engine(url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        found = connection.execute(sqlalchemy.text(query))
        count = int(found.scalar_one())
    engine.dispose()
    return count


async def _all_voted(url: str, votes: str, boards: int) -> None:
    """Raises RuntimeError when votes were not taken on each board: a refusal is answered with a 200 too."""
    found = await _count(url, f"SELECT count(DISTINCT partnership_id) FROM {votes}")
    if found != boards:
        raise RuntimeError(f"votes were taken on {found} boards of {boards}")


async def goal_polls(bench: Bench) -> None:
    """Goals 4, 5 and 6 on quick polls: flat in voters and options, soon shown, one vote for each person."""
    small, large = Size("fewer", 20, 20, "member", poll=2), Size("more", 20, 20_000, "member", poll=2)
    wide = Size("wide", 20, 20_000, "member", poll=50)
    for kind in KINDS:
        async with ours(bench, kind, small, large, wide) as (server, _, (few, many, fifty), url):
            for tool in ("slack", "teams"):
                sides: list[tuple[Server, Callable[[], Iterable[bytes]]]] = [
                    (server, lambda cards=cards, tool=tool: cards.steady(tool, range(16)))  # type: ignore[misc]
                    for cards in (few, many, fifty)
                ]
                one, crowd, options = await alternate(bench, sides)
                await _all_voted(url, "poll_voters", boards=3)
                for other, said in ((crowd, "20,000 voters"), (options, "and 50 options")):
                    ratio = other.cost_against(one)
                    what = f"CPU of a {tool} poll vote, {said}, {kind}"
                    against = f"20 voters, 2 options: {one.cost:.0f} us"
                    bench.line("4p", what, f"{other.cost:.0f} us", against, times(ratio), ratio <= 1.2)
        await _polls_settle(bench, kind)


async def _polls_settle(bench: Bench, kind: str) -> None:
    size = Size("burst", 64, 128, "member", poll=10)
    async with ours(bench, kind, size) as (server, vendor, (cards,), url):
        await asyncio.sleep(1.2)
        await vendor.behave(delay=0.2)
        await vendor.forget()
        started = time.perf_counter()
        both = [cards.slack(person, label) for person in range(64) for label in cards.labels]
        outcome = await load.press(server.port, both, connections=128)
        await asyncio.sleep(4)
        edits = [each for each in (await vendor.seen())["edits"] if each["tool"] == "slack"]
        shown = next((each for each in edits if "64 of 128" in json.dumps(each["blocks"])), None)
        settled = shown["at"] - started if shown else float("nan")
        holds = shown is not None and settled <= 1.5 and len(edits) <= 3
        bench.line("5p", f"64 at once settle, {kind}", f"{settled:.2f} s, {len(edits)} edits", "1.5 s, 3", "", holds)
        kept = await _count(url, "SELECT count(*) FROM poll_voters")
        holds = outcome.whole and kept == 64
        bench.line("6p", f"two options at once by 64, {kind}", f"{kept} votes", "64", "", holds)
        crowd = cards.clicks("slack", range(128), each=8)[:1000]
        worst = await load.press(server.port, crowd, connections=16)
        await server.kill()
        kept = await _count(url, "SELECT count(*) FROM poll_voters")
        holds = worst.whole and len(worst.ms) == 1000 and kept == 128
        said = f"{worst.rate:,.0f}/s, {kept} of 128 kept"
        bench.line("6p", f"1,000 votes, 16 in flight, killed after, {kind}", said, "128 people", "", holds)


GOALS = {
    "ack": operation.acknowledgements,
    "1": goal_1,
    "2": goal_2,
    "3": goal_3,
    "4": goal_4,
    "5": goal_5,
    "6": goal_6,
    "polls": goal_polls,
    "7": operation.goal_7,
    "8": operation.goal_8,
    "9": operation.goal_9,
    "10": operation.goal_10,
}
