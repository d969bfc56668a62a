"""A click that is delivered again and again, by a network or by somebody who has kept it, has one effect."""

import asyncio
from collections import Counter
from collections.abc import Callable

import aiohttp
import pytest

from bot.server import listening
from bot.wiring import running
from core.agreements.queries import agreements, stances
from tests.faults import crowd
from tests.outside.wire import Signed, card_action, slack_button
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, World, a_world, free_port

TIMES = 100
PATHS = {"slack": "/slack/events", "teams": "/api/messages"}


def one_click_each(world: World, card: crowd.Card, label: str) -> dict[str, Signed]:
    """A click in each tool, as the vendors sign it."""
    slack, teams = crowd.sides(world)
    message = {"ts": card.ts, "user": "U0BOT", "bot_id": "B0", "team": TEAM, "text": "", "blocks": card.blocks}
    user, place = world.slack.world.user(TEAM, "U0COUNCIL"), world.slack.world.channel(TEAM, SLACK_ROOM)
    url = world.slack.payloads.response_url(user, place, card.ts)
    return {
        "slack": slack.click("U0COUNCIL", SLACK_ROOM, message, slack_button(card.blocks, label), url),
        "teams": teams.execute("oid-nurse", TEAMS_ROOM, card.activity, card_action(card.content, label)),
    }


async def deliver(session: aiohttp.ClientSession, address: str, tool: str, signed: Signed) -> tuple[int, str]:
    async with session.post(address + PATHS[tool], data=signed.body, headers=signed.headers) as answer:
        return answer.status, await answer.text()


async def kept(world: World) -> Counter[str]:
    """How many stances each organisation's people have taken."""
    ((agreement,), _) = await world.read(lambda session: agreements(session, 1))
    found = await world.read(lambda session: stances(session, agreement))
    return Counter(each.member_name for each in found)


async def test_a_hundred_replays_of_a_click_have_one_effect(migrated_url: str, report: Callable[[str], None]) -> None:
    async with a_world(migrated_url, SMALL) as world, aiohttp.ClientSession() as session:
        card = await crowd.opened(world)
        said = one_click_each(world, card, "Agree")
        second = one_click_each(world, card, "Disagree")
        for tool, signed in said.items():
            at_once = [deliver(session, world.address, tool, signed) for _ in range(TIMES)]
            answers = Counter(await asyncio.gather(*at_once))
            assert {status for status, _ in answers} == {200}
            # Its voter changes sides; the old click that comes once more changes nothing.
            assert (await deliver(session, world.address, tool, second[tool]))[0] == 200
            assert (await deliver(session, world.address, tool, signed))[0] == 200
        taken = await kept(world)
        assert sorted(taken.values()) == [2, 2], taken
        report(f"{TIMES} replays of one click in each tool: 1 effect each; once more after a change of mind: none")


@pytest.mark.postgresql
async def test_what_one_server_has_done_another_does_not_do_again(postgres_migrated_url: str) -> None:
    async with a_world(postgres_migrated_url, SMALL) as world, aiohttp.ClientSession() as session:
        card = await crowd.opened(world)
        said, second = one_click_each(world, card, "Agree"), one_click_each(world, card, "Disagree")
        settings = world.house.settings.model_copy(update={"port": free_port()})
        async with running(settings, world.clock) as other, listening(settings, other.routes, other) as address:
            for tool in said:
                both = [deliver(session, where, tool, said[tool]) for where in (world.address, address) * 10]
                assert {status for status, _ in await asyncio.gather(*both)} == {200}
                assert (await deliver(session, world.address, tool, second[tool]))[0] == 200
                assert (await deliver(session, address, tool, said[tool]))[0] == 200
        assert sorted((await kept(world)).values()) == [2, 2]
