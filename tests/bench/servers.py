"""Servers as processes of their own: started, asked until they answer, measured, stopped."""

import asyncio
import contextlib
import os
import resource
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = resource.getpagesize()


@dataclass(slots=True)
class Server:
    """A running server."""

    name: str
    port: int
    process: asyncio.subprocess.Process
    ready_in: float

    def cpu(self) -> float:
        """Seconds of processor time that it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def resident(self) -> float:
        """Its memory in MB."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * _PAGE / 1e6

    async def kill(self) -> None:
        """SIGKILL, as an operator's machine might."""
        self.process.kill()
        await self.process.wait()


@contextlib.asynccontextmanager
async def serving(
    name: str, port: int, *arguments: str, env: Mapping[str, str] | None = None, log: Path, ask: str = "/healthz"
) -> AsyncIterator[Server]:
    """`python -m ARGUMENTS` until the end of the block; ready once `ask` is answered with 200."""
    base = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": ""}
    started = time.perf_counter()
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments, cwd=log.parent, env={**base, **(env or {})}, stdout=output, stderr=output
        )
    try:
        await _answering(process, port, ask, name, log)
        yield Server(name, port, process, time.perf_counter() - started)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), 15)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _answering(process: asyncio.subprocess.Process, port: int, ask: str, name: str, log: Path) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(3000):
            if process.returncode is not None:
                raise RuntimeError(f"{name} did not start: {log.read_text()[-2000:]}")
            with contextlib.suppress(aiohttp.ClientError, OSError):
                async with session.get(f"http://127.0.0.1:{port}{ask}") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.01)
    raise RuntimeError(f"{name} does not answer: {log.read_text()[-2000:]}")
