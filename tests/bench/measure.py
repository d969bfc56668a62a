"""What every goal is measured with: runs that alternate, their medians, and the lines of the table."""

import asyncio
import contextlib
import pathlib
import statistics
import time
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench import boards, load
from tests.bench.boards import Size
from tests.bench.servers import Server
from tests.bench.stage import Cards, Databases, Vendor, folkmoot, vendors

KINDS = ("SQLite", "PostgreSQL")
BOARD = Size("board", organisations=64, people=128)


@dataclass(slots=True)
class Line:
    """One line of the table."""

    goal: str
    what: str
    ours: str
    against: str
    ratio: str
    holds: bool | None = None


@dataclass(slots=True)
class Bench:
    """What every goal works with. `seconds`: of one run; `rounds`: how often each side has its turn."""

    databases: Databases
    directory: pathlib.Path
    seconds: float = 1.2
    rounds: int = 7
    lines: list[Line] = field(default_factory=list)
    say: Callable[[Line], None] = print

    def line(self, goal: str, what: str, ours: str, against: str, ratio: str, holds: bool | None = None) -> None:
        """Note and show a line."""
        made = Line(goal, what, ours, against, ratio, holds)
        self.lines.append(made)
        self.say(made)


@dataclass(slots=True)
class Measured:
    """The median of several runs: answers a second, and processor microseconds an answer."""

    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)
    p99s: list[float] = field(default_factory=list)

    def cost_against(self, other: "Measured") -> float:
        """What one costs as a multiple of the other: the median over rounds, since a machine's mood outlasts one."""
        return statistics.median(mine / theirs for mine, theirs in zip(self.costs, other.costs, strict=True))

    @property
    def rate(self) -> float:
        """Answers a second."""
        return statistics.median(self.rates)

    @property
    def cost(self) -> float:
        """Microseconds of the server's processor time for each."""
        return statistics.median(self.costs)

    def __str__(self) -> str:
        return f"{self.rate:,.0f}/s, {self.cost:,.0f} us, p99 {statistics.median(self.p99s):,.0f} ms"


async def run(server: Server, requests: Iterable[bytes], into: Measured, *, seconds: float, connections: int) -> None:
    """One run against one server."""
    before = server.cpu()
    outcome = await load.press(server.port, requests, connections=connections, seconds=seconds)
    if not outcome.whole:
        raise RuntimeError(f"{server.name} answered {dict(outcome.statuses)}")
    into.rates.append(outcome.rate)
    into.costs.append((server.cpu() - before) / len(outcome.ms) * 1e6)
    into.p99s.append(outcome.percentile(0.99))


async def alternate(bench: Bench, sides: Sequence[tuple[Server, Callable[[], Iterable[bytes]]]]) -> list[Measured]:
    """Each side in turn, so that a machine's moods hit all alike; a short run first warms each up."""
    measured = [Measured() for _ in sides]
    for server, requests in sides:
        await run(server, requests(), Measured(), seconds=0.4, connections=64)
    for _ in range(bench.rounds):
        for (server, requests), into in zip(sides, measured, strict=True):
            await run(server, requests(), into, seconds=bench.seconds, connections=64)
    return measured


@contextlib.asynccontextmanager
async def ours(bench: Bench, kind: str, *sizes: Size) -> AsyncIterator[tuple[Server, Vendor, list[Cards], str]]:
    """Our server on a fresh database with these boards, their cards posted."""
    url = bench.databases.fresh(kind)
    async with vendors(bench.directory) as vendor:
        await boards.write(url, vendor.base, *sizes)
        async with folkmoot(url, vendor, bench.directory) as server:
            yield server, vendor, [await vendor.cards(size) for size in sizes], url


async def quiet(server: Server, at_most: float = 60) -> None:
    """Wait until the server has nothing to do for a second, but no longer than so many seconds."""
    ends = time.monotonic() + at_most
    busy = 1.0
    while busy > 0.1 and time.monotonic() < ends:
        before = server.cpu()
        await asyncio.sleep(1)
        busy = server.cpu() - before


def times(ratio: float) -> str:
    """A ratio as it is printed."""
    return f"{ratio:.2f} x"
