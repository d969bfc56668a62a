"""Rooms that are archived, workspaces that revoke the token, messages that nobody wants any more: the coordinator hears
of it once, nothing is lost, and all goes on when it is mended."""

import datetime
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import outgoing
from core.outbox import Outgoing, Pause, Posting, announce
from core.partners.models import Identity, Member, Room
from core.partners.notices import ShutOut
from core.reminders.views import ShowDigest
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, TENANT, World, a_world

PROPOSE = 'agree Adopt the two themes closes:"in 3 days" rule:consent quorum:3'


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """The small board, running in both tools; its coordinator was last seen in Slack."""
    async with a_world(migrated_url, SMALL) as world:
        yield world


def told_in_teams(world: World, words: str) -> int:
    """How many direct messages to the coordinator in Teams say this."""
    chat = world.teams.store.personal(TENANT, "oid-coordinator")
    return sum(words in world.teams.text_of(each) for each in world.teams.messages(TENANT, chat.id))


def told_in_slack(world: World, words: str) -> int:
    chat = world.slack.dm(TEAM, "U0COORD")
    return sum(words in world.slack.text_of(each) for each in world.slack.messages(TEAM, chat))


async def say(world: World, key: str, *, to: str = "rooms", **more: Any) -> None:
    """Write a message for all rooms, or for one member by name."""

    async def work(session: AsyncSession) -> None:
        if to == "rooms":
            found = (await session.execute(select(Room.id).order_by(Room.id))).scalars().all()
            rooms, members = tuple(found), tuple[int, ...]()
        else:
            found = (await session.execute(select(Member.id).where(Member.name == to))).scalars().all()
            rooms, members = (), tuple(found)
        view = ShutOut("slack", f"only a test, {key}")
        await announce(session, 1, view, key=key, now=world.clock.now(), rooms=rooms, members=members, **more)

    await world.house.transactions.write(work)


async def all_of(world: World, what: Any) -> list[Any]:
    async def work(session: AsyncSession) -> list[Any]:
        query = select(what)
        if query.get_final_froms()[0] is Outgoing.__table__:
            # The board's weekly digest falls due as time passes, which is another story.
            query = query.where(Outgoing.view != ShowDigest.command)
        return list((await session.execute(query)).scalars())

    found: list[Any] = await world.read(work)
    return found


async def eventually(world: World, what: Any, happened: Any, *, seconds: float = 20.0) -> None:
    """Wait until the rows say so."""
    import asyncio

    for _ in range(int(seconds * 10)):
        if happened(await all_of(world, what)):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(await all_of(world, what))


async def test_an_archived_room_is_parked_told_once_and_comes_back_with_join(world: World) -> None:
    await world.slack.archive(TEAM, SLACK_ROOM)
    for number in range(3):
        await say(world, f"news{number}")
    await eventually(world, Outgoing.state, lambda states: states.count("parked") == 3)
    (room,) = [each for each in await all_of(world, Room) if each.tool == "slack"]
    assert room.state == "lost"
    await world.until(
        lambda: told_in_slack(world, "A room can't be reached") + told_in_teams(world, "A room can't be reached"),
        seconds=15,
        what="a word to the coordinator",
    )
    await eventually(world, Outgoing.state, lambda states: set(states) <= {"parked", "sent"})
    assert told_in_slack(world, "A room can't be reached") + told_in_teams(world, "A room can't be reached") == 1

    world.slack.world.channel(TEAM, SLACK_ROOM).archived = False
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", "join")
    await eventually(world, Outgoing.state, lambda states: set(states) == {"sent"}, seconds=30)
    words = [world.slack.text_of(each) for each in world.slack.messages(TEAM, SLACK_ROOM)]
    assert [sum(f"news{number}" in each for each in words) for number in range(3)] == [1, 1, 1]


async def test_a_card_follows_the_state_again_after_its_room_was_lost(world: World) -> None:
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", PROPOSE)
    await world.until(lambda: world.teams.messages(TENANT, TEAMS_ROOM), seconds=15, what="the card in Teams")
    await eventually(world, Posting.state, lambda found: len(found) == 2)
    await world.slack.remove_bot(TEAM, SLACK_ROOM)
    world.slack.fault("chat.update", "error", times=1, error="not_in_channel")
    card = world.teams.messages(TENANT, TEAMS_ROOM)[-1]["id"]
    await world.teams.execute(TENANT, "oid-police", TEAMS_ROOM, card, "Consent")
    await eventually(world, Room.state, lambda found: "lost" in found)

    world.slack.world.channel(TEAM, SLACK_ROOM).bot = True
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", "join")
    await world.until(
        lambda: any("1 of 4" in world.slack.text_of(each) for each in world.slack.messages(TEAM, SLACK_ROOM)),
        seconds=20,
        what="the card as it is now",
    )


async def test_a_revoked_token_pauses_the_workspace_and_the_coordinator_hears_of_it_in_the_other_tool(
    world: World,
) -> None:
    world.slack.fault("chat.postMessage", "error", times=None, error="token_revoked")
    for number in range(5):
        await say(world, f"news{number}")
    await eventually(world, Pause.lane, lambda lanes: lanes == [f"slack:{TEAM}"])
    await world.until(lambda: told_in_teams(world, "token_revoked"), seconds=15, what="a word in Teams")
    await eventually(world, Outgoing.state, lambda states: states.count("waiting") == 5)
    waiting = [each for each in await all_of(world, Outgoing) if each.state == "waiting"]
    assert {each.attempts for each in waiting} == {0}, "what a revoked token turned away was counted as an attempt"

    # Someone with accounts in both tools is reached in the other meanwhile.
    await say(world, "to-carla", to="Carla Coordinator")
    await world.until(lambda: told_in_teams(world, "to-carla"), seconds=15, what="the message in Teams")

    tried = sum(each.method == "chat.postMessage" for each in world.slack.calls)
    world.slack.clear_faults()
    await world.pass_time(30)
    await say(world, "another")
    assert sum(each.method == "chat.postMessage" for each in world.slack.calls) == tried, "it was tried while paused"
    await world.pass_time(180)
    await eventually(world, Outgoing.state, lambda states: set(states) == {"sent"}, seconds=40)
    assert await all_of(world, Pause) == []
    assert told_in_teams(world, "token_revoked") == 1


async def test_the_operator_pauses_and_resumes_a_workspace(world: World) -> None:
    lane = f"slack:{TEAM}"
    assert await world.house.transactions.write(lambda session: outgoing.pause(session, lane, world.clock.now()))
    await say(world, "news")
    await world.until(lambda: len(world.teams.messages(TENANT, TEAMS_ROOM)), seconds=15, what="the message in Teams")
    await world.pass_time(3600)
    await eventually(world, Outgoing.state, lambda states: sorted(states) == ["sent", "waiting"])
    listed = await world.read(lambda session: outgoing.listed(session, (), 10))
    assert any(lane in line and "operator" in line for line in listed)
    assert await world.house.transactions.write(lambda session: outgoing.resume(session, lane))
    await eventually(world, Outgoing.state, lambda states: states == ["sent", "sent"])


async def test_what_nobody_wants_any_more_is_not_sent(world: World) -> None:
    lane = f"slack:{TEAM}"
    await world.house.transactions.write(lambda session: outgoing.pause(session, lane, world.clock.now()))
    await say(world, "news", expires_at=world.clock.now() + datetime.timedelta(minutes=5))
    await eventually(world, Outgoing.state, lambda states: sorted(states) == ["sent", "waiting"])
    world.clock.advance(400)
    await world.house.ticker.sweep()
    assert sorted(await all_of(world, Outgoing.state)) == ["moot", "sent"]

    await world.house.transactions.write(lambda session: outgoing.resume(session, lane))
    await say(world, "late", expires_at=world.clock.now() - datetime.timedelta(seconds=1))
    await eventually(world, Outgoing.state, lambda states: sorted(states) == ["moot", "moot", "moot", "sent"])


async def test_a_member_who_cannot_be_reached_is_told_of_once(world: World) -> None:
    world.teams.install(TENANT, "oid-nurse", False)

    async def reachable(session: AsyncSession) -> None:
        url = (await session.execute(select(Room.service_url).where(Room.tool == "teams"))).scalar_one()
        await session.execute(update(Identity).where(Identity.tool == "teams").values(service_url=url))

    await world.house.transactions.write(reachable)
    await say(world, "one", to="Nadia Nurse")
    await say(world, "two", to="Nadia Nurse")
    await eventually(world, Outgoing.state, lambda states: states.count("parked") == 2)
    await eventually(world, Outgoing.state, lambda states: states.count("sent") == 1)
    assert told_in_slack(world, "Nadia Nurse") + told_in_teams(world, "Nadia Nurse") == 1
