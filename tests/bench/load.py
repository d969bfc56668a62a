"""The load: prepared requests over several kept connections, each sending its next when the last is answered.

A bare asyncio.Protocol, because a client library would cost more than the servers that it is to measure.
"""

import asyncio
import itertools
import statistics
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.outside.wire import Signed


@dataclass(slots=True)
class Outcome:
    """What a run showed: milliseconds of each answer, how often each status came, and how long it took."""

    ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers per second."""
        return len(self.ms) / self.seconds if self.seconds else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")

    @property
    def median(self) -> float:
        """The middle answer's milliseconds."""
        return statistics.median(self.ms) if self.ms else float("nan")

    @property
    def whole(self) -> bool:
        """Whether every answer was a 200."""
        return bool(self.ms) and self.statuses.keys() == {200}


def raw(path: str, signed: Signed) -> bytes:
    """The request as it goes over the wire."""
    headers = "".join(f"{name}: {value}\r\n" for name, value in signed.headers.items())
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}Content-Length: {len(signed.body)}\r\n\r\n"
    return head.encode() + signed.body


class _Connection(asyncio.Protocol):
    """One kept connection: sends, waits for the whole answer, sends again."""

    def __init__(self, requests: Iterator[bytes], outcome: Outcome, until: float) -> None:
        self._requests, self._outcome, self._until = requests, outcome, until
        self._got = bytearray()
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        self._sent = time.perf_counter()
        if request is None or self._sent >= self._until:
            self._transport.close()
            return
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, mark, body = self._got.partition(b"\r\n\r\n")
        if not mark:
            return
        lowered = head.lower()
        place = lowered.find(b"content-length:")
        length = int(lowered[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
        if len(body) < length:
            return
        self._outcome.statuses[int(head[9:12])] += 1
        self._outcome.ms.append((time.perf_counter() - self._sent) * 1000)
        self._got.clear()
        if b"connection: close" in lowered:
            self._transport.close()
        else:
            self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._got or exc is not None:
            self._outcome.statuses[0] += 1
        if not self.done.done():
            self.done.set_result(None)


async def press(
    port: int, requests: Iterable[bytes], *, connections: int = 64, seconds: float = 0.0, patience: float = 30.0
) -> Outcome:
    """Send the requests in turn for so many seconds, or until each was sent once."""
    outcome = Outcome()
    taken = iter(requests)
    loop = asyncio.get_running_loop()
    started = time.perf_counter()
    until = started + (seconds or patience)
    made = await asyncio.gather(
        *(
            loop.create_connection(lambda: _Connection(taken, outcome, until), "127.0.0.1", port)
            for _ in range(connections)
        )
    )
    waiting = asyncio.gather(*(protocol.done for _, protocol in made))
    try:
        await asyncio.wait_for(waiting, (seconds or 0) + patience)
    except TimeoutError:
        outcome.statuses[0] += 1
    outcome.seconds = time.perf_counter() - started
    return outcome


async def paced(
    port: int, requests: Iterable[bytes], *, rate: float, seconds: float, connections: int = 100
) -> Outcome:
    """So many requests a second, whether or not the server keeps up; each is timed from when it should have gone."""
    outcome, taken, numbers = Outcome(), iter(requests), itertools.count()
    started = time.perf_counter()

    async def worker() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (due := started + 0.5 + next(numbers) / rate) < started + 0.5 + seconds:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            writer.write(next(taken))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            place = head.find(b"content-length:")
            await reader.readexactly(int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0)
            outcome.statuses[int(head[9:12])] += 1
            outcome.ms.append((time.perf_counter() - due) * 1000)
        writer.close()

    await asyncio.gather(*(worker() for _ in range(connections)))
    outcome.seconds = time.perf_counter() - started
    return outcome
