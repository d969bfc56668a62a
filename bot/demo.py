"""The whole product on one machine: the Barnet board, a local Slack, a local Teams, and a page to play it."""

import asyncio
import contextlib
import dataclasses
import datetime
import secrets
import sys
from pathlib import Path

import aiohttp
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot import logs, migrate
from bot.clock import ShiftingClock
from bot.sandbox.demo_routes import Player, demo_routes
from bot.sandbox.slack import SlackSandbox
from bot.sandbox.teams import TeamsSandbox
from bot.server import listening, only_server, until_told_to_stop
from bot.settings import Settings
from bot.wiring import House, open_records, running
from core.errors import Refused
from core.exchange import BoardFile, import_board, read_board
from core.membership.founding import make_code
from core.partners.models import Identity, Member, Organisation, Room

EXAMPLE = Path("examples/barnet.toml")
DATABASE = Path("var/demo.db")
NEWCOMERS = (("Grace Okafor", "", "T"), ("Hugo Brandt", "S", ""), ("Ines Alvarez", "S", "T"))
"""People who are on no board yet, so that one can be founded; S for an account in Slack, T for one in Teams."""
NEW_ROOM = "New partnership"
WORKSPACE_NAME = "Barnet partners"
TENANT_NAME = "Barnet public services"


def demo(settings: Settings) -> None:
    """Serve the demo until it is told to stop. Every start is a fresh one. Raises Refused when it cannot start."""
    logs.configure("WARNING")
    database = demo_file(settings)
    with only_server(database):
        for suffix in ("", "-wal", "-shm"):
            Path(f"{database}{suffix}").unlink(missing_ok=True)
        asyncio.run(_demo(settings.model_copy(update=_sandboxed(settings, database))))


def demo_file(settings: Settings) -> Path:
    """The demo's own file: DATABASE_URL's if that is called demo.db, since whatever is in it is thrown away."""
    asked = settings.database_file
    return asked if asked is not None and asked.name == DATABASE.name else DATABASE


def _sandboxed(settings: Settings, database: Path) -> dict[str, object]:
    """The settings by which the product believes in the local Slack and Teams; secrets are new at each start."""
    base = f"http://127.0.0.1:{settings.port}"
    return {
        "database_url": f"sqlite+aiosqlite:///{database}",
        "host": "127.0.0.1",
        "folkmoot_secret_key": SecretStr(secrets.token_hex(32)),
        "slack_signing_secret": SecretStr(secrets.token_hex(16)),
        "slack_bot_token": SecretStr(f"xoxb-{secrets.token_hex(12)}"),
        "slack_app_token": SecretStr(""),
        "slack_api_url": f"{base}/sandbox/slack/api/",
        "teams_app_id": "f01c0007-0000-4000-8000-000000000001",
        "teams_app_password": SecretStr(secrets.token_hex(16)),
        "teams_openid_metadata": f"{base}/sandbox/teams/openid",
        "teams_login_url": f"{base}/sandbox/teams/login",
        "teams_service_hosts": f"127.0.0.1:{settings.port}",
        "teams_local_emulator": False,
    }


async def _demo(settings: Settings) -> None:
    clock = ShiftingClock()
    migrate_done = asyncio.to_thread(migrate.upgrade, settings.database_url)
    await migrate_done
    people, rooms, code = await _load(settings, clock)
    tenants = sorted({tenant for player in people if player.teams for tenant in [player.teams[0]]})
    settings = settings.model_copy(update={"teams_tenant_id": tenants[0], "teams_allowed_tenants": ",".join(tenants)})
    base = f"http://127.0.0.1:{settings.port}"
    async with aiohttp.ClientSession() as session, running(settings, clock) as house:
        slack, teams = _sandboxes(settings, session, clock, base)
        newcomers = _newcomers(people)
        _populate(slack, teams, people, rooms)
        _add_newcomers(slack, teams, newcomers)
        people = [*people, *newcomers]
        clock.moved = lambda: _hurry(house)
        routes = [
            *house.routes,
            *slack.routes(),
            *slack.page_routes(),
            *teams.routes(),
            *teams.page_routes(),
            *demo_routes(slack, teams, people, clock, offers=house.offers),
        ]
        async with listening(settings, routes, house) as address:
            sys.stderr.write(f"Folkmoot's demo is ready: {address}/ (stop it with Ctrl+C)\n")
            sys.stderr.write(f"To found a board of your own, be {NEWCOMERS[0][0]} in Teams and type: join {code}\n")
            sys.stderr.flush()
            with contextlib.suppress(asyncio.CancelledError):
                await until_told_to_stop()


_errands: set[asyncio.Task[None]] = set()


def _hurry(house: House) -> None:
    """The clock was moved, so what is due by now is due at once."""
    errand = asyncio.create_task(house.ticker.tick())
    _errands.add(errand)
    errand.add_done_callback(_errands.discard)
    house.courier.wake()


async def _load(settings: Settings, clock: ShiftingClock) -> tuple[list[Player], list[Room], str]:
    """Import the Barnet board, and point its Teams rooms at the local Teams; make a code to found another board."""
    board = _with_a_week_to_go(read_board(_example().read_bytes(), EXAMPLE.name), clock)
    transactions = open_records(settings)

    async def work(session: AsyncSession) -> tuple[list[Player], list[Room], str]:
        await import_board(session, board, clock.now(), open_=False)
        service_url = f"http://127.0.0.1:{settings.port}/sandbox/teams/connector/"
        bot = f"28:{settings.teams_app_id}"
        await session.execute(update(Room).where(Room.tool == "teams").values(service_url=service_url, bot=bot))
        rooms = list((await session.execute(select(Room))).scalars())
        return await _players(session), rooms, await make_code(session, clock.now())

    try:
        return await transactions.write(work)
    finally:
        await transactions.close()


def _example() -> Path:
    """The example in the source tree, or (in the container) in the working directory. Raises Refused without one."""
    beside = Path(__file__).parent.parent / EXAMPLE
    for path in (beside, EXAMPLE):
        if path.exists():
            return path
    raise Refused(f"The demo needs {EXAMPLE}. Start it in Folkmoot's source tree.")


def _with_a_week_to_go(board: BoardFile, clock: ShiftingClock) -> BoardFile:
    """The file's agreements and actions have days of their own; whenever the demo is started, they lie ahead."""
    closes_at = (clock.now() + datetime.timedelta(days=7)).replace(hour=17, minute=0, second=0, microsecond=0)
    agreements = tuple(dataclasses.replace(each, closes_at=closes_at) for each in board.agreements)
    first = min((each.due_on for each in board.work.actions), default=clock.now().date())
    later = clock.now().date() + datetime.timedelta(days=9) - first
    actions = tuple(dataclasses.replace(each, due_on=each.due_on + later) for each in board.work.actions)
    return dataclasses.replace(board, agreements=agreements, work=dataclasses.replace(board.work, actions=actions))


async def _players(session: AsyncSession) -> list[Player]:
    members = await session.execute(
        select(Member, Organisation.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .order_by(Member.id)
    )
    accounts: dict[tuple[int, str], tuple[str, str]] = {}
    for identity in (await session.execute(select(Identity))).scalars():
        accounts[identity.member_id, identity.tool] = (identity.workspace, identity.account)
    return [
        Player(
            name=member.name,
            role=member.role,
            organisation=organisation,
            slack=accounts.get((member.id, "slack")),
            teams=accounts.get((member.id, "teams")),
        )
        for member, organisation in members.tuples()
    ]


def _newcomers(people: list[Player]) -> list[Player]:
    """Those who are on no board yet, in the workspace and the tenant of the others."""
    team = next(player.slack[0] for player in people if player.slack)
    tenant = next(player.teams[0] for player in people if player.teams)
    return [
        Player(
            name=name,
            role="new here",
            organisation="no board yet",
            slack=(team, f"U0NEW{number:04}") if in_slack else None,
            teams=(tenant, f"00000000-0000-4000-9000-{number:012}") if in_teams else None,
        )
        for number, (name, in_slack, in_teams) in enumerate(NEWCOMERS, start=1)
    ]


def _add_newcomers(slack: SlackSandbox, teams: TeamsSandbox, newcomers: list[Player]) -> None:
    """Them, and a channel in each tool that belongs to no board yet."""
    in_slack = [(player.name, *player.slack) for player in newcomers if player.slack]
    in_teams = [(player.name, *player.teams) for player in newcomers if player.teams]
    for name, team, user in in_slack:
        slack.add_user(team, user, name)
    for name, tenant, oid in in_teams:
        teams.add_user(tenant, oid, name)
    name = NEW_ROOM.lower().replace(" ", "-")
    slack.add_channel(in_slack[0][1], "C0NEWROOM", name, [user for _, _, user in in_slack])
    teams.add_channel(in_teams[0][1], "19:newroom@thread.tacv2", NEW_ROOM, [oid for _, _, oid in in_teams])


def _sandboxes(
    settings: Settings, session: aiohttp.ClientSession, clock: ShiftingClock, base: str
) -> tuple[SlackSandbox, TeamsSandbox]:
    slack = SlackSandbox(
        target=f"{base}/slack/events",
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        bot_token=settings.slack_bot_token.get_secret_value(),
        session=session,
        clock=clock,
        base_url=base,
    )
    teams = TeamsSandbox(
        target=f"{base}/api/messages",
        app_id=settings.teams_app_id,
        app_password=settings.teams_app_password.get_secret_value(),
        session=session,
        clock=clock,
        base_url=base,
    )
    return slack, teams


def _populate(slack: SlackSandbox, teams: TeamsSandbox, people: list[Player], rooms: list[Room]) -> None:
    """Give both tools their people and channels."""
    in_slack = [(player, *player.slack) for player in people if player.slack]
    in_teams = [(player, *player.teams) for player in people if player.teams]
    for team in {team for _, team, _ in in_slack}:
        slack.add_workspace(team, WORKSPACE_NAME)
    for tenant in sorted({tenant for _, tenant, _ in in_teams}):
        teams.add_tenant(tenant, TENANT_NAME)
    for player, team, user in in_slack:
        slack.add_user(team, user, player.name)
    for player, tenant, oid in in_teams:
        teams.add_user(tenant, oid, player.name)
    for room in rooms:
        if room.tool == "slack":
            members = [user for _, team, user in in_slack if team == room.workspace]
            slack.add_channel(room.workspace, room.conversation, room.name.lstrip("#"), members)
        else:
            members = [oid for _, tenant, oid in in_teams if tenant == room.workspace]
            teams.add_channel(room.workspace, room.conversation, room.name, members)
