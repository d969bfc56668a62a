"""Boards of any size, written straight into the tables, with one agreement open on each."""

import datetime
from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.settings import Settings
from bot.wiring import open_records
from core.agreements.opening import Draft, open_voting, write_draft
from core.agreements.rules import Rule
from core.db import new_ref
from core.partners.models import Identity, Member, Organisation, Partnership, Room
from core.polls import drafting as polls
from core.polls.counting import Shape
from core.polls.drafting import Choice, Question
from core.polls.opening import open_poll, write_poll
from core.themes.actions import propose_theme
from core.themes.queries import themes
from tests.world import APP_ID, TEAM, TENANT

TEXT = "The partners are asked to adopt the five themes of the joint plan as drafted in the spring. " * 4
THEMES = ("Smart cities", "Arts and culture", "Clean air", "Safe streets", "Work and skills")


@dataclass(frozen=True, slots=True)
class Size:
    """How big a board is. `name` also tells its rooms and people apart from other boards'."""

    name: str
    organisations: int
    people: int  # all of them representatives, in both tools
    unit: str = "organisation"
    poll: int = 0  # options of a quick poll, which is then asked instead of the agreement

    @property
    def asks(self) -> str:
        """What it is asked: words that stand on its own cards alone."""
        return f"Which one, the {self.name} board?" if self.poll else f"Adopt the five themes of the {self.name} board"

    @property
    def slack_room(self) -> str:
        """Its channel in Slack."""
        return f"C0{self.name.upper()}"

    @property
    def teams_room(self) -> str:
        """Its conversation in Teams."""
        return f"19:{self.name}@thread.tacv2"

    def slack_user(self, number: int) -> str:
        """The account of one of its people in Slack."""
        return f"U{self.name.upper()}{number:06}"

    def teams_user(self, number: int) -> str:
        """The same person's in Teams."""
        return f"oid-{self.name}-{number:06}"


def settings_for(url: str, port: int, vendors: str) -> dict[str, str]:
    """The environment of a server that believes in these vendors."""
    return {
        "DATABASE_URL": url,
        "PORT": str(port),
        "FOLKMOOT_SECRET_KEY": "a key for tests only",
        "SLACK_SIGNING_SECRET": "signing secret for tests",
        "SLACK_BOT_TOKEN": "xoxb-for-tests",
        "REQUESTS_PER_PERSON": "1000000000",  # the limits are kept, and out of the way
        "REQUESTS_PER_WORKSPACE": "1000000000",
        "SLACK_API_URL": f"{vendors}/slack/api/",
        "TEAMS_APP_ID": APP_ID,
        "TEAMS_APP_PASSWORD": "password for tests",
        "TEAMS_TENANT_ID": TENANT,
        "TEAMS_OPENID_METADATA": f"{vendors}/openid",
        "TEAMS_LOGIN_URL": f"{vendors}/login",
        "TEAMS_SERVICE_HOSTS": vendors.removeprefix("http://"),
    }


async def write(url: str, vendors: str, *sizes: Size) -> None:
    """Write these boards; the server that starts on them will post their cards."""
    settings = Settings(database_url=url, folkmoot_secret_key=SecretStr("a key for tests only"))
    records = open_records(settings)
    for size in sizes:

        async def work(session: AsyncSession, size: Size = size) -> None:
            await _write(session, size, f"{vendors}/connector/")

        await records.write(work)
    await records.close()


async def _ask(session: AsyncSession, board: int, size: Size, now: datetime.datetime) -> None:
    options = tuple(Choice(f"Option {number}") for number in range(1, size.poll + 1))
    asked = polls.Draft(questions=(Question(size.asks, Shape.ONE, options),))
    await open_poll(session, await write_poll(session, board, asked, None, now), now)


async def _write(session: AsyncSession, size: Size, service_url: str) -> None:
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251 - the rows of a benchmark need no shifting clock
    board = Partnership(
        ref=new_ref("brd"),
        code=size.name[:12].upper(),
        name=f"The {size.name} board",
        principles=[],
        criteria=[],
        created_at=now,
        voting_unit=size.unit,
    )
    session.add(board)
    await session.flush()
    same = {"partnership_id": board.id, "created_at": now}
    rows = [
        {**same, "ref": new_ref("org"), "name": f"Partner organisation {number:05}", "sector": "health"}
        for number in range(size.organisations)
    ]
    await session.execute(insert(Organisation), rows)
    found = await session.execute(select(Organisation.id).where(Organisation.partnership_id == board.id))
    organisations = list(found.scalars())
    members = [
        {
            **same,
            "organisation_id": organisations[number % len(organisations)],
            "ref": f"mem_{size.name}{number:06}",
            "name": f"Person {number:05}",
            "role": "representative",
        }
        for number in range(size.people)
    ]
    await session.execute(insert(Member), members)
    keys = await session.execute(select(Member.ref, Member.id).where(Member.partnership_id == board.id))
    key_of = dict(keys.tuples().all())
    identities = []
    for number in range(size.people):
        mine = {**same, "member_id": key_of[f"mem_{size.name}{number:06}"]}
        identities.append({**mine, "tool": "slack", "workspace": TEAM, "account": size.slack_user(number)})
        identities.append({**mine, "tool": "teams", "workspace": TENANT, "account": size.teams_user(number)})
    await session.execute(insert(Identity), identities)
    for name in THEMES:
        await propose_theme(session, board.id, name=name, now=now)
    for tool, workspace, conversation, url, bot in (
        ("slack", TEAM, size.slack_room, "", ""),
        ("teams", TENANT, size.teams_room, service_url, f"28:{APP_ID}"),
    ):
        room = Room(**same, ref=new_ref("room"), name="the room", tool=tool, workspace=workspace)
        room.conversation, room.service_url, room.bot = conversation, url, bot
        session.add(room)
    await session.flush()
    if size.poll:
        await _ask(session, board.id, size, now)
        return
    draft = Draft(
        title=size.asks,
        text=TEXT,
        closes_at=now + datetime.timedelta(days=3),
        rule=Rule.SIMPLE_MAJORITY,
        quorum_share=0.5,
        theme_ids=[theme.id for theme in await themes(session, board.id)],
    )
    await open_voting(session, await write_draft(session, board.id, draft, None, now), "the benchmark", now)
