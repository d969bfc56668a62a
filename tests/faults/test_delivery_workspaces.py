"""Many messages due at once to many workspaces, of which some are in trouble: the others get theirs, and all once."""

import contextlib
import resource
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from aiohttp import web

from core.transactions import Transactions
from tests.databases import SQLITE_FIRST
from tests.faults import post
from tests.faults.platforms import Arrived, Platforms, platforms, too_many

SPACES = [("slack" if number % 2 else "teams", number) for number in range(20)]
LIMITED, HANGING = SPACES[1], SPACES[4]  # one of each tool


def memory() -> int:
    """What this process holds now, in MiB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() // 2**20


async def everyone_else_gets_theirs(
    url: str, each: int, seconds: float, report: Callable[[str], None]
) -> tuple[Platforms, int]:
    """`each` reminders to people of 20 workspaces and tenants, all due at once; one answers 429, one hangs."""
    async with contextlib.AsyncExitStack() as stack:
        both = await stack.enter_async_context(platforms())
        records = await stack.enter_async_context(post.records_of(url))
        people = await records.write(lambda session: post.write_people(session, both, SPACES, each))
        await records.write(lambda session: post.write_messages(session, members=people))
        both.trouble[LIMITED] = lambda _: too_many("2")
        both.trouble[HANGING] = lambda _: 30.0
        wanted = (len(SPACES) - 2) * each
        began, before, most = time.monotonic(), 0, 0

        def arrived() -> bool:
            nonlocal before, most
            if len(both.taken) < wanted / 10:  # what is loaded with the first message is no growth
                before = memory()
            most = max(most, memory())
            return len(both.taken) >= wanted

        async with post.carrying(url, both):
            took = await post.until(arrived, seconds=seconds, what=f"the arrival of {wanted} messages")
            report(
                f"{each * len(SPACES)} due at once in {len(SPACES)} workspaces, one 429s, one hangs: the other "
                f"{wanted} arrived in {took:.1f} s ({wanted / took:.0f} a second), memory grew by {most - before} MiB "
                f"after the first tenth; tries where it 429s: {both.tried[LIMITED]}, "
                f"where it hangs: {both.tried[HANGING]}"
            )
            both.trouble.clear()
            everything = each * len(SPACES)
            await post.until(lambda: len(both.taken) >= everything, seconds=seconds + 60, what="the rest, once mended")
            await post.until(lambda: _all_sent(records, everything), seconds=20, what="that all are marked")
        report(f"after both were mended, all {everything} had arrived {time.monotonic() - began:.0f} s after the start")
        return both, most - before


async def _all_sent(records: Transactions, everything: int) -> bool:
    return (await post.states(records)).get("sent") == everything


def check_rates(both: Platforms) -> None:
    """No tenant got more than fifty in a second."""
    for space in {each.workspace for each in both.taken if each.tool == "teams"}:
        times = [each.at for each in both.taken if (each.tool, each.workspace) == ("teams", space)]
        fastest = min((b - a for a, b in zip(times, times[55:], strict=False)), default=9.0)
        assert fastest > 1.0, f"56 messages to tenant {space} in {fastest:.2f} s"


@SQLITE_FIRST
async def test_three_hundred_reminders_at_once_and_two_workspaces_in_trouble(
    migrated_url: str, report: Callable[[str], None]
) -> None:
    both, _ = await everyone_else_gets_theirs(migrated_url, 15, 60, report)
    assert Counter(both.stamps().values()) == {1: 300}
    check_rates(both)


@pytest.mark.faults
async def test_ten_thousand_reminders_at_once_and_two_workspaces_in_trouble(
    migrated_url: str, report: Callable[[str], None]
) -> None:
    both, grown = await everyone_else_gets_theirs(migrated_url, 500, 300, report)
    assert Counter(both.stamps().values()) == {1: 10_000}
    assert grown < 50
    check_rates(both)


@pytest.mark.parametrize(
    "retry_after", [None, "soon", "-1", "1e999", ""], ids=["none", "word", "negative", "inf", "empty"]
)
@SQLITE_FIRST
async def test_a_429_without_a_usable_retry_after_is_tried_again_in_our_own_time(
    retry_after: str | None, migrated_url: str, report: Callable[[str], None]
) -> None:
    spaces = [("slack", 1), ("teams", 2)]
    async with platforms() as both, post.records_of(migrated_url) as records:
        rooms = await records.write(lambda session: post.write_rooms(session, both, spaces, 1))
        await records.write(lambda session: post.write_messages(session, rooms=rooms))
        first = Counter[str]()

        def once(arrived: Arrived) -> web.Response | None:
            first[arrived.tool] += 1
            return too_many(retry_after) if first[arrived.tool] == 1 else None

        both.trouble = dict.fromkeys(spaces, once)
        async with post.carrying(migrated_url, both):
            took = await post.until(lambda: len(both.taken) == 2, seconds=10, what="both messages")
        report(f"a 429 with Retry-After {retry_after!r}: sent at the second attempt, {took:.1f} s after the first")
        assert set(both.stamps().values()) == {1}


async def test_the_messages_of_a_room_keep_their_order_through_a_failure(migrated_url: str) -> None:
    async with platforms() as both, post.records_of(migrated_url) as records:
        rooms = await records.write(lambda session: post.write_rooms(session, both, [("teams", 1)], 1))
        await records.write(lambda session: post.write_messages(session, rooms=rooms, each=4))
        tries = Counter[str]()

        def second_fails(arrived: Arrived) -> web.Response | None:
            tries[arrived.stamp] += 1
            return web.Response(status=502) if arrived.stamp.startswith("m1:") and tries[arrived.stamp] < 3 else None

        both.trouble["teams", 1] = second_fails
        async with post.carrying(migrated_url, both):
            await post.until(lambda: len(both.taken) == 4, seconds=20, what="all four")
        assert [each.stamp.partition(":")[0] for each in both.taken] == ["m0", "m1", "m2", "m3"]
