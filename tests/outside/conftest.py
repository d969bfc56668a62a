"""The product as a real process between two tiny vendors, on SQLite and on PostgreSQL in turn."""

import contextlib
import secrets
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from tests.outside.board import Unknown
from tests.outside.product import Product
from tests.outside.vendors import Vendors
from tests.outside.wire import Signed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Outside:
    """What a test sees: the board's file, the vendors, and the product behind HTTP and a command line."""

    board: Unknown
    vendors: Vendors
    product: Product
    session: aiohttp.ClientSession

    async def to_slack(self, signed: Signed) -> tuple[int, str]:
        """Deliver something of Slack's; status and body."""
        return await self._post("/slack/events", signed)

    async def to_teams(self, signed: Signed) -> tuple[int, str]:
        """Deliver something of Teams'."""
        return await self._post("/api/messages", signed)

    async def _post(self, path: str, signed: Signed) -> tuple[int, str]:
        async with self.session.post(self.product.base + path, data=signed.body, headers=signed.headers) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def outside(database_url: str, tmp_path: Path) -> AsyncIterator[Outside]:
    """An unknown board, imported; nothing is served yet."""
    async with outside_with(database_url, tmp_path) as made:
        yield made


@contextlib.asynccontextmanager
async def outside_with(database_url: str, tmp_path: Path) -> AsyncIterator[Outside]:
    """The same on this empty database."""
    board = Unknown()
    vendors = Vendors(free_port(), board.team, board.tenant, secrets.token_hex(16))
    environment = {
        "DATABASE_URL": database_url,
        "FOLKMOOT_SECRET_KEY": secrets.token_hex(32),
        "SLACK_CLIENT_ID": "1234.5678",  # so that there is something to install, beside the one workspace's own token
        "SLACK_CLIENT_SECRET": secrets.token_hex(16),
        "REQUESTS_PER_PERSON": "0",  # the crowd of a test is two people, and all that they send has to be looked at
        **vendors.environment,
    }
    product = Product(environment, free_port(), tmp_path)
    runner = web.AppRunner(vendors.app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", vendors.port).start()
    file = tmp_path / "board.toml"
    file.write_text(board.toml(vendors.teams.service_url, vendors.app_id))
    await product.run("import", str(file))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:
        yield Outside(board, vendors, product, session)
    await runner.cleanup()
