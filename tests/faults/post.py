"""Boards with many workspaces, messages for them, and servers that carry these: in this process, or as one to kill."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import aiohttp
from pydantic import SecretStr
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SystemClock
from bot.settings import Settings
from bot.wiring import House, open_records, running
from core.db import new_ref
from core.outbox import Outgoing, announce
from core.partners.models import Identity, Member, Organisation, Partnership, Room
from core.partners.notices import ShutOut
from core.transactions import Transactions
from tests.faults.platforms import Platforms

ROOT = Path(__file__).resolve().parents[2]
KEY = "a key for tests only"
NOW = SystemClock().now()


def settings_for(url: str, platforms: Platforms, port: int = 0) -> Settings:
    """Settings that believe in these platforms."""
    return Settings(
        _env_file=None,
        database_url=url,
        port=port or 8000,
        folkmoot_secret_key=SecretStr(KEY),
        slack_signing_secret=SecretStr("signing secret for tests"),
        slack_bot_token=SecretStr("xoxb-for-tests"),
        slack_api_url=f"{platforms.address}/slack/",
        teams_local_emulator=True,
    )


def workspace(tool: str, number: int) -> str:
    """The name of a workspace or tenant."""
    return f"{'T' if tool == 'slack' else 'tenant-'}{number:02}"


async def write_rooms(
    session: AsyncSession, platforms: Platforms, spaces: Sequence[tuple[str, int]], each: int
) -> list[int]:
    """A board with so many rooms in each workspace; the rooms' keys, those of the first workspace first."""
    board = Partnership(
        ref=new_ref("brd"), code="TPB", name=new_ref("Board"), principles=[], criteria=[], created_at=NOW
    )
    session.add(board)
    await session.flush()
    rows = [
        {
            "partnership_id": board.id,
            "ref": new_ref("room"),
            "name": "a room",
            "tool": tool,
            "workspace": workspace(tool, space),
            "conversation": f"{'C' if tool == 'slack' else '19:'}{space:02}x{number:03}",
            "service_url": "" if tool == "slack" else f"{platforms.address}/teams/",
            "bot": "" if tool == "slack" else "28:bot",
            "state": "connected",
            "created_at": NOW,
        }
        for tool, space in spaces
        for number in range(each)
    ]
    await session.execute(insert(Room), rows)
    return list(
        (await session.execute(select(Room.id).where(Room.partnership_id == board.id).order_by(Room.id))).scalars()
    )


async def write_people(
    session: AsyncSession, platforms: Platforms, spaces: Sequence[tuple[str, int]], each: int
) -> list[int]:
    """A board with so many people in each workspace; their keys, taking the workspaces in turn."""
    board = Partnership(
        ref=new_ref("brd"), code="TPB", name=new_ref("Board"), principles=[], criteria=[], created_at=NOW
    )
    session.add(board)
    await session.flush()
    partner = Organisation(partnership_id=board.id, ref=new_ref("org"), name="Partner", created_at=NOW)
    session.add(partner)
    await session.flush()
    accounts = [(tool, space, number) for number in range(each) for tool, space in spaces]
    people = [
        {
            "partnership_id": board.id,
            "organisation_id": partner.id,
            "ref": new_ref("mem"),
            "name": f"Person {place}",
            "role": "representative",
            "created_at": NOW,
        }
        for place in range(len(accounts))
    ]
    await session.execute(insert(Member), people)
    keys = list(
        (
            await session.execute(select(Member.id).where(Member.partnership_id == board.id).order_by(Member.id))
        ).scalars()
    )
    identities = [
        {
            "partnership_id": board.id,
            "member_id": key,
            "tool": tool,
            "workspace": workspace(tool, space),
            "account": f"{'U' if tool == 'slack' else 'oid-'}{space:02}x{number:03}",
            "conversation": "",
            "service_url": "" if tool == "slack" else f"{platforms.address}/teams/",
            "bot": "" if tool == "slack" else "28:bot",
            "created_at": NOW,
        }
        for key, (tool, space, number) in zip(keys, accounts, strict=True)
    ]
    await session.execute(insert(Identity), identities)
    return keys


async def write_messages(
    session: AsyncSession, *, rooms: Sequence[int] = (), members: Sequence[int] = (), each: int = 1, name: str = "m"
) -> None:
    """So many messages for each of them, all due at once, the first for everyone before the second."""
    table = Room if rooms else Member
    board = (await session.execute(select(table.partnership_id).where(table.id == (rooms or members)[0]))).scalar_one()
    for number in range(each):
        view = ShutOut("slack", f"message {number}")
        key = f"{name}{number}"
        await announce(session, board, view, key=key, now=NOW, rooms=tuple(rooms), members=tuple(members))


async def states(records: Transactions) -> dict[str, int]:
    """How many messages are in each state."""

    async def count(session: AsyncSession) -> dict[str, int]:
        found = await session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
        return dict(found.tuples().all())

    return await records.read(count)


async def claimed(records: Transactions) -> set[str]:
    """The keys of the messages that a server has taken up and not finished."""

    async def work(session: AsyncSession) -> set[str]:
        return set((await session.execute(select(Outgoing.key).where(Outgoing.state == "claimed"))).scalars())

    return await records.read(work)


@contextlib.asynccontextmanager
async def records_of(url: str) -> AsyncIterator[Transactions]:
    """The database, for filling it and for looking into it."""
    records = open_records(Settings(_env_file=None, database_url=url, folkmoot_secret_key=SecretStr(KEY)))
    try:
        yield records
    finally:
        await records.close()


@contextlib.asynccontextmanager
async def carrying(url: str, platforms: Platforms) -> AsyncIterator[House]:
    """A server in this process, without its HTTP side."""
    async with running(settings_for(url, platforms)) as house:
        yield house


async def until(happened: Any, *, seconds: float, what: str) -> float:
    """Wait for it (`happened` may be a coroutine function); how long it took."""
    began = time.monotonic()
    while True:
        found = happened()
        if asyncio.iscoroutine(found):
            found = await found
        if found:
            return time.monotonic() - began
        if time.monotonic() - began > seconds:
            raise AssertionError(f"{what} did not happen within {seconds} s")
        await asyncio.sleep(0.05)


class Server:
    """`folkmoot serve` as another process."""

    def __init__(self, url: str, platforms: Platforms, port: int, folder: Path) -> None:
        self._url, self._platforms, self._port, self._folder = url, platforms, port, folder
        self.process: asyncio.subprocess.Process | None = None
        self.log = folder / f"server-{port}.log"

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        environment = {
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/bin:/bin",
            "HOME": str(self._folder),
            "DATABASE_URL": self._url,
            "PORT": str(self._port),
            "FOLKMOOT_SECRET_KEY": KEY,
            "SLACK_SIGNING_SECRET": "signing secret for tests",
            "SLACK_BOT_TOKEN": "xoxb-for-tests",
            "SLACK_API_URL": f"{self._platforms.address}/slack/",
            "TEAMS_LOCAL_EMULATOR": "1",
        }
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.cli", "serve", cwd=self._folder, env=environment, stderr=log, stdout=log
            )
        await until(self.healthy, seconds=60, what="the server's answer")

    async def healthy(self, path: str = "/healthz") -> bool:
        """Whether it answers 200."""
        with contextlib.suppress(aiohttp.ClientError, OSError, TimeoutError):
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=3)) as session,
                session.get(f"http://127.0.0.1:{self._port}{path}") as answer,
            ):
                return answer.status == 200
        return False

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()

    async def gone(self) -> None:
        """Wait until it is."""
        if self.process is not None:
            await self.process.wait()
