"""The product as an operator has it: its command line and its processes. Nothing of it is imported."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp

ROOT = Path(__file__).resolve().parents[2]


class Product:
    """`folkmoot` with one environment, in a directory of its own, where no .env lies."""

    def __init__(self, environment: Mapping[str, str], port: int, home: Path) -> None:
        self.port, self.home = port, home
        self.base = f"http://127.0.0.1:{port}"
        self.log = home / "server.log"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}  # noqa: TID251
        self.environment = {
            **kept,
            **environment,
            "PORT": str(port),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    async def run(self, *words: str, expect: int = 0) -> str:
        """Run one command to its end; what it printed."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot.cli", *words),
            env=self.environment,
            cwd=self.home,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(process.communicate(), 60)
        assert process.returncode == expect, (words, process.returncode, out.decode(), err.decode())
        return out.decode()

    async def export(self) -> dict[str, Any]:
        """`folkmoot export --format json`."""
        exported: dict[str, Any] = json.loads(await self.run("export", "--format", "json"))
        return exported

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """`folkmoot serve`, from ready to SIGTERM. Its log is appended to `log`."""
        with self.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "serve"), env=self.environment, cwd=self.home, stdout=log, stderr=log
            )
        try:
            await self.ready(process)
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
                try:
                    await asyncio.wait_for(process.wait(), 20)
                except TimeoutError:
                    process.kill()
                    await process.wait()

    async def ready(self, process: asyncio.subprocess.Process, *, seconds: float = 60) -> None:
        """Wait until /readyz says 200."""
        async with aiohttp.ClientSession() as session, asyncio.timeout(seconds):
            while process.returncode is None:
                with contextlib.suppress(aiohttp.ClientError):
                    async with session.get(f"{self.base}/readyz") as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)
        raise AssertionError(f"the server ended: {self.log.read_text()[-2000:]}")

    def memory(self, process: asyncio.subprocess.Process) -> float:
        """Resident memory in MiB."""
        status = Path(f"/proc/{process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
