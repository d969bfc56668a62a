"""Whose Teams is heard, who has knocked, what becomes of rooms, and how much one may ask for."""

import asyncio
import json
import logging
import secrets
import time
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from adapters.slack.news import news_of
from core.partners.models import Room
from core.register.models import Entry
from core.requests import Actor, Place, Request, Whisper
from core.throttle import TOO_FAST, Buckets
from core.workspaces.models import Knock
from tests.workspaces.test_many_workspaces import carla_heard, carla_says, states
from tests.workspaces.town import OTHER, OTHER_ROOM, a_town
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, TENANT, World, a_world


def says(world: World) -> str:
    """What stands in the coordinator's Teams room, answers to typed lines included."""
    said = " ".join(world.teams.text_of(each) for each in world.teams.messages(TENANT, TEAMS_ROOM))
    return " ".join(said.split())


def path_of(card: Any, title: str, path: tuple[str | int, ...] = ()) -> tuple[str | int, ...]:
    """Where in a card the button stands that does what `title` says, behind whatever asks first."""
    if isinstance(card, dict) and card.get("type") == "Action.Execute" and card.get("title") == title:
        return path
    inside = card.items() if isinstance(card, dict) else enumerate(card) if isinstance(card, list) else ()
    return next((found for key, each in inside if (found := path_of(each, title, (*path, key)))), ())


async def test_a_tenant_knocks_and_is_let_in_and_put_out_again(
    migrated_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with a_town(migrated_url) as (world, _):
        assert [each.status for each in await world.teams.install_in(OTHER_ROOM)] == [401, 401]
        await world.until(lambda: [r for r in caplog.records if getattr(r, "claimed", "") == OTHER], what="a log line")
        line = next(record for record in caplog.records if getattr(record, "claimed", "") == OTHER)
        told = line.__dict__
        assert (told["reason"], told["remote"], told["tool"]) == ("foreign tenant", "127.0.0.1", "teams")

        async def knocks(session: AsyncSession) -> list[int]:
            return list((await session.execute(select(Knock.times).where(Knock.tenant == OTHER))).scalars())

        while not (found := await world.read(knocks)):
            await asyncio.sleep(0.02)
        assert found == [1]  # both events of one installation, and once a minute at most
        await carla_says(world, "tenants")
        await world.until(lambda: f"{OTHER} — once" in says(world), what="the knock on the list")
        assert (await world.teams.say(OTHER, "oid-nurse", OTHER_ROOM, "@Folkmoot home")).status == 401
        await carla_says(world, f'tenants {OTHER.upper()} name:"Hospital trust"')
        await world.until(lambda: "Hospital trust is on the list now" in says(world), what="an answer")
        chat = world.teams.personal(OTHER, "oid-nurse")
        began = time.monotonic()
        while (await world.teams.say(OTHER, "oid-nurse", chat, "home")).status != 200:
            assert time.monotonic() - began < 5  # what was not there is believed for two seconds
            await asyncio.sleep(0.2)
        assert (await world.teams.say(TENANT, "oid-police", TEAMS_ROOM, f"@Folkmoot tenants {OTHER}")).status == 200
        await world.until(lambda: "only the chair or coordinator can do this" in says(world), what="an answer")
        newest = world.teams.messages(TENANT, TEAMS_ROOM)
        await carla_says(world, "tenants")
        await world.until(lambda: len(world.teams.messages(TENANT, TEAMS_ROOM)) > len(newest) + 1, what="the list")
        message = world.teams.messages(TENANT, TEAMS_ROOM)[-1]
        asked = path_of(message["attachments"][0]["content"], "Take off the list")
        done = await world.teams.execute(TENANT, "oid-coordinator", TEAMS_ROOM, message["id"], asked)
        assert done.status == 200, done
        assert (await states(world))[OTHER_ROOM] == "left"

        async def entries(session: AsyncSession) -> list[str]:
            return list((await session.execute(select(Entry.kind).order_by(Entry.position))).scalars())

        assert await world.read(entries) == ["tenant allowed", "tenant disallowed"]


@pytest.mark.parametrize("typed", ["hospital", "8a1f3c52", "*", "' OR 1=1 --", "8a1f3c52-9d0e-4b6f-8c2a-0f5d7e9b1a3g"])
async def test_what_is_no_tenant_is_refused_in_one_sentence(typed: str, sqlite_url: str) -> None:
    async with a_world(sqlite_url, SMALL) as world:
        place = Place("teams", TENANT, "a:chat", personal=True)
        actor = Actor("teams", TENANT, "oid-coordinator")
        reply = await world.house.desk.handle(Request(actor, place, "line", line=f'tenants "{typed}"'))
        assert isinstance(reply, Whisper) and "A tenant's id looks like" in reply.card.summary


async def test_rooms_follow_their_channels(migrated_url: str) -> None:
    async with a_world(migrated_url, SMALL) as world:
        slack, teams = world.slack, world.teams

        async def names(session: AsyncSession) -> dict[str, str]:
            return dict((await session.execute(select(Room.conversation, Room.name))).tuples().all())

        async def room_states() -> dict[str, str]:
            return await states(world)

        assert (await slack.rename(TEAM, SLACK_ROOM, "the-new-board")).ok
        assert (await teams.rename_channel(TEAMS_ROOM, "The new board")).status == 200
        assert await world.read(names) == {SLACK_ROOM: "the-new-board", TEAMS_ROOM: "The new board"}
        for deed, back in ((slack.archive, slack.reopen), (slack.remove_bot, slack.invite_bot)):
            assert (await deed(TEAM, SLACK_ROOM)).ok
            assert (await room_states())[SLACK_ROOM] == "lost"
            assert (await deed(TEAM, SLACK_ROOM)).ok  # told twice
            assert (await back(TEAM, SLACK_ROOM)).ok
            assert (await room_states())[SLACK_ROOM] == "connected"
        assert (await slack.move(TEAM, SLACK_ROOM, "C0MOVED01")).ok
        assert (await room_states())["C0MOVED01"] == "connected"
        for event, more, wanted in (
            ("channelDeleted", {"channel": {"id": TEAMS_ROOM}}, "lost"),
            ("channelRestored", {"channel": {"id": TEAMS_ROOM}}, "connected"),
        ):
            assert (await teams.happens(TEAMS_ROOM, event, **more)).status == 200
            assert (await room_states())[TEAMS_ROOM] == wanted
        await teams.say(TENANT, "oid-coordinator", TEAMS_ROOM, "@Folkmoot join")  # and now its team is known
        for event, wanted in (("teamArchived", "lost"), ("teamUnarchived", "connected"), ("teamDeleted", "lost")):
            assert (await teams.happens(TEAMS_ROOM, event)).status == 200
            assert (await room_states())[TEAMS_ROOM] == wanted
        assert not slack.errors and not teams.errors


async def test_events_of_nobody_and_of_other_members_change_nothing(sqlite_url: str) -> None:
    left = {"type": "member_left_channel", "user": "U1", "channel": "C1"}
    assert news_of({"event": left, "team_id": "T1"}, "U0") == []
    assert news_of({"event": {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}, "team_id": "T1"}, "U0") == []
    assert news_of({"event": {"type": "tokens_revoked", "tokens": None}, "team_id": "T1"}, "U0") == []
    assert news_of({"event": {"type": "app_uninstalled"}}, "U0") == []
    oddities: tuple[Any, ...] = (None, [], {}, 7, "x" * 5_000)
    for odd in oddities:
        for kind in ("channel_rename", "channel_archive", "channel_id_changed", "team_access_revoked"):
            news_of({"event": {"type": kind, "channel": odd, "team_ids": odd}, "team_id": "T1"}, "U0")


async def test_the_token_of_one_workspace_is_no_other_ones(sqlite_url: str) -> None:
    """With an own token and installations side by side, each workspace is written to with its own."""
    async with a_town(sqlite_url) as (world, browser):
        assert (await browser.install(TEAM))[0] == 200
        # Nobody has installed it in the second workspace: its room is lost, and no other token is tried there.
        await carla_says(world, 'agree Five themes closes:"in 3 days"')
        await world.until(lambda: "no cards any more" in carla_heard(world), what=carla_heard(world))
        assert [room for room, state in (await states(world)).items() if state == "lost"] == ["C0SECOND1"]
        assert not [each for each in world.slack.calls if each.args.get("channel") == "C0SECOND1"]


async def test_too_many_requests_of_one_person_are_refused_and_others_are_served(sqlite_url: str) -> None:
    async with a_world(sqlite_url, SMALL, requests_per_person=5, requests_per_workspace=0) as world:
        for _ in range(6):
            assert (await world.slack.command(TEAM, "U0CHAIR", SLACK_ROOM, "/board", "home")).ok
        await world.until(lambda: len(world.slack.messages(TEAM, SLACK_ROOM, "U0CHAIR")) >= 6)
        said = [world.slack.text_of(each) for each in world.slack.messages(TEAM, SLACK_ROOM, "U0CHAIR")]
        assert [TOO_FAST in each for each in said] == [False] * 5 + [True]
        assert (await world.slack.command(TEAM, "U0COUNCIL", SLACK_ROOM, "/board", "home")).ok
        heard = [world.slack.text_of(each) for each in world.slack.messages(TEAM, SLACK_ROOM, "U0COUNCIL")]
        assert TOO_FAST not in "".join(heard)


def test_a_bucket_refills_evenly() -> None:
    moment = 0.0
    buckets = Buckets(60, lambda: moment)
    assert [buckets.take("a") for _ in range(61)] == [True] * 60 + [False]
    assert buckets.take("b")
    moment = 2.0
    assert [buckets.take("a") for _ in range(3)] == [True, True, False]
    assert all(Buckets(0).take("a") for _ in range(1_000))


async def test_floods_hear_429_and_good_requests_from_the_same_address_are_served(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with a_world(sqlite_url, SMALL) as world:
        marker = secrets.token_hex(8)
        statuses = []
        for path in ("/slack/events", "/api/messages") * 75:
            body, headers = json.dumps({"text": marker}), {"X-Forwarded-For": "203.0.113.9"}
            async with world.session.post(world.address + path, data=body, headers=headers) as answer:
                statuses.append(answer.status)
        assert set(statuses[:100]) == {401} and 429 in statuses[120:] and set(statuses) == {401, 429}
        assert (await world.slack.command(TEAM, "U0CHAIR", SLACK_ROOM, "/board", "help")).ok
        pages = []
        for _ in range(61):
            async with world.session.get(f"{world.address}/slack/oauth_redirect") as answer:
                pages.append(answer.status)
        assert pages == [404] * 60 + [429]  # this server has nothing to install, and says so for a while
        lines = [record.__dict__ for record in caplog.records if record.name == "bot.doorkeeper"]
        assert {line["remote"] for line in lines} == {"203.0.113.9", "127.0.0.1"} and 2 <= len(lines) <= 130
        assert marker not in str(lines)
