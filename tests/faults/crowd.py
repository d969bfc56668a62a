"""A big board, and many of its people answering at the same moment through the real endpoints.

The sandboxes play the vendors for what Folkmoot sends out. What comes in is signed beforehand and posted by
a plain client, so that the load is the server's and not the sandbox's.
"""

import asyncio
import contextlib
import json
import pickle
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.slack import forms
from bot.sandbox.slack.world import OpenView
from tests.outside.wire import Signed, SlackSide, TeamsSide, card_action, slack_button
from tests.world import APP_ID, SLACK_ROOM, TEAM, TEAMS_ROOM, TENANT, Board, Someone, World

LABELS = ("Agree", "Abstain", "Disagree")
CLOSE = "Close early"
LINE = 'agree Adopt the five themes closes:"in 3 days" rule:"simple majority" quorum:50%'


def big_board(organisations: int = 200) -> Board:
    """So many organisations, each with a representative and a deputy, every second one with another deputy.

    200 organisations are 500 people.

    Half of the accounts are in Slack and half in Teams, and most organisations have people in both.
    """
    people = [
        Someone("Cleo Chair", "Convener", "chair", slack="U0CHAIR"),
        Someone("Carla Coordinator", "Convener", "coordinator", slack="U0COORD"),
    ]
    number = 0
    for place in range(organisations):
        roles = ("representative", "deputy", "deputy") if place % 2 else ("representative", "deputy")
        for role in roles:
            slack, teams = (f"U{number:06}", "") if number % 2 else ("", f"oid-{number:06}")
            people.append(Someone(f"{role.title()} {number}", f"Partner {place:03}", role, slack, teams))
            number += 1
    return Board(people=tuple(people), not_voting=("Convener",))


@dataclass(frozen=True, slots=True)
class Stance:
    """One stance that is about to be sent, to which server it goes, and what came of it."""

    person: Someone
    label: str
    tool: str
    signed: Signed


@dataclass(frozen=True, slots=True)
class Answered:
    """The HTTP answer: 0 when there was none."""

    status: int
    body: str
    ms: float


@dataclass(frozen=True, slots=True)
class Card:
    """Where the agreement's card stands in both tools, and how it was drawn when the race began."""

    ts: str
    blocks: list[dict[str, Any]]
    activity: str
    content: dict[str, Any]


async def opened(world: World, line: str = LINE) -> Card:
    """The coordinator opens the agreement, or asks what this line asks; its card in both rooms."""
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", line)

    def card() -> Card | None:
        posted = [each for each in world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for]
        sent = world.teams.messages(TENANT, TEAMS_ROOM)
        if not posted or not sent:
            return None
        content = sent[-1]["attachments"][0]["content"]
        return Card(posted[-1].ts, posted[-1].blocks, sent[-1]["id"], content)

    found: Card = await world.until(card, seconds=10, what="the card in both rooms")
    return found


def sides(world: World) -> tuple[SlackSide, TeamsSide]:
    """The vendors' signing hands, with the sandboxes' secrets and keys."""
    teams = TeamsSide(APP_ID, TENANT, f"{world.address}/sandbox/teams/connector/")
    teams.key, teams.kid = world.teams.keys._key, world.teams.keys.kid
    return SlackSide("signing secret for tests", TEAM), teams


async def let_them_know_the_keys(world: World, addresses: Sequence[str], known: str) -> None:
    """A server that has been up for a while knows the keys by which Teams signs."""
    teams = sides(world)[1]
    for address in addresses:
        signed = teams.signed(teams.activity("typing", known, TEAMS_ROOM))
        async with world.session.post(f"{address}/api/messages", data=signed.body, headers=signed.headers) as answer:
            assert answer.status == 200, await answer.text()


async def closing(world: World, card: Card) -> Stance:
    """The chair's form that closes the vote early: opened, filled in, signed and ready to be sent."""
    await world.slack.select(TEAM, "U0CHAIR", SLACK_ROOM, card.ts, "Close early")
    view: OpenView = await world.until(lambda: world.slack.modal(TEAM, "U0CHAIR"), what="the chair's form")
    forms.fill(view, {"why": "Everyone has had time to answer."})
    payload = world.slack.payloads.submission(world.slack.world.user(TEAM, "U0CHAIR"), view)
    signed = sides(world)[0].signed(urlencode({"payload": json.dumps(payload)}).encode())
    return Stance(Someone("Cleo Chair", "Convener"), CLOSE, "slack", signed)


def stances(world: World, board: Board, card: Card, chance: random.Random, *, twice: bool = False) -> list[Stance]:
    """Two stances of everyone who may vote, in any order, signed and ready.

    They are of any position; with `twice` both are the same, as two clicks on one button are.
    """
    slack, teams = sides(world)
    message = {"ts": card.ts, "user": "U0BOT", "bot_id": "B0", "team": TEAM, "text": "", "blocks": card.blocks}
    made = []
    for person in board.people:
        if person.organisation == "Convener":
            continue
        for label in chance.choices(LABELS) * 2 if twice else chance.choices(LABELS, k=2):
            if person.slack:
                user = world.slack.world.user(TEAM, person.slack)
                place = world.slack.world.channel(TEAM, SLACK_ROOM)
                url = world.slack.payloads.response_url(user, place, card.ts)
                button = slack_button(card.blocks, label)
                signed = slack.click(person.slack, SLACK_ROOM, message, button, url)
                made.append(Stance(person, label, "slack", signed))
            else:
                action = card_action(card.content, label)
                signed = teams.execute(person.teams, TEAMS_ROOM, card.activity, action)
                made.append(Stance(person, label, "teams", signed))
    chance.shuffle(made)
    return made


@contextlib.asynccontextmanager
async def ready_to_send(
    addresses: Sequence[str], sent: Sequence[Stance], where: Path
) -> AsyncIterator[Callable[[], Awaitable[list[tuple[Stance, Answered]]]]]:
    """A process that will post everything at the same moment, in turn to each address, once told to."""
    paths = {"slack": "/slack/events", "teams": "/api/messages"}
    rows = [
        (addresses[place % len(addresses)] + paths[stance.tool], dict(stance.signed.headers), stance.signed.body)
        for place, stance in enumerate(sent)
    ]
    given, taken = where / "requests", where / "answers"
    given.write_bytes(pickle.dumps(rows))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.faults.driver", str(given), str(taken)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert process.stdout
    assert process.stdin

    async def go() -> list[tuple[Stance, Answered]]:
        assert process.stdin
        process.stdin.write(b"go\n")
        await process.stdin.drain()
        assert await process.wait() == 0
        answers = [Answered(*row) for row in pickle.loads(taken.read_bytes())]
        return list(zip(sent, answers, strict=True))

    try:
        assert (await process.stdout.readline()).strip() == b"ready"
        yield go
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def watch_arrivals(world: World) -> None:
    """Let the database itself keep the order in which stances and register entries are written."""
    postgres = world.house.settings.database_file is None
    key = "BIGSERIAL PRIMARY KEY" if postgres else "INTEGER PRIMARY KEY AUTOINCREMENT"
    statements = [f"CREATE TABLE arrivals (n {key}, what TEXT, row_id INTEGER)"]
    for table in ("stances", "register"):
        insert = f"INSERT INTO arrivals (what, row_id) VALUES ('{table}', NEW.id);"
        if postgres:
            statements += [
                f"CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql "
                f"AS $$ BEGIN {insert} RETURN NEW; END $$",
                f"CREATE TRIGGER note AFTER INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION note_{table}()",
            ]
        else:
            statements.append(f"CREATE TRIGGER note_{table} AFTER INSERT ON {table} BEGIN {insert} END")

    async def work(session: AsyncSession) -> None:
        for statement in statements:
            await session.execute(text(statement))

    await world.house.transactions.write(work)


async def arrivals(session: AsyncSession) -> list[tuple[str, int]]:
    """What was written, in order: the table and the row's key."""
    found = await session.execute(text("SELECT what, row_id FROM arrivals ORDER BY n"))
    return [(what, row) for what, row in found.tuples()]
