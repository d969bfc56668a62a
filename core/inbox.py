"""A delivery seen twice has one effect: Slack's retries, Teams' re-sends, a signed request that is replayed.

What this server has done lately it remembers with the reply, which is then given again. What another server did, or
this one before it was restarted, stands in the table of deliveries, but for commands that may be repeated.
"""

import asyncio
import contextlib
import datetime
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import insert_or, table_of
from core.meter import Meter
from core.outbox import Delivery
from core.requests import Reply, Request
from core.transactions import Unavailable

log = logging.getLogger(__name__)

DONE_ALREADY = "That was done already, so it was not done again. Type home to see how things stand."
AGAIN_SECONDS = 600  # a signature is good for five minutes on either side
REMEMBERED = 50_000  # deliveries
SLOW_SECONDS = 10.0  # what took longer may be sent again by Teams, after 15 s and perhaps under another id


@dataclass(slots=True)
class _Done:
    began: float
    reply: asyncio.Future[Reply]
    took: float = 0.0

    def may_be_sent_anew(self) -> bool:
        return not self.reply.done() or self.took >= SLOW_SECONDS


class Inbox:
    """What one server remembers of its deliveries."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._recent: OrderedDict[str, _Done] = OrderedDict()

    async def once(self, request: Request, command: str, do: Callable[[], Awaitable[Reply]]) -> Reply:
        """Do it, or give the reply of the same delivery that was done lately. Raises what doing it raises.

        So a vote that is replayed after its voter has changed sides changes nothing.
        """
        who = f"{request.actor.tool}:{request.actor.workspace}:{request.actor.user}:{command}"
        delivery, twin = f"{who}:{request.delivery}", f"{who}::{request.twin}" if request.twin else ""
        known = self._known(delivery, twin)
        if known is not None:
            self._meter.count("deduped", request.actor.tool)
            log.info("delivered again", extra={"command": command, "source": request.source})
            return await asyncio.shield(known.reply)
        done = _Done(time.monotonic(), asyncio.get_running_loop().create_future())
        self._recent[delivery] = done
        if twin:
            self._recent[twin] = done
        try:
            reply = await do()
        except BaseException as error:
            for key in (delivery, twin):  # nothing was done, so it may be tried again
                self._recent.pop(key, None)
            done.reply.set_exception(error if isinstance(error, Exception) else Unavailable("given up"))
            done.reply.exception()  # whoever waits hears of it; if nobody does, that is no fault
            raise
        done.took = time.monotonic() - done.began
        done.reply.set_result(reply)
        return reply

    def _known(self, delivery: str, twin: str) -> _Done | None:
        moment = time.monotonic()
        with contextlib.suppress(StopIteration):
            while len(self._recent) > REMEMBERED or next(iter(self._recent.values())).began < moment - AGAIN_SECONDS:
                self._recent.popitem(last=False)
        if delivery in self._recent:
            return self._recent[delivery]
        same = self._recent.get(twin)
        return same if same is not None and same.may_be_sent_anew() else None

    async def note(self, session: AsyncSession, requests: Sequence[Request], now: datetime.datetime) -> Sequence[bool]:
        """Write down deliveries that must not be carried out twice, by whichever server; which of them are new."""
        keys = [_key(request) for request in requests]
        rows = [{"key": key, "at": now} for key in sorted(set(keys)) if key]
        if not rows:
            return [True] * len(keys)
        statement = insert_or(session, _DELIVERY).on_conflict_do_nothing().returning(_DELIVERY.c.key)
        taken = set((await session.execute(statement, rows)).scalars())
        fresh = []
        for request, key in zip(requests, keys, strict=True):
            fresh.append(not key or key in taken)
            taken.discard(key)
            if not fresh[-1]:
                self._meter.count("deduped", request.actor.tool)
        return fresh

    async def forget(self, session: AsyncSession, requests: Sequence[Request]) -> None:
        """These were noted, and then nothing was done."""
        await session.execute(delete(_DELIVERY).where(_DELIVERY.c.key.in_([_key(request) for request in requests])))


_DELIVERY = table_of(Delivery)


def _key(request: Request) -> str:
    actor = request.actor
    return f"{actor.tool}:{actor.workspace}:{request.delivery}"[:300] if request.delivery else ""
