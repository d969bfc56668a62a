"""The tools misbehave: cards still follow, other rooms do not wait, and nobody is edited more than once a second."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable

import pytest

from tests.databases import SQLITE_FIRST
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, TENANT, World, a_world

RESOLUTION = 0.002  # seconds: a timer may wake this much early
LINE = 'agree Adopt the two themes closes:"in 3 days" rule:"simple majority" quorum:3'


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    async with a_world(migrated_url, SMALL) as world:
        yield world


async def cards(world: World) -> tuple[str, str]:
    """The coordinator opens an agreement; its messages in Slack and in Teams."""
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", LINE)
    await world.until(lambda: world.teams.messages(TENANT, TEAMS_ROOM), what="the card in Teams")
    sent = await world.until(
        lambda: [each for each in world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for], what="the card in Slack"
    )
    return sent[-1].ts, world.teams.messages(TENANT, TEAMS_ROOM)[-1]["id"]


def in_slack(world: World, ts: str) -> str:
    return world.slack.text_of(next(each for each in world.slack.messages(TEAM, SLACK_ROOM) if each.ts == ts))


def in_teams(world: World) -> str:
    return world.teams.text_of(world.teams.messages(TENANT, TEAMS_ROOM)[-1])


async def test_steady_clicks_cost_one_edit_a_second(world: World, report: Callable[[str], None]) -> None:
    ts, activity = await cards(world)
    clicks, loop = 0, asyncio.get_running_loop()
    end = loop.time() + 4
    while loop.time() < end:
        label = ("Agree", "Disagree")[clicks % 4 // 2]
        await world.slack.click(TEAM, "U0COUNCIL", SLACK_ROOM, ts, label)
        await world.teams.execute(TENANT, "oid-nurse", TEAMS_ROOM, activity, label)
        clicks += 2
        await asyncio.sleep(0.05)
    await world.until(lambda: "2 of 4 organisations" in in_slack(world, ts), what="both in Slack")
    await asyncio.sleep(2.5)
    for tool, times in (
        ("Slack", world.slack.edits(SLACK_ROOM, ts)),
        ("Teams", world.teams.updates(TEAMS_ROOM, activity)),
    ):
        assert 3 <= len(times) <= 7, (tool, times, clicks)
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        report(f"{clicks} clicks in 4 s: {len(times)} edits in {tool}, shortest time between two {min(gaps):.3f} s")
        assert min(gaps) >= 1 - RESOLUTION, gaps


@SQLITE_FIRST
async def test_a_tool_that_hangs_delays_no_other_room(world: World, report: Callable[[str], None]) -> None:
    ts, activity = await cards(world)
    await asyncio.sleep(1.1)
    world.slack.fault("chat.update", "hang", times=1, seconds=12)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await world.teams.execute(TENANT, "oid-nurse", TEAMS_ROOM, activity, "Agree")
    await asyncio.sleep(0.1)
    await world.slack.click(TEAM, "U0COUNCIL", SLACK_ROOM, ts, "Agree")
    acknowledged = loop.time() - started
    await world.until(lambda: "2 of 4 organisations" in in_teams(world), seconds=4, what="both answers in Teams")
    assert "0 of 4" in in_slack(world, ts) or "2 of 4" not in in_slack(world, ts)
    shown = loop.time() - started
    await world.until(lambda: "2 of 4 organisations" in in_slack(world, ts), seconds=20, what="Slack, after the hang")
    report(
        f"Slack hangs: clicks acknowledged in {acknowledged:.1f} s, Teams shows both after {shown:.1f} s, "
        f"Slack after {loop.time() - started:.1f} s"
    )
    assert acknowledged < 2


@SQLITE_FIRST
async def test_retry_after_is_respected(world: World) -> None:
    ts, _ = await cards(world)
    await asyncio.sleep(1.1)
    world.slack.fault("chat.update", "ratelimited", times=1, retry_after="3")
    await world.slack.click(TEAM, "U0COUNCIL", SLACK_ROOM, ts, "Agree")
    refused = await world.until(
        lambda: [each for each in world.slack.calls if each.method == "chat.update" and each.error], what="the 429"
    )
    await world.until(
        lambda: "1 of 4 organisations" in in_slack(world, ts), seconds=10, what="the edit after the pause"
    )
    made = next(each for each in world.slack.calls if each.method == "chat.update" and not each.error)
    waited = made.at - refused[0].at
    assert 3 - RESOLUTION <= waited < 8, waited
    assert "1 of 4 organisations" in in_teams(world)


async def test_an_edit_that_was_made_but_not_answered_is_not_repeated_within_a_second(world: World) -> None:
    ts, _ = await cards(world)
    await asyncio.sleep(1.1)
    world.slack.fault("chat.update", "drop", times=1)
    await world.slack.click(TEAM, "U0COUNCIL", SLACK_ROOM, ts, "Agree")
    await world.until(lambda: len(world.slack.edits(SLACK_ROOM, ts)) >= 2, seconds=10, what="the second attempt")
    gaps = [later - earlier for earlier, later in itertools.pairwise(world.slack.edits(SLACK_ROOM, ts))]
    assert min(gaps) >= 1 - RESOLUTION, gaps


async def test_a_clock_that_jumps_sends_nothing_twice(world: World) -> None:
    world.teams.faults.clear()
    world.slack.fault("chat.postMessage", "slow", times=1, seconds=1.5)
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", LINE)
    await world.until(lambda: world.teams.messages(TENANT, TEAMS_ROOM), what="the card in Teams")
    world.clock.advance(3600)  # every lease has run out now, though its owner is still at work
    world.house.courier.wake()
    await asyncio.sleep(2.5)
    assert len([each for each in world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for]) == 1
    assert len(world.teams.messages(TENANT, TEAMS_ROOM)) == 1
