"""Everything that a measurement needs: vendors, databases, boards, our server, and people who press buttons."""

import asyncio
import contextlib
import itertools
import json
import pathlib
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import psycopg

from bot import migrate
from tests.bench import boards, load
from tests.bench.boards import Size
from tests.bench.servers import Server, serving
from tests.databases import PostgresDatabases, SqliteFiles, private_postgres
from tests.outside.wire import SlackSide, TeamsSide, card_action, slack_button, slack_option
from tests.world import APP_ID, TEAM, TENANT, free_port

PATHS = {"slack": "/slack/events", "teams": "/api/messages"}
POSITIONS = ("Agree", "Disagree", "Abstain")


@dataclass(slots=True)
class Vendor:
    """Both vendors' hands: what they were told, and requests signed as theirs."""

    server: Server
    slack: SlackSide
    teams: TeamsSide
    session: aiohttp.ClientSession

    @property
    def base(self) -> str:
        """Their address."""
        return f"http://127.0.0.1:{self.server.port}"

    async def seen(self) -> Any:
        """Posts, edits and calls so far."""
        async with self.session.get(f"{self.base}/seen") as answer:
            return await answer.json()

    async def behave(self, *, delay: float = 0.0, limited: bool = False) -> None:
        """Answer so much later, or refuse edits."""
        async with self.session.post(f"{self.base}/mode", json={"delay": delay, "limited": limited}):
            pass

    async def forget(self) -> None:
        """Forget edits and calls."""
        async with self.session.post(f"{self.base}/forget"):
            pass

    async def cards(self, size: Size) -> "Cards":
        """The board's card in both rooms, once our server has posted it."""
        for _ in range(400):
            posts = (await self.seen())["posts"]
            ours = [post for post in posts if size.asks in json.dumps(post)]
            found = {post["tool"]: post for post in ours}
            if found.keys() == {"slack", "teams"}:
                return Cards(self, size, found["slack"], found["teams"])
            await asyncio.sleep(0.05)
        raise RuntimeError("the cards were not posted")


@dataclass(slots=True)
class Cards:
    """Where a board's card stands, and what pressing its buttons sends."""

    vendor: Vendor
    size: Size
    in_slack: dict[str, Any]
    in_teams: dict[str, Any]

    @property
    def labels(self) -> tuple[str, ...]:
        """Two options that people press."""
        return ("Option 1", "Option 2") if self.size.poll else POSITIONS[:2]

    def clicks(self, tool: str, people: Sequence[int], each: int = 1) -> list[bytes]:
        """`each` clicks of these people, every next one on another option; signed now."""
        made = []
        for round_ in range(each):
            for place, person in enumerate(people):
                label = self.labels[(place + round_) % 2]
                made.append(self.slack(person, label) if tool == "slack" else self.teams(person, label))
        return made

    def steady(self, tool: str, people: Sequence[int], each: int = 4) -> Iterator[bytes]:
        """The same without end, each a delivery of its own: one that comes again would only be told its old answer."""
        return self._from([_template(made, tool) for made in self.clicks(tool, people, each)], tool)

    def _from(self, templates: Sequence[tuple[bytes, bytes, int]], tool: str) -> Iterator[bytes]:
        for number in _deliveries:
            before, after, length = templates[number % len(templates)]
            body = before + f"{number:0{length}}".encode() + after
            signed = self.vendor.slack.signed(body) if tool == "slack" else self.vendor.teams.enveloped(body)
            yield load.raw(PATHS[tool], signed)

    def slack(self, person: int, label: str) -> bytes:
        """One click in Slack."""
        ts, blocks = self.in_slack["message"], self.in_slack["blocks"]
        message = {"ts": ts, "user": "U0BOT", "bot_id": "B0", "team": TEAM, "text": "", "blocks": blocks}
        url = f"{self.vendor.base}/respond/{person}"
        try:
            button = slack_button(blocks, label)
        except LookupError:  # of many options one is picked from a list
            button = slack_option(blocks, label)
        room, user = self.size.slack_room, self.size.slack_user(person)
        return load.raw(PATHS["slack"], self.vendor.slack.click(user, room, message, button, url))

    def teams(self, person: int, label: str) -> bytes:
        """One click in Teams."""
        inputs = None
        try:
            action = card_action(self.in_teams["content"], label)
        except LookupError:
            action, inputs = card_action(self.in_teams["content"], "Vote"), {"option": label.rpartition(" ")[2]}
        room, user = self.size.teams_room, self.size.teams_user(person)
        signed = self.vendor.teams.execute(user, room, self.in_teams["message"], action, inputs)
        return load.raw(PATHS["teams"], signed)


_deliveries = itertools.count(1)
_DELIVERY = {"slack": re.compile(rb"trigger_id%22%3A\+%22([^%]+)%22"), "teams": re.compile(rb'"id": "f:(\w+)"')}


def _template(request: bytes, tool: str) -> tuple[bytes, bytes, int]:
    """A body before and after what names its delivery, and how long that is."""
    body = request.partition(b"\r\n\r\n")[2]
    found = _DELIVERY[tool].search(body)
    assert found
    return body[: found.start(1)], body[found.end(1) :], found.end(1) - found.start(1)


@contextlib.asynccontextmanager
async def vendors(directory: pathlib.Path) -> AsyncIterator[Vendor]:
    """Both vendors, running."""
    port = free_port()
    teams = TeamsSide(APP_ID, TENANT, f"http://127.0.0.1:{port}/connector/")
    keys = directory / "keys.json"
    keys.write_text(json.dumps(teams.keys()))
    async with (
        serving(
            "vendors", port, "tests.bench.vendors", str(port), str(keys), log=directory / "vendors.log", ask="/seen"
        ) as server,
        aiohttp.ClientSession() as session,
    ):
        yield Vendor(server, SlackSide("signing secret for tests", TEAM), teams, session)


@dataclass(slots=True)
class Databases:
    """Fresh databases of both kinds."""

    sqlite: SqliteFiles
    postgres: PostgresDatabases

    def fresh(self, kind: str) -> str:
        """The URL of a migrated database."""
        return (self.sqlite if kind == "SQLite" else self.postgres).migrated()


@contextlib.contextmanager
def databases(directory: pathlib.Path) -> Iterator[Databases]:
    """SQLite files, and a PostgreSQL that keeps what it commits, unlike the tests' own."""
    with private_postgres() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(psycopg.sql.SQL("ALTER SYSTEM RESET {}").format(psycopg.sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        both = Databases(SqliteFiles(directory, migrate.upgrade), PostgresDatabases(server, migrate.upgrade))
        for each in (both.sqlite, both.postgres):
            each.migrated()  # from now on databases are copied, which needs no event loop of its own
        yield both


@contextlib.asynccontextmanager
async def folkmoot(url: str, vendor: Vendor, directory: pathlib.Path, **env: str) -> AsyncIterator[Server]:
    """Our server, whole: both tools, courier and clock."""
    port = free_port()
    settings = boards.settings_for(url, port, vendor.base) | env
    log = directory / f"folkmoot-{port}.log"
    async with serving("folkmoot", port, "bot.cli", "serve", env=settings, log=log) as server:
        yield server


@contextlib.asynccontextmanager
async def reference(name: str, argument: str, directory: pathlib.Path) -> AsyncIterator[Server]:
    """One of the reference servers."""
    port = free_port()
    log = directory / f"{name}-{port}.log"
    async with serving(name, port, "tests.bench.references", name, str(port), argument, log=log) as server:
        yield server
