"""Carrying out one claim: draw late, send, and finish only where the lease is still ours."""

import asyncio
import datetime
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

from core.cards import Card
from core.claims import LEASE, address_of
from core.db import DatabaseTime
from core.drawing import AT_ONCE, Drawer
from core.errors import Incomplete, NotYet, SendFailed
from core.finishing import BETWEEN_EDITS, Finisher
from core.meter import CAUSE, Meter
from core.outbox import Outgoing, Posting
from core.pacing import lane_of
from core.requests import Address, Clock, Messenger, Posted
from core.transactions import Transactions, Unavailable

log = logging.getLogger(__name__)

ATTEMPTS = 8
ENOUGH = 12.0  # seconds that must be left of a lease to begin: an adapter's HTTP timeout is 10 s
SPARE = 3.0  # seconds of the lease that sending must leave for writing what came of it
OURS = SendFailed("later", "a fault of our own; see the log")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a send tells about its platform: went well, badly, or (None) nothing; and for how long to leave it alone."""

    well: bool | None = None
    retry_after: float | None = None


class Sender:
    """Sends what its courier has claimed as `owner`; no transaction is open during HTTP."""

    def __init__(
        self,
        transactions: Transactions,
        drawer: Drawer,
        messengers: Mapping[str, Messenger],
        clock: Clock,
        meter: Meter,
        owner: str,
    ) -> None:
        self.owner = owner
        self.finisher = Finisher(transactions, clock, self.owner)
        self._drawer = drawer
        self._messengers = messengers
        self._clock = clock
        self._meter = meter
        self._drawing = asyncio.Semaphore(AT_ONCE)

    async def deliver(self, message: Outgoing, address: Address | None, claimed: float) -> Outcome:
        """Post a claimed message, unless there is nothing left to say or nowhere to say it. Raises Unavailable.

        claimed: when it was, by `time.monotonic()`.
        """
        CAUSE.set(message.cause)
        if message.expires_at is not None and message.expires_at <= self._clock.now():
            await self.finisher.outgoing(message, state="moot", error="nobody wants it any more")
            return Outcome()
        if address is None:
            await self.finisher.park(message, SendFailed("never", "nowhere to send it to"))
            return Outcome()
        try:
            version, card = await self._card_of(message)
        except Unavailable:
            raise
        except NotYet as unwelcome:
            await self.finisher.hand_back(message, due_at=unwelcome.until)
            return Outcome()
        except Exception:
            log.exception("a message could not be drawn", extra={"key": message.key})
            return await self._failed(message, address, OURS)
        if card is None:
            await self.finisher.outgoing(message, state="moot")
            return Outcome()
        left = _left(claimed)
        if left < ENOUGH:  # the machine slept, or the database was slow: another server may have it soon
            await self.finisher.hand_back(message, lane=lane_of(address))
            return Outcome()
        try:
            posted = await self._post(message, address, card, left - SPARE)
        except SendFailed as failure:
            return await self._failed(message, address, failure)
        self._meter.count("sends", address.tool, "post", "sent")
        log.info("sent", extra={"key": message.key, "request": message.cause, "tool": address.tool})
        await self.finisher.sent(message, address, posted, version)
        return Outcome(well=True)

    async def _post(self, message: Outgoing, address: Address, card: Card, seconds: float) -> Posted:
        """Post it. Raises SendFailed and nothing else, in time for the lease."""
        try:
            async with asyncio.timeout(seconds):
                messenger = self._messengers[address.tool]
                return await messenger.post(address, card, stamp=message.key, again=message.doubt)
        except SendFailed:
            raise
        except TimeoutError:
            raise SendFailed("unsure", "no end within the lease") from None
        except Exception:
            log.exception("a message could not be sent", extra={"key": message.key})
            raise SendFailed("unsure", OURS.reason) from None

    async def _card_of(self, message: Outgoing) -> tuple[int, Card | None]:
        board = message.partnership_id
        try:
            view = await self._drawer.params(board, message.view, message.args)
        except (Incomplete, KeyError):
            return 0, None
        if message.subject is not None:
            return await self._drawer.draw_live(board, message.subject, view)
        async with self._drawing:
            return 0, await self._drawer.draw(board, view)

    async def _failed(self, message: Outgoing, address: Address, failure: SendFailed) -> Outcome:
        self._meter.count("sends", address.tool, "post", failure.kind)
        log.warning(
            "not sent",
            extra={
                "key": message.key,
                "kind": failure.kind,
                "reason": failure.reason,
                "attempt": message.attempts,
                "request": message.cause,
            },
        )
        if failure.kind == "never":
            await self.finisher.park(message, failure)
            return Outcome()
        if failure.kind == "paused":
            await self.finisher.pause(lane_of(address), failure.reason)
            await self.finisher.hand_back(message, error=failure.reason, lane="" if message.member_id else message.lane)
            return Outcome()
        doubt = message.doubt or failure.kind == "unsure"
        if message.attempts >= ATTEMPTS:
            log.error("given up", extra={"key": message.key, "reason": failure.reason, "request": message.cause})
            await self.finisher.outgoing(message, state="dead", error=failure.reason, doubt=doubt)
        else:
            due_at = self._clock.now() + datetime.timedelta(seconds=_pause(message.attempts, failure))
            await self.finisher.outgoing(message, state="waiting", error=failure.reason, due_at=due_at, doubt=doubt)
        return Outcome(well=None if failure.reason == OURS.reason else False, retry_after=failure.retry_after)

    async def redraw(self, posting: Posting, claimed: float) -> Outcome:
        """Redraw a claimed card from the state as it is now. Raises Unavailable."""
        try:
            version, card = await self._card_at(posting)
        except Unavailable:
            raise
        except Exception:
            log.exception("a card could not be drawn", extra={"subject": posting.subject})
            return await self._not_redrawn(posting, OURS)
        if card is None:
            await self.finisher.posting(posting, state="gone")
            return Outcome()
        left = _left(claimed)
        if left < ENOUGH:
            await self.finisher.posting(posting)
            return Outcome()
        try:
            async with asyncio.timeout(left - SPARE):
                await self._messengers[posting.tool].update(address_of(posting), posting.message, card)
        except SendFailed as failure:
            return await self._not_redrawn(posting, failure)
        except TimeoutError:
            return await self._not_redrawn(posting, SendFailed("later", "no end within the lease"))
        except Exception:
            log.exception("a card could not be redrawn", extra={"subject": posting.subject})
            return await self._not_redrawn(posting, OURS)
        self._meter.count("sends", posting.tool, "edit", "sent")
        await self.finisher.posting(posting, shown=version, attempts=0, edit_at=DatabaseTime(BETWEEN_EDITS))
        return Outcome(well=True)

    async def _card_at(self, posting: Posting) -> tuple[int, Card | None]:
        try:
            view = await self._drawer.params(posting.partnership_id, posting.view, posting.args)
        except (Incomplete, KeyError):
            return 0, None
        return await self._drawer.draw_live(posting.partnership_id, posting.subject, view)

    async def _not_redrawn(self, posting: Posting, failure: SendFailed) -> Outcome:
        self._meter.count("sends", posting.tool, "edit", failure.kind)
        log.warning("not redrawn", extra={"subject": posting.subject, "kind": failure.kind, "reason": failure.reason})
        if failure.kind == "never":
            await self.finisher.gone(posting, failure)
            return Outcome()
        if failure.kind == "paused":
            await self.finisher.pause(f"{posting.tool}:{posting.workspace}", failure.reason)
        # An edit that failed may have been made all the same, so the next keeps its distance, too.
        pause = max(BETWEEN_EDITS, _pause(posting.attempts, failure))
        await self.finisher.posting(posting, edit_at=DatabaseTime(pause))
        if failure.kind == "paused" or failure is OURS:
            return Outcome()
        return Outcome(well=False, retry_after=failure.retry_after)


def _left(claimed: float) -> float:
    """Seconds that are left of a lease which was asked for at that moment."""
    return LEASE - (time.monotonic() - claimed)


def _pause(attempt: int, failure: SendFailed) -> float:
    """Seconds: what the platform asked for; else full jitter, so that many that failed together come back apart."""
    if failure.retry_after is not None:
        return failure.retry_after + random.uniform(0, 0.5)  # noqa: S311
    longest = min(300.0, 2.0 ** min(attempt, 16))
    return random.uniform(0.5, max(1.0, longest))  # noqa: S311
