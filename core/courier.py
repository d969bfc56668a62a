"""Carries what is due to the tools: claim, render late, send, finish. Nothing is open at the database during HTTP.

Two kinds of work: an Outgoing row is a message to be posted once; a stale Posting is a card to be redrawn from
the state as it is now, at once after the first change and then at most once a second.
"""

import asyncio
import contextlib
import datetime
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.claims import HELPING, anything_due, claim, next_due
from core.drawing import Drawer
from core.requests import Clock, Messenger
from core.sending import Sender
from core.transactions import Transactions, Unavailable

log = logging.getLogger(__name__)

IDLE_SECONDS = 5.0
NAP_SECONDS = 0.05  # between rounds while there is work, so that changes gather
STOP_SECONDS = 10.0  # for what is being sent when the server stops; a lease covers what is not finished


@dataclass(slots=True)
class _Line:
    """A conversation in which something is being sent, and how many wait or are served there."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: int = 0


class Courier:
    """One server's courier. Wake it after a commit; it also looks by itself every few seconds."""

    def __init__(
        self, transactions: Transactions, drawer: Drawer, messengers: Mapping[str, Messenger], clock: Clock
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._sender = Sender(transactions, drawer, messengers, clock)
        self._woken = asyncio.Event()
        self._lines: dict[tuple[str, str, str], _Line] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._messages: set[int] = set()  # keys of the Outgoing rows under way
        self._postings: set[int] = set()
        self._stopping = False

    def wake(self) -> None:
        """Something may be due now."""
        self._woken.set()

    async def run(self) -> None:
        """Serve until `stop`, then finish what is under way; a database that is away is asked again later."""
        while not self._stopping:
            self._woken.clear()
            pause = IDLE_SECONDS
            try:
                pause = await self._round()
            except Unavailable:
                log.warning("the courier cannot reach the database")
            except Exception:
                log.exception("the courier stumbled")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)
            await asyncio.sleep(NAP_SECONDS)
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=STOP_SECONDS)

    async def stop(self) -> None:
        """Take nothing new; `run` ends when what is under way is finished."""
        self._stopping = True
        self.wake()

    async def _round(self) -> float:
        """Claim what is due and set it going; how long there is nothing more to do, in seconds."""
        now = self._clock.now()
        busy = (frozenset(self._messages), frozenset(self._postings))
        if not await self._transactions.read(lambda session: anything_due(session, now, *busy)):
            return await self._until_next(now)
        messages, postings = await self._transactions.write(
            lambda session: claim(session, self._sender.owner, now, *busy), ahead=True
        )
        for message in messages:
            line = (f"{message.room_id or ''}", f"{message.member_id or ''}", "")
            self._set_going(self._sender.deliver(message), line, self._messages, message.id)
        for posting in postings:
            line = (posting.tool, posting.workspace, posting.conversation)
            self._set_going(self._sender.redraw(posting), line, self._postings, posting.id)
        return 0.0 if len(messages) == HELPING or len(postings) == HELPING else await self._until_next(now)

    async def _until_next(self, now: datetime.datetime) -> float:
        upcoming = await self._transactions.read(next_due)
        if upcoming is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.0, (upcoming - now).total_seconds()))

    def _set_going(
        self, work: Coroutine[Any, Any, None], where: tuple[str, str, str], under_way: set[int], key: int
    ) -> None:
        """Each conversation is served in order, and a slow one keeps none of the others waiting."""
        line = self._lines.setdefault(where, _Line())
        line.waiting += 1
        under_way.add(key)

        async def in_turn() -> None:
            try:
                async with line.lock:
                    await work
            except Unavailable:
                log.warning("the database went away while sending; the lease will run out")
            except Exception:
                log.exception("sending stumbled")
            finally:
                under_way.discard(key)
                line.waiting -= 1
                if not line.waiting:
                    del self._lines[where]
            self.wake()

        task = asyncio.create_task(in_turn())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
