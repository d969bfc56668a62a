"""A whole Folkmoot with a local Slack and a local Teams around it, for tests that tell a board's story."""

import asyncio
import contextlib
import functools
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from bot.sandbox.slack import SlackSandbox, deliver, viewmethods
from bot.sandbox.teams import TeamsSandbox
from bot.server import listening
from bot.settings import Settings
from bot.wiring import House, running
from core.db import new_ref
from core.partners.models import Identity, Member, Organisation, Partnership, Room
from core.themes.actions import propose_theme

TEAM = "T0BOARD01"
TENANT = "8a1f3c52-9d0e-4b6f-8c2a-0f5d7e9b1a34"
SLACK_ROOM = "C0BOARD01"
TEAMS_ROOM = "19:board@thread.tacv2"
APP_ID = "f01c0007-0000-4000-8000-000000000001"

# Slack gives three seconds; a story on a loaded machine tells what happens, not how fast it happens.
deliver.ACK_SECONDS = viewmethods.TRIGGER_SECONDS = 30.0


@dataclass(frozen=True)
class Someone:
    """A member of a test board: `slack` is a user id, `teams` an object id, either may be missing."""

    name: str
    organisation: str
    role: str = "representative"
    slack: str = ""
    teams: str = ""


@dataclass(frozen=True)
class Board:
    """A test board, written straight into the tables."""

    name: str = "Test Partnership Board"
    people: tuple[Someone, ...] = ()
    sectors: dict[str, str] = field(default_factory=dict)
    not_voting: tuple[str, ...] = ()
    voting_unit: str = "organisation"
    themes: tuple[str, ...] = ()
    slack_room: str = SLACK_ROOM
    teams_room: str = TEAMS_ROOM
    code: str = "TPB"


SMALL = Board(
    people=(
        Someone("Cleo Chair", "Council", "chair", slack="U0CHAIR"),
        Someone("Carla Coordinator", "Council", "coordinator", slack="U0COORD", teams="oid-coordinator"),
        Someone("Ravi Council", "Council", slack="U0COUNCIL"),
        Someone("Peter Police", "Police", teams="oid-police"),
        Someone("Dora Deputy", "Police", "deputy", slack="U0DEPUTY"),
        Someone("Della Deputy", "Police", "deputy", teams="oid-deputy"),
        Someone("Nadia Nurse", "Hospital", teams="oid-nurse"),
        Someone("Colin College", "College", slack="U0COLLEGE"),
        Someone("Olga Observer", "Charity", "observer", slack="U0OBSERVER", teams="oid-observer"),
    ),
    sectors={"Council": "local government", "Police": "police", "Hospital": "NHS", "College": "education"},
    not_voting=("Charity",),
    themes=("Smart cities", "Arts and culture"),
)


@dataclass
class World:
    """What a test drives: the two tools' people, the clock, and the house for looking inside."""

    house: House
    slack: SlackSandbox
    teams: TeamsSandbox
    clock: ShiftingClock
    address: str
    session: aiohttp.ClientSession

    async def read(self, work: Callable[[AsyncSession], Any]) -> Any:
        """Look into the database."""
        return await self.house.transactions.read(work)

    async def until(self, happened: Callable[[], object], *, seconds: float = 30.0, what: str = "it") -> Any:
        """Wait until `happened()` is true and give its value; the test fails when it does not happen."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            with contextlib.suppress(LookupError, IndexError):
                if value := happened():
                    return value
            if asyncio.get_running_loop().time() > deadline:
                raise AssertionError(f"{what} did not happen within {seconds} s")
            await asyncio.sleep(0.02)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and let the clock do what is due."""
        self.clock.advance(seconds)
        await self.house.ticker.tick()
        self.house.courier.wake()


async def write_board(session: AsyncSession, board: Board, clock: ShiftingClock, service_url: str = "") -> int:
    """Write a board's tables; its key."""
    now = clock.now()
    partnership = Partnership(
        ref=new_ref("brd"),
        code=board.code,
        name=board.name,
        principles=[],
        criteria=[],
        created_at=now,
        voting_unit=board.voting_unit,
    )
    session.add(partnership)
    await session.flush()
    key = partnership.id
    organisations: dict[str, Organisation] = {}
    for name in dict.fromkeys(someone.organisation for someone in board.people):
        organisations[name] = Organisation(
            partnership_id=key,
            ref=new_ref("org"),
            name=name,
            sector=board.sectors.get(name, ""),
            voting=name not in board.not_voting,
            created_at=now,
        )
    session.add_all(organisations.values())
    await session.flush()
    for someone in board.people:
        member = Member(
            partnership_id=key,
            organisation_id=organisations[someone.organisation].id,
            ref=new_ref("mem"),
            name=someone.name,
            role=someone.role,
            created_at=now,
        )
        session.add(member)
        await session.flush()
        for tool, workspace, account in (("slack", TEAM, someone.slack), ("teams", TENANT, someone.teams)):
            if account:
                session.add(
                    Identity(
                        partnership_id=key,
                        member_id=member.id,
                        tool=tool,
                        workspace=workspace,
                        account=account,
                        created_at=now,
                    )
                )
    for name in board.themes:
        await propose_theme(session, key, name=name, now=now)
    rooms: Sequence[tuple[str, str, str, str]] = (
        ("slack", TEAM, board.slack_room, ""),
        ("teams", TENANT, board.teams_room, service_url),
    )
    for tool, workspace, conversation, url in rooms:
        if conversation:
            session.add(
                Room(
                    partnership_id=key,
                    ref=new_ref("room"),
                    name="the board's room",
                    tool=tool,
                    workspace=workspace,
                    conversation=conversation,
                    service_url=url,
                    bot=f"28:{APP_ID}" if url else "",
                    created_at=now,
                )
            )
    await session.flush()
    return key


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def settings_for(url: str, port: int) -> Settings:
    """Settings that believe in the sandboxes on this port."""
    base = f"http://127.0.0.1:{port}"
    return Settings(
        _env_file=None,
        database_url=url,
        port=port,
        folkmoot_secret_key=SecretStr("a key for tests only"),
        slack_signing_secret=SecretStr("signing secret for tests"),
        slack_bot_token=SecretStr("xoxb-for-tests"),
        slack_api_url=f"{base}/sandbox/slack/api/",
        teams_app_id=APP_ID,
        teams_app_password=SecretStr("password for tests"),
        teams_tenant_id=TENANT,
        teams_openid_metadata=f"{base}/sandbox/teams/openid",
        teams_login_url=f"{base}/sandbox/teams/login",
        teams_service_hosts=f"127.0.0.1:{port}",
        requests_per_person=1_000_000,  # crowds of a few people are no flood here
        requests_per_workspace=1_000_000,
    )


@contextlib.asynccontextmanager
async def a_world(
    url: str, *boards: Board, people: Board | None = None, many: bool = False, **other: Any
) -> AsyncIterator[World]:
    """Everything running: product, both tools, these boards, all their people and rooms.

    people: more accounts and channels in both tools, which are nobody's members and no board's rooms.
    many: workspaces install Folkmoot by themselves, and none has yet. other: settings, by their names.
    """
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    if many:
        client = {"slack_client_id": "1234.5678", "slack_client_secret": SecretStr("client secret for tests")}
        other = {"slack_bot_token": SecretStr(""), "public_url": base, **client, **other}
    settings = settings_for(url, port).model_copy(update=other)
    clock = ShiftingClock()
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session,
        running(settings, clock) as house,
    ):
        slack = SlackSandbox(
            target=f"{base}/slack/events",
            signing_secret="signing secret for tests",
            bot_token="xoxb-for-tests",
            session=session,
            clock=clock,
            base_url=base,
        )
        teams = TeamsSandbox(
            target=f"{base}/api/messages",
            app_id=APP_ID,
            app_password="password for tests",
            session=session,
            clock=clock,
            base_url=base,
        )
        slack.add_workspace(TEAM, "Partners", installed=not many)
        slack.installing.client_id = settings.slack_client_id
        slack.installing.client_secret = settings.slack_client_secret.get_secret_value()
        teams.add_tenant(TENANT, "Public services")
        for board in boards:
            written = functools.partial(
                write_board, board=board, clock=clock, service_url=f"{base}/sandbox/teams/connector/"
            )
            await house.transactions.write(written)
        await house.ticker.tick()  # what the clock plans at once is planned before anybody looks
        add_people(slack, teams, [*boards, *([people] if people else [])])
        async with listening(settings, [*house.routes, *slack.routes(), *teams.routes()], house) as address:
            yield World(house, slack, teams, clock, address, session)


def add_people(slack: SlackSandbox, teams: TeamsSandbox, boards: Sequence[Board]) -> None:
    """Give both tools the people and channels of these boards."""
    in_slack = {someone.slack: someone.name for board in boards for someone in board.people if someone.slack}
    in_teams = {someone.teams: someone.name for board in boards for someone in board.people if someone.teams}
    for user, name in in_slack.items():
        slack.add_user(TEAM, user, name)
    for oid, name in in_teams.items():
        teams.add_user(TENANT, oid, name)
    for board in boards:
        if board.slack_room:
            slack.add_channel(TEAM, board.slack_room, "partnership-board", list(in_slack))
        if board.teams_room:
            teams.add_channel(TENANT, board.teams_room, "Partnership Board", list(in_teams))
