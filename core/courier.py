"""Carries what is due to the tools: claim, render late, send, finish. Nothing is open at the database during HTTP.

Two kinds of work: an Outgoing row is a message to be posted once; a stale Posting is a card to be redrawn from
the state as it is now, at once after the first change and then at most once a second.
"""

import asyncio
import contextlib
import datetime
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from core.claims import HELPING, anything_due, claim, next_due
from core.drawing import Drawer
from core.requests import Clock, Messenger
from core.sending import Sender
from core.transactions import Transactions, Unavailable

log = logging.getLogger(__name__)

AT_ONCE = 32  # conversations served at the same time
IDLE_SECONDS = 5.0
NAP_SECONDS = 0.05  # between rounds while there is work, so that changes gather


class Courier:
    """One server's courier. Wake it after a commit; it also looks by itself every few seconds."""

    def __init__(
        self, transactions: Transactions, drawer: Drawer, messengers: Mapping[str, Messenger], clock: Clock
    ) -> None:
        self._transactions = transactions
        self._clock = clock
        self._sender = Sender(transactions, drawer, messengers, clock)
        self._woken = asyncio.Event()
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._queues: dict[tuple[str, str, str], asyncio.Lock] = {}
        self._under_way: set[asyncio.Task[None]] = set()
        self._stopping = False

    def wake(self) -> None:
        """Something may be due now."""
        self._woken.set()

    async def run(self) -> None:
        """Serve until `stop`; a database that cannot be reached is asked again later."""
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

    async def stop(self) -> None:
        """Take nothing new, and finish what is under way."""
        self._stopping = True
        self.wake()
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=10)

    async def _round(self) -> float:
        """Claim what is due and set it going; how long there is nothing more to do, in seconds."""
        now = self._clock.now()
        if not await self._transactions.read(lambda session: anything_due(session, now)):
            return await self._until_next(now)
        messages, postings = await self._transactions.write(lambda session: claim(session, self._sender.owner, now))
        for message in messages:
            self._set_going(
                self._sender.deliver(message), (f"{message.room_id or ''}", f"{message.member_id or ''}", "")
            )
        for posting in postings:
            self._set_going(self._sender.redraw(posting), (posting.tool, posting.workspace, posting.conversation))
        return 0.0 if len(messages) == HELPING or len(postings) == HELPING else await self._until_next(now)

    async def _until_next(self, now: datetime.datetime) -> float:
        upcoming = await self._transactions.read(next_due)
        if upcoming is None:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.0, (upcoming - now).total_seconds()))

    def _set_going(self, work: Coroutine[Any, Any, None], line: tuple[str, str, str]) -> None:
        """Each conversation is served in order, and a slow one keeps none of the others waiting."""

        async def in_turn() -> None:
            lock = self._queues.setdefault(line, asyncio.Lock())
            async with lock, self._gate:
                try:
                    await work
                except Unavailable:
                    log.warning("the database went away while sending; the lease will run out")
                except Exception:
                    log.exception("sending stumbled")
            if not lock.locked() and self._queues.get(line) is lock:
                del self._queues[line]
            self.wake()

        task = asyncio.create_task(in_turn())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
