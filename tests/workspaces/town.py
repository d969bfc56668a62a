"""A board that lives in two Slack workspaces and two tenants, each of which has installed Folkmoot by itself."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import new_ref
from core.partners.models import Identity, Member, Room
from tests.world import APP_ID, TEAM, TEAMS_ROOM, TENANT, Board, Someone, World, a_world

SECOND, THIRD = "T0SECOND1", "T0THIRD01"
OTHER = "b7c0ffee-0000-4000-8000-000000000002"
SECOND_ROOM, OTHER_ROOM = "C0SECOND1", "19:other@thread.tacv2"
COOKIE = "__Host-folkmoot-install"

TOWN = Board(
    people=(
        Someone("Carla Coordinator", "Council", "coordinator", teams="oid-coordinator"),
        Someone("Cleo Chair", "Council", "chair", slack="U0CHAIR"),
        Someone("Ravi Council", "Council", slack="U0COUNCIL", teams="oid-ravi"),
        Someone("Peter Police", "Police", teams="oid-police"),
        Someone("Colin College", "College"),
        Someone("Nadia Nurse", "Hospital"),
    ),
)
ELSEWHERE = (
    ("Colin College", "slack", SECOND, "U0COLLEGE"),
    ("Nadia Nurse", "teams", OTHER, "oid-nurse"),
)


async def write_elsewhere(session: AsyncSession, world: World) -> None:
    """The accounts and rooms in the second workspace and the other tenant."""
    now, url = world.clock.now(), world.teams.service_url
    members = {each.name: each for each in (await session.execute(select(Member))).scalars()}
    board = next(iter(members.values())).partnership_id
    for name, tool, workspace, account in ELSEWHERE:
        given = {"partnership_id": board, "tool": tool, "workspace": workspace, "created_at": now}
        session.add(Identity(member_id=members[name].id, account=account, **given))
    bot = f"28:{APP_ID}"
    for tool, workspace, conversation, reach in (
        ("slack", SECOND, SECOND_ROOM, {}),
        ("teams", OTHER, OTHER_ROOM, {"service_url": url, "bot": bot, "team": "19:team-of-other"}),
    ):
        given = {"partnership_id": board, "tool": tool, "workspace": workspace, "created_at": now}
        session.add(Room(ref=new_ref("room"), name="a partner's room", conversation=conversation, **given, **reach))


@dataclass
class Browser:
    """Somebody's browser: it keeps the cookie of an installation."""

    world: World
    session: aiohttp.ClientSession
    cookie: str = ""

    async def begin(self) -> str:
        """Open the install page; where it leads, and the cookie is kept."""
        async with self.session.get(f"{self.world.address}/slack/install", allow_redirects=False) as answer:
            assert answer.status == 302, answer.status
            self.flags = answer.headers["Set-Cookie"]
            self.cookie = answer.cookies[COOKIE].value
            return answer.headers["Location"]

    async def decide(self, where: str, **form: str) -> str:
        """Allow or deny on Slack's page; where Slack sends one back to."""
        async with self.session.post(where, data=form, allow_redirects=False) as answer:
            assert answer.status == 302, await answer.text()
            return answer.headers["Location"]

    async def back(self, where: str, cookie: str | None = None) -> tuple[int, str]:
        """Follow Slack back; status and page."""
        kept = self.cookie if cookie is None else cookie
        headers = {"Cookie": f"{COOKIE}={kept}"} if kept else {}
        async with self.session.get(where, headers=headers, allow_redirects=False) as answer:
            return answer.status, await answer.text()

    async def install(self, team: str, **form: str) -> tuple[int, str]:
        """All of it."""
        return await self.back(await self.decide(await self.begin(), team=team, **form))


@contextlib.asynccontextmanager
async def a_browser(world: World) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield Browser(world, session)


@contextlib.asynccontextmanager
async def a_town(url: str, **other: Any) -> AsyncIterator[tuple[World, Browser]]:
    """The town: its board is written, nothing is installed in Slack yet, and the other tenant is not allowed yet."""
    async with a_world(url, TOWN, many=True, **other) as world, a_browser(world) as browser:
        world.slack.add_workspace(SECOND, "College", installed=False)
        world.slack.add_user(SECOND, "U0COLLEGE", "Colin College")
        world.slack.add_channel(SECOND, SECOND_ROOM, "board", ["U0COLLEGE"])
        world.teams.add_tenant(OTHER, "Hospital")
        world.teams.add_user(OTHER, "oid-nurse", "Nadia Nurse")
        world.teams.add_channel(OTHER, OTHER_ROOM, "Board", ["oid-nurse"])
        await world.house.transactions.write(lambda session: write_elsewhere(session, world))
        yield world, browser


def shows(world: World, where: str) -> str:
    """The newest card about an agreement in one of the town's rooms, as words."""
    tool, workspace, room = PLACES[where]
    if tool == "slack":
        texts = [world.slack.text_of(each) for each in world.slack.messages(workspace, room) if not each.only_for]
    else:
        texts = [world.teams.text_of(each) for each in world.teams.messages(workspace, room)]
    cards = [" ".join(text.split()) for text in texts if "Agreement 1" in text]
    return cards[-1] if cards else ""


PLACES = {
    "T1": ("slack", TEAM, "C0BOARD01"),
    "T2": ("slack", SECOND, SECOND_ROOM),
    "A": ("teams", TENANT, TEAMS_ROOM),
    "B": ("teams", OTHER, OTHER_ROOM),
}
