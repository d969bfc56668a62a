"""The demo as a person starts it: a process of its own, and a page to look at it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.world import free_port


@pytest.fixture
async def demo(tmp_path: Path) -> AsyncIterator[str]:
    """The address of a demo that has just been started; its log is shown when a test fails."""
    port = free_port()
    environment = os.environ | {  # noqa: TID251 - the child needs PATH and the like
        "PORT": str(port),
        "DATABASE_URL": f"sqlite+aiosqlite:///{tmp_path}/demo.db",
    }
    with (tmp_path / "demo.log").open("w") as log:
        child = subprocess.Popen([sys.executable, "-m", "bot.cli", "demo"], env=environment, stdout=log, stderr=log)
        try:
            yield await _answering(f"http://127.0.0.1:{port}", child, tmp_path / "demo.log")
        finally:
            child.terminate()
            code = await asyncio.to_thread(child.wait, 20)
            print((tmp_path / "demo.log").read_text())
    assert code == 0, "the demo stops cleanly when it is told to"


async def _answering(address: str, child: "subprocess.Popen[bytes]", log: Path) -> str:
    async with aiohttp.ClientSession() as session:
        for _ in range(300):
            if child.poll() is not None:
                raise AssertionError(f"the demo ended at once:\n{log.read_text()}")
            try:
                async with session.get(f"{address}/healthz") as response:
                    if response.status == 200:
                        return address
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise AssertionError("the demo did not start within 30 s")
