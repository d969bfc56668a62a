"""Carrying out one claim: draw late, send, and finish only where the lease is still ours."""

import asyncio
import datetime
import logging
import random
import secrets
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card
from core.drawing import Drawer
from core.errors import Incomplete, NotYet, SendFailed
from core.outbox import Outgoing, Posting
from core.partners import queries as partners
from core.requests import Address, Clock, Messenger, Posted
from core.transactions import Transactions, Unavailable

log = logging.getLogger(__name__)

BETWEEN_EDITS = datetime.timedelta(seconds=1)
ATTEMPTS = 8
AT_ONCE = 32  # sends under way in each tool, so that a tool that hangs takes no other's turn
ENOUGH = datetime.timedelta(seconds=12)  # what must be left of a lease: an adapter's HTTP timeout is 10 s


class Sender:
    """Sends what its courier has claimed as `owner`; no transaction is open during HTTP."""

    def __init__(
        self, transactions: Transactions, drawer: Drawer, messengers: Mapping[str, Messenger], clock: Clock
    ) -> None:
        self.owner = secrets.token_hex(8)
        self._transactions = transactions
        self._drawer = drawer
        self._messengers = messengers
        self._clock = clock
        self._gates = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(AT_ONCE))
        self._looking = asyncio.Semaphore(4)  # a thousand reminders at once must leave connections for clicks

    async def deliver(self, message: Outgoing) -> None:
        """Post a claimed message, unless there is nothing left to say or nowhere to say it. Raises Unavailable."""
        async with self._looking:
            address = await self._address_of(message)
        if address is None:
            await self._finish_outgoing(message, state="parked", error="nowhere to send it to")
            return
        async with self._gates[address.tool]:
            if self._too_late(message):  # waited too long for its turn: another server may have it by now
                await self._finish_outgoing(message, state="waiting")
                return
            try:
                await self._post(message, address)
            except Unavailable:
                raise
            except Exception:
                log.exception("a message could not be drawn or sent", extra={"key": message.key})
                await self._put_off(message, SendFailed("unsure", "a fault of our own; see the log"))

    async def _post(self, message: Outgoing, address: Address) -> None:
        try:
            version, card = await self._card_of(message)
        except NotYet as unwelcome:
            await self._finish_outgoing(message, state="waiting", due_at=unwelcome.until)
            return
        if card is None:
            await self._finish_outgoing(message, state="moot")
            return
        again = message.attempts > 1
        try:
            posted = await self._messengers[address.tool].post(address, card, stamp=message.key, again=again)
        except SendFailed as failure:
            await self._put_off(message, failure)
            return
        await self._transactions.write(
            lambda session: self._mark_sent(session, message, address, posted, version), ahead=True
        )

    def _too_late(self, claimed: Outgoing | Posting) -> bool:
        return claimed.leased_until is None or claimed.leased_until - self._clock.now() < ENOUGH

    async def _card_of(self, message: Outgoing) -> tuple[int, Card | None]:
        board = message.partnership_id
        try:
            view = await self._drawer.params(board, message.view, message.args)
        except (Incomplete, KeyError):
            return 0, None
        if message.subject is not None:
            return await self._drawer.draw_live(board, message.subject, view)
        return 0, await self._drawer.draw(board, view)

    async def _address_of(self, message: Outgoing) -> Address | None:
        board, room, member = message.partnership_id, message.room_id, message.member_id

        async def find(session: AsyncSession) -> Address | None:
            if room is not None:
                return await partners.room_address(session, board, room)
            return await partners.member_address(session, board, member or 0)

        address = await self._transactions.read(find)
        return address if address is not None and address.tool in self._messengers else None

    async def _mark_sent(
        self, session: AsyncSession, message: Outgoing, address: Address, posted: Posted, version: int
    ) -> None:
        now = self._clock.now()
        ours = await session.execute(
            update(Outgoing)
            .where(Outgoing.id == message.id, Outgoing.owner == self.owner, Outgoing.attempts == message.attempts)
            .values(state="sent", owner=None, leased_until=None, sent_at=now, error="")
            .returning(Outgoing.id)
        )
        if ours.scalar_one_or_none() is None or message.subject is None:
            return
        session.add(
            Posting(
                partnership_id=message.partnership_id,
                subject=message.subject,
                view=message.view,
                args=message.args,
                tool=address.tool,
                workspace=address.workspace,
                conversation=posted.conversation,
                message=posted.message,
                service_url=address.service_url,
                bot=address.bot,
                shown=version,
                edit_at=now + BETWEEN_EDITS,
                created_at=now,
            )
        )

    async def _put_off(self, message: Outgoing, failure: SendFailed) -> None:
        log.warning("not sent", extra={"key": message.key, "kind": failure.kind, "reason": failure.reason})
        if failure.kind == "never":
            await self._finish_outgoing(message, state="parked", error=failure.reason)
        elif message.attempts >= ATTEMPTS:
            await self._finish_outgoing(message, state="dead", error=failure.reason)
        else:
            due_at = self._clock.now() + _pause(message.attempts, failure)
            await self._finish_outgoing(message, state="waiting", error=failure.reason, due_at=due_at)

    async def _finish_outgoing(
        self, message: Outgoing, *, state: str, error: str = "", due_at: datetime.datetime | None = None
    ) -> None:
        """Only where the lease is still ours: who lost it has nothing to say any more."""
        values: dict[str, Any] = {"state": state, "owner": None, "leased_until": None, "error": error[:300]}
        if due_at is not None:
            values["due_at"] = due_at
        await self._transactions.write(
            lambda session: session.execute(
                update(Outgoing)
                .where(Outgoing.id == message.id, Outgoing.owner == self.owner, Outgoing.attempts == message.attempts)
                .values(**values)
            ),
            ahead=True,
        )

    async def redraw(self, posting: Posting) -> None:
        """Redraw a claimed card from the state as it is now. Raises Unavailable."""
        messenger = self._messengers.get(posting.tool)
        if messenger is None:
            await self._finish_posting(posting, edit_at=self._clock.now() + datetime.timedelta(minutes=5))
            return
        async with self._gates[posting.tool]:
            if self._too_late(posting):
                await self._finish_posting(posting)
                return
            await self._redraw(posting, messenger)

    async def _redraw(self, posting: Posting, messenger: Messenger) -> None:
        try:
            view = await self._drawer.params(posting.partnership_id, posting.view, posting.args)
            version, card = await self._drawer.draw_live(posting.partnership_id, posting.subject, view)
        except (Incomplete, KeyError):
            version, card = 0, None
        if card is None:
            await self._finish_posting(posting, state="gone")
            return
        address = Address(
            tool="slack" if posting.tool == "slack" else "teams",
            workspace=posting.workspace,
            conversation=posting.conversation,
            service_url=posting.service_url,
            bot=posting.bot,
        )
        try:
            await messenger.update(address, posting.message, card)
        except SendFailed as failure:
            log.warning(
                "not redrawn", extra={"subject": posting.subject, "kind": failure.kind, "reason": failure.reason}
            )
            if failure.kind == "never":
                await self._finish_posting(posting, state="gone")
            else:
                # An edit that failed may have been made all the same, so the next keeps its distance, too.
                pause = max(BETWEEN_EDITS, _pause(posting.attempts, failure))
                await self._finish_posting(posting, edit_at=self._clock.now() + pause)
            return
        await self._finish_posting(posting, shown=version, attempts=0, edit_at=self._clock.now() + BETWEEN_EDITS)

    async def _finish_posting(self, posting: Posting, **values: Any) -> None:
        await self._transactions.write(
            lambda session: session.execute(
                update(Posting)
                .where(Posting.id == posting.id, Posting.owner == self.owner)
                .values(owner=None, leased_until=None, **values)
            ),
            ahead=True,
        )


def _pause(attempt: int, failure: SendFailed) -> datetime.timedelta:
    """What the platform asked for; else full jitter, so that many that failed together don't come back together."""
    if failure.retry_after is not None:
        return datetime.timedelta(seconds=failure.retry_after + random.uniform(0, 0.5))  # noqa: S311
    longest = 60.0 if failure.kind == "paused" else min(300.0, 2.0**attempt)
    return datetime.timedelta(seconds=random.uniform(0.5, max(1.0, longest)))  # noqa: S311
